"""Who the resident is: numbers and names sealed with AES-GCM, found by a keyed token, drawn by a number.

`person` holds what `seal` and `token` return; every other table holds `person_id` alone.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Callable, Sequence
from struct import iter_unpack
from typing import Final

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.number_hashes import DIGEST, digests
from survey.settings import Settings
from survey.vault_keys import VaultError, read_or_create_key, subkey

__all__ = ["Vault", "VaultError", "check_vault", "key_ids", "open_vault", "open_vault_for"]

E164: Final = re.compile(r"\+[1-9]\d{6,14}")
E164_LINES: Final = re.compile(rf"(?:{E164.pattern}\n)*+{E164.pattern}")
NOT_E164: Final = "A number must be in E.164 form (+ and 7 to 15 digits) before it is looked up."
"""Without the number itself, which must not reach a log by way of a message."""
FORMAT: Final = b"\x01"
NONCE_BYTES: Final = 12
PROOF: Final = "minyi vault"

Hashed = Callable[[bytes, bytes], bytes]
"""Of a key and numbers, a line each, the hash of each number: see `digests`."""


class Vault:
    """Seals and finds people with a master key of 32 bytes; each use has a key of its own, by HKDF."""

    def __init__(self, master: bytes) -> None:
        self.key_id: Final = subkey(master, "id")[:8].hex()
        self._header: Final = FORMAT + bytes.fromhex(self.key_id)
        self._cipher: Final = AESGCM(subkey(master, "seal"))
        self._token_key: Final = subkey(master, "token")
        self._prn_key: Final = subkey(master, "prn")
        self._mail_key: Final = subkey(master, "mail")
        self._link_key: Final = subkey(master, "unit link")
        self._body_key: Final = subkey(master, "text body")
        self._name_key: Final = subkey(master, "account name")
        self._line_key: Final = subkey(master, "browser line")

    def seal(self, text: str) -> bytes:
        """Ciphertext of a number or a name; the same text gives another ciphertext each time."""
        nonce = os.urandom(NONCE_BYTES)
        return self._header + nonce + self._cipher.encrypt(nonce, text.encode(), self._header)

    def seal_all(self, texts: Sequence[str | None]) -> list[bytes | None]:
        """What `seal` returns, for many; None for a text that is not known (None or "")."""
        if not any(texts):
            return [None] * len(texts)
        header, encrypt = self._header, self._cipher.encrypt
        nonces = iter_unpack(f"{NONCE_BYTES}s", os.urandom(NONCE_BYTES * len(texts)))
        return [
            header + nonce + encrypt(nonce, text.encode(), header) if text else None
            for (nonce,), text in zip(nonces, texts, strict=True)
        ]

    def open(self, sealed: bytes) -> str:
        """The text again. Raises VaultError if it was sealed with another key, or altered."""
        start = len(self._header)
        if sealed[:start] != self._header:
            raise VaultError(_sealed_with_another_key(sealed, self.key_id))
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, self._header).decode()
        except (InvalidTag, ValueError):
            raise VaultError("A sealed value was altered or cut short. Restore it from a backup.") from None

    def token(self, number: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of an E.164 number: equal numbers have equal tokens, under one key only."""
        return hmac.digest(self._token_key, _checked(number), "sha256")

    def mail_token(self, address: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of a mail address in lower case, under a key of its own."""
        return hmac.digest(self._mail_key, address.encode(), "sha256")

    def name_token(self, name: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of what was typed as the name of an account, under a key of its own."""
        return hmac.digest(self._name_key, name.encode(), "sha256")

    def link_mac(self, signed: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of what a link stands for, under a key of its own."""
        return hmac.digest(self._link_key, signed.encode(), "sha256")

    def line_mac(self, name: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of the name of an account whose browser is called, under a key of its own."""
        return hmac.digest(self._line_key, name.encode(), "sha256")

    def body_mac(self, body: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of the body of a text, under a key of its own."""
        return hmac.digest(self._body_key, body.encode(), "sha256")

    def tokens(self, numbers: Sequence[str], hashed: Hashed = digests) -> list[bytes]:
        """What `token` returns, for many; `hashed` makes the hashes."""
        found = hashed(self._token_key, _lines(numbers))
        return [token for (token,) in iter_unpack(f"{DIGEST}s", found)]

    def prn(self, number: str) -> float:
        """Permanent random number in [0, 1): first 53 bits of an HMAC-SHA256 / 2^53, per key."""
        first = int.from_bytes(hmac.digest(self._prn_key, _checked(number), "sha256")[:8], "big")
        return (first >> 11) / 2**53

    def prns(self, numbers: Sequence[str], hashed: Hashed = digests) -> list[float]:
        """What `prn` returns, for many; `hashed` makes the hashes."""
        found = hashed(self._prn_key, _lines(numbers))
        return [(first >> 11) / 2**53 for (first,) in iter_unpack(">Q24x", found)]


def open_vault(settings: Settings, *, may_create: bool) -> Vault:
    """The vault of this installation, from MINYI_VAULT_KEY or the key file (see `vault_keys`).

    `may_create` lets a first run make the key file: say it only where the database holds nobody yet.
    Raises VaultError with the remedy.
    """
    return Vault(read_or_create_key(settings, may_create=may_create))


async def open_vault_for(conn: asyncpg.Connection, settings: Settings) -> Vault:
    """The vault that belongs to this database; its key is made here only while the database has none.

    Raises VaultError when the database was sealed and its key is missing or another one.
    """
    keys = await key_ids(conn)
    try:
        vault = open_vault(settings, may_create=not keys)
    except VaultError as error:
        if not keys:
            raise
        raise VaultError(f"{error} The database is sealed with key {' and '.join(keys)}.") from None
    await check_vault(conn, vault)
    return vault


SELECT_KEY_IDS = "SELECT key_id FROM survey.vault_check ORDER BY key_id"


async def key_ids(conn: asyncpg.Connection) -> list[str]:
    """The ids of the keys with which this database was sealed; none while it is new."""
    return [row["key_id"] for row in await conn.fetch(SELECT_KEY_IDS)]


INSERT_FIRST_PROOF = """
INSERT INTO survey.vault_check (key_id, proof)
SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM survey.vault_check)
ON CONFLICT (key_id) DO NOTHING"""

SELECT_PROOFS = "SELECT key_id, proof FROM survey.vault_check ORDER BY key_id"


async def check_vault(conn: asyncpg.Connection, vault: Vault) -> None:
    """Raise VaultError unless this vault's key sealed this database; a database without any key takes it."""
    await conn.execute(INSERT_FIRST_PROOF, vault.key_id, vault.seal(PROOF))
    proofs = {row["key_id"]: row["proof"] for row in await conn.fetch(SELECT_PROOFS)}
    if set(proofs) != {vault.key_id}:
        raise VaultError(
            f"The database is sealed with key {' and '.join(sorted(proofs))}, "
            f"but this process has key {vault.key_id}. "
            "Set MINYI_VAULT_KEY or MINYI_KEY_FILE to the key with which the data was made."
        )
    if vault.open(proofs[vault.key_id]) != PROOF:
        raise VaultError("survey.vault_check was altered. Restore it from a backup.")


def is_number(text: str) -> bool:
    """Whether this is an E.164 number; a caller may withhold theirs."""
    return E164.fullmatch(text) is not None


def _lines(numbers: Sequence[str]) -> bytes:
    """One below the other, as `digests` takes them."""
    text = "\n".join(numbers)
    if numbers and not (E164_LINES.fullmatch(text) and text.count("\n") == len(numbers) - 1):
        raise ValueError(NOT_E164)
    return text.encode()


def _checked(number: str) -> bytes:
    if not is_number(number):
        raise ValueError(NOT_E164)
    return number.encode()


def _sealed_with_another_key(sealed: bytes, ours: str) -> str:
    theirs = sealed[1:9].hex() or "none"
    return (
        f"A value was sealed with key {theirs}, but this process has {ours}. Set MINYI_KEY_FILE to that key."
    )
