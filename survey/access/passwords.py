"""Passwords as argon2id hashes, and first passwords that nobody thinks up.

A hash takes tens of milliseconds and 64 MiB on purpose: it is worked out in a thread, few at a time.
"""

import asyncio
import secrets
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from survey.access.rules import plain
from survey.access.sign_in_policy import Argon2, sign_in_policy

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what is mistaken for one another on paper: 0 o, 1 i l."""
GROUPS: Final = 4


class Passwords:
    """Makes and checks hashes. Every check costs the same, of a name that there is not too."""

    def __init__(self, cost: Argon2 | None = None) -> None:
        cost = cost or sign_in_policy().argon2
        self._hasher = PasswordHasher(cost.time_cost, cost.memory_kib, cost.parallelism, type=Type.ID)
        self._room = asyncio.Semaphore(cost.at_once)

    async def hash(self, password: str) -> str:
        """A hash with its salt and parameters in it."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, plain(password))

    async def right(self, hashed: str | None, password: str) -> bool:
        """Whether this is the password. Without a hash (there is no such account) the work is done all the same."""
        async with self._room:
            return await asyncio.to_thread(self._right, hashed, plain(password))

    def _right(self, hashed: str | None, password: str) -> bool:
        nobodys = self._nobodys  # made before either is checked, so that the first stranger is no slower
        return self._verify(hashed or nobodys, password) and hashed is not None

    def is_dated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than the policy has now."""
        return self._hasher.check_needs_rehash(hashed)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(24))


def first_password() -> str:
    """Four groups of five: 99 random bits, to be used once and changed."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(GROUPS))
