"""Subscribers of other systems are told what happens to cases: signed, at least once, in the order of each case."""
