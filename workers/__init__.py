"""Processes: the composition root. Nothing imports it."""
