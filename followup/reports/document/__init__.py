"""What a report is before it is a file: figures, sentences bound to them, tables and charts. Pure."""
