"""Assessing: ratios with their n, positions and their change, the month of a surveyor. Pure."""
