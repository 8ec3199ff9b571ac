"""Whether intervals, ranks, claims and alerts keep what they promise, by simulation (statistics.md §6): `minyi coverage`."""
