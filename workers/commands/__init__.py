"""The commands of `minyi`, one module per noun."""
