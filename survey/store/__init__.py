"""Postgres, spoken plainly: a pool, the migrations, and one module per aggregate with its SQL beside it."""
