"""The doctor's look at this machine: the programs, the folders, the key."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from survey.settings import Settings
from survey.vault import VaultError, open_vault
from survey.vault_keys import key_path
from workers.embedded_binaries import binaries_for
from workers.embedded_folder import EmbeddedError, server_user
from workers.finding import Finding, told

OLDEST_PYTHON = (3, 11)
LITTLE_ROOM = 1 << 30
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
CHINESE_FONTS = ("wqy", "cjk", "sourcehan", "droidsansfallback", "uming", "ukai", "simsun", "pingfang")


def python() -> Finding:
    """The interpreter's version."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("python", "ok", found)
    return Finding("python", "fault", f"{found} is too old", "Install Python 3.11 or newer.")


def servers(settings: Settings) -> Finding:
    """Whether the embedded servers' programs run, unless others are used."""
    if settings.database_url and settings.redis_url:
        return Finding("embedded servers", "ok", "not needed: database_url and redis_url are set")
    try:
        folder = binaries_for(server_user(settings.data_dir / "up")).postgres_bin
    except EmbeddedError as error:
        return told("embedded servers", error)
    return Finding("embedded servers", "ok", f"Postgres and Valkey run, from {folder}")


def data_folder(settings: Settings) -> Finding:
    """Whether the data folder is there, or can be made."""
    path = settings.data_dir
    nearest = next(p for p in (path, *path.absolute().parents) if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            "data folder",
            "fault",
            f"{path} cannot be written by this user",
            "Set MINYI_DATA_DIR to a folder of yours.",
        )
    free = shutil.disk_usage(nearest).free
    if free < LITTLE_ROOM:
        return Finding(
            "data folder",
            "hint",
            f"{path} has {free >> 20} MiB left",
            "Make room, or set MINYI_DATA_DIR elsewhere.",
        )
    return Finding("data folder", "ok", f"{path}" if path.exists() else f"{path} will be made by `minyi up`")


def key(settings: Settings) -> Finding:
    """Whether the vault's key can be had; whether it fits the data is seen with the database."""
    try:
        if settings.vault_key is None and not (path := key_path(settings)).exists():
            return Finding(
                "vault key", "hint", f"{path} does not exist", "It is made when `minyi up` first starts."
            )
        return Finding("vault key", "ok", open_vault(settings, may_create=False).key_id)
    except VaultError as error:
        return told("vault key", error)


def browser() -> Finding:
    """Chromium, which only the browser tests need."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path:
        return Finding("browser", "ok", path)
    return Finding("browser", "hint", "no Chromium (only its tests need one)", "apt install chromium")


def chinese_font() -> Finding:
    """A font with Chinese characters, without which a browser on this machine draws boxes."""
    for folder in FONT_FOLDERS:
        for file in folder.rglob("*.[to]t[cf]"):
            if any(name in file.name.lower() for name in CHINESE_FONTS):
                return Finding("chinese font", "ok", str(file))
    return Finding(
        "chinese font", "hint", "none found: pages show boxes here", "apt install fonts-wqy-zenhei"
    )
