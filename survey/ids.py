"""Public references: random tokens that URLs and pages carry. Identity keys stay inside the store (settled.md §8)."""

import secrets
from collections.abc import Callable

Tokens = Callable[[], str]


def new_ref() -> str:
    """A fresh reference: 16 URL-safe characters, 96 random bits."""
    return secrets.token_urlsafe(12)
