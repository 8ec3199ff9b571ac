"""The vault's master key: from the environment, or from a file of its owner's own, never beside the data."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.settings import Settings

KEY_BYTES = 32
ROOT_KEYS = Path("/var/lib/minyi-keys")


class VaultError(Exception):
    """The vault cannot be opened, or not with this key; the message says why, what to do, no secret."""


def subkey(master: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA256): knowing one says nothing about the others."""
    if len(master) != KEY_BYTES:
        raise VaultError(f"The vault's key must have {KEY_BYTES} bytes, not {len(master)}.")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"minyi/vault/1/{purpose}".encode()).derive(
        master
    )


def read_or_create_key(settings: Settings, *, may_create: bool) -> bytes:
    """The master key: MINYI_VAULT_KEY, else the key file, else (if `may_create`) a new one in that file."""
    if settings.vault_key is not None:
        return _decoded(settings.vault_key.get_secret_value(), "MINYI_VAULT_KEY")
    path = key_path(settings)
    if not path.exists():
        if not may_create:
            raise VaultError(
                f"There is no vault key: {path} does not exist and MINYI_VAULT_KEY is not set. "
                "Bring the key file back from where it is kept, or name it by MINYI_KEY_FILE."
            )
        _create(path)
    return _read(path)


def key_path(settings: Settings) -> Path:
    """Where the key file lies: `key_file`, else in a folder of the user's own, named by the data folder.

    Raises VaultError for a file inside the data folder: a backup of the data would carry its key.
    """
    path = (
        settings.key_file.expanduser().absolute() if settings.key_file else _default_path(settings.data_dir)
    )
    if path.resolve().is_relative_to(settings.data_dir.resolve()):
        raise VaultError(
            f"The vault's key file {path} lies inside the data folder {settings.data_dir}, "
            "so a copy of the data would be readable. Set MINYI_KEY_FILE to a path elsewhere."
        )
    return path


def _default_path(data_dir: Path) -> Path:
    home = data_dir.absolute().parent
    name = f"{home.name or 'minyi'}-{sha256(str(data_dir.absolute()).encode()).hexdigest()[:8]}.key"
    if os.geteuid() == 0:
        return ROOT_KEYS / name
    configuration = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(configuration) / "minyi" / name


def _create(path: Path) -> None:
    """Write a new key whole or not at all; when two processes start at once, the first one's key stands."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(descriptor)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
        finally:
            draft.unlink()
    except OSError as error:
        raise VaultError(
            f"The vault's key file {path} cannot be made: {error.strerror}. Set MINYI_KEY_FILE to a place "
            "that this user can write, or MINYI_VAULT_KEY to 32 random bytes in base64."
        ) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(1024)
    except OSError as error:
        raise VaultError(f"The vault's key file {path} cannot be read: {error.strerror}.") from None
    if mode & 0o077:
        raise VaultError(
            f"Others can read the vault's key file {path} (mode {mode:04o}). Run: chmod 600 {path}"
        )
    return _decoded(text.decode("ascii", "replace"), str(path))


def _decoded(text: str, place: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultError(f"{place} does not hold a vault key, which is {KEY_BYTES} random bytes in base64.")
    return key
