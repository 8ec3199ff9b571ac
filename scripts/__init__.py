"""Small commands around the centre; each has --help."""
