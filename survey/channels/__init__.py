"""Carriers: what the service asks of any of them (`base`), and one folder per carrier that speaks its protocol."""
