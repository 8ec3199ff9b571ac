"""Pages of following up."""
