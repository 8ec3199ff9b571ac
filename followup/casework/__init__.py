"""Casework: verdicts, the life of a case, its number, working time and colours. Pure."""
