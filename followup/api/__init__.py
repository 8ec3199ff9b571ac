"""The JSON API under /api/v1: one declaration per operation, from which handler, document and page come."""
