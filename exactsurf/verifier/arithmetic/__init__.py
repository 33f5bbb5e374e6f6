"""Numbers, tables and documents, read and computed with the standard library alone."""
