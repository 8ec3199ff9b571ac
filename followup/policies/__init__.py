"""Policies of following up, as data."""
