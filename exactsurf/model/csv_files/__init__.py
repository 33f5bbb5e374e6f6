"""CSV files, read exactly: bytes to lines, records, cells and columns, and what is refused at its place."""
