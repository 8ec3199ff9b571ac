-- Events as a chain: each carries the hash of the one before; days are sealed.
SELECT;
