"""A campaign rehearsed against the twin before a single resident is called, and what it is expected to bring."""
