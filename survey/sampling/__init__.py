"""Sampling: who is drawn, with which probability. Pure."""
