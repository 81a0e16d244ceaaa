"""The pages that belong to no app: front page, addresses, what the site looks like."""
