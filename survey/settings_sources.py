"""Where a setting can come from, and where exactly it stood: that is what an error message must say."""

from __future__ import annotations

import difflib
import fcntl
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

Source = Mapping[str, tuple[object, str]]
"""Setting name -> (raw value, the place where it was found, in words)."""

PREFIX = "MINYI_"
WITHOUT_PREFIX = {"DATABASE_URL": "database_url", "REDIS_URL": "redis_url"}


class SettingsError(Exception):
    """A setting cannot be used as it stands; the message says which, where and how to mend it."""


def from_flags(flags: Mapping[str, object], known: Iterable[str]) -> Source:
    """Flags of the command line that were given (are not None)."""
    known = tuple(known)
    for name in flags:
        _refuse_unknown(name, known, f"command line flag --{name.replace('_', '-')}", "{}")
    return {n: (v, f"command line flag --{n.replace('_', '-')}") for n, v in flags.items() if v is not None}


def from_environment(environ: Mapping[str, str], known: Iterable[str]) -> Source:
    """`MINYI_*`, and DATABASE_URL and REDIS_URL, which the prefixed names overrule. Empty: not set."""
    known = tuple(known)
    found = {
        name: (environ[variable], f"environment variable {variable}")
        for variable, name in WITHOUT_PREFIX.items()
        if environ.get(variable)
    }
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        _refuse_unknown(name, known, f"environment variable {variable}", PREFIX + "{}")
        if value:
            found[name] = (value, f"environment variable {variable}")
    return found


def from_toml(path: Path, known: Iterable[str]) -> Source:
    """The flat keys of `minyi.toml`; a file that is not there says nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}. Make it a readable UTF-8 file, or remove it."
        ) from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Write lines like: web_port = 8080") from None
    known = tuple(known)
    places = {name: f"{path}, line {_line_of(name, text)}" for name in table}
    for name, value in table.items():
        _refuse_unknown(name, known, places[name], "{}")
        if isinstance(value, dict | list):
            raise SettingsError(f"{name} ({places[name]}) must be one value, not a list or a section.")
    return {name: (value, places[name]) for name, value in table.items()}


def from_launcher(data_dir: Path, known: Iterable[str], *, already: frozenset[str]) -> Source:
    """What a running `minyi up` or `minyi demo` wrote to `services.json` in its data folder.

    A file whose writer is gone says nothing, and nothing is read when the addresses are set elsewhere.
    """
    if {"database_url", "redis_url"} <= already:
        return {}
    path = data_dir / "services.json"
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if not is_held(data_dir / body["held_by"]):
            return {}
        written: dict[str, object] = body["settings"]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError:
        raise SettingsError(
            f"{path} belongs to another user. Run this as the user who started `minyi up`, "
            "or set DATABASE_URL and REDIS_URL."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{path} cannot be understood ({error!r}). Remove it and start `minyi up` again."
        ) from None
    known = tuple(known)
    for name in written:
        _refuse_unknown(name, known, str(path), "{}")
    return {name: (value, str(path)) for name, value in written.items() if name not in already}


def is_held(lock: Path) -> bool:
    """Whether a living launcher holds this lock file; the kernel lets go of it however the launcher ends."""
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _line_of(name: str, text: str) -> int:
    pattern = re.compile(rf"""^\s*\[*\s*["']?{re.escape(name)}["']?\s*[\].=]""")
    return next((i for i, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _refuse_unknown(name: str, known: tuple[str, ...], place: str, shape: str) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    written = [shape.format(n.upper() if shape.startswith(PREFIX) else n) for n in (near or known)]
    remedy = f"Did you mean {written[0]}?" if near else f"Known are: {', '.join(written)}."
    raise SettingsError(f"Unknown setting {name} ({place}). {remedy}")
