"""Reports: one model each, and what renders it. Reads only."""
