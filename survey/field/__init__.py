"""The field: what an attempt came to, when people may be contacted, and what to try next. Pure."""
