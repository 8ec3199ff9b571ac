"""Reads for reports and pages: one statement beside the one function that runs it, typed rows out, nothing
written.
"""
