"""Microdata: the answers of a campaign, one row a sample unit, so that nobody can be made out in them."""
