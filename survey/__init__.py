"""Asking: instruments, dialogue, field, statistics, channels. Knows nothing of cases or processes."""
