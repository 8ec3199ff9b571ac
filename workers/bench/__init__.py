"""How fast parts of Minyi are, measured beside something that does the same: `minyi bench`."""
