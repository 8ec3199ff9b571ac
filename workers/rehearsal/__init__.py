"""A rehearsal: the service run against the carrier twin on a virtual clock, with actors for everybody
outside it.
"""
