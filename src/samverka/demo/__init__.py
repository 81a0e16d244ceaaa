"""A county to try the site with: its real parties and agreement, made-up people and work, all marked as examples.

Everything goes through the platform's own services, so that what the demonstration shows is what they do.
"""
