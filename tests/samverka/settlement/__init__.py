"""Settlement: from attested work to invoices, credit notes and corrections."""
