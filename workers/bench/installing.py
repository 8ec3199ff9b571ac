"""flow-runner on this machine: found in a folder outside of the checkout, or installed there."""

import json
import os
import re
import shutil
import subprocess
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

PACKAGE: Final = "@floip/flow-runner"
VERSION: Final = "1.0.11"
SOURCES: Final = files("workers.bench") / "flow_runner"
INSTALL_TIMEOUT_S: Final = 180.0
OPTIONS: Final = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
)
"""Nothing of the packages is run while they are installed; without a network this ends soon."""


class LeftOut(RuntimeError):
    """The other side cannot be measured here; the message says why, and what to do about it."""


def default_folder() -> Path:
    """In the user's cache: nothing of it belongs to the checkout."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(cache) if cache.startswith("/") else Path.home() / ".cache"
    return home / "minyi" / f"flow-runner-{VERSION}"


def program(name: str) -> str:
    """The path of `node` or `npm`. Raises LeftOut if it is not there."""
    found = shutil.which(name)
    if found is None:
        raise LeftOut(
            f"{name} is not on the PATH. To compare with {PACKAGE}, install Node.js (16 or newer) with npm "
            "and run this again."
        )
    return found


def install(folder: Path) -> None:
    """Make sure that `folder`/node_modules holds the package, whole and in the pinned version.
    Raises LeftOut if it cannot be installed."""
    if is_installed(folder):
        return
    if _belongs_to_something_else(folder):
        raise LeftOut(
            f"{folder} holds other files, and no {PACKAGE} {VERSION}. Name an empty folder, or none, and it is installed."
        )
    npm = program("npm")
    command = [npm, "ci", *OPTIONS]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            with as_file(SOURCES / name) as source:
                shutil.copyfile(source, folder / name)
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise _not_installed(folder, f"npm had not finished after {INSTALL_TIMEOUT_S:.0f} s") from None
    except OSError as error:
        raise _not_installed(folder, str(error)) from None
    if done.returncode != 0:
        code = re.search(r"\bcode (\w+)", done.stderr)
        raise _not_installed(folder, f"npm says {code[1] if code else f'exit {done.returncode}'}")
    if not is_installed(folder):
        raise _not_installed(folder, "npm installed another version, or none")


def _belongs_to_something_else(folder: Path) -> bool:
    """`npm ci` empties node_modules first: never where somebody else's could be."""
    if not folder.exists() or not any(folder.iterdir()):
        return False
    package = folder / "package.json"
    return not package.exists() or package.read_text("utf-8") != (SOURCES / "package.json").read_text("utf-8")


def is_installed(folder: Path) -> bool:
    """npm writes its hidden lock last: where it is missing, an installation broke off."""
    modules = folder / "node_modules"
    try:
        found = json.loads((modules / PACKAGE / "package.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return (modules / ".package-lock.json").exists() and found.get("version") == VERSION


def _not_installed(folder: Path, why: str) -> LeftOut:
    return LeftOut(
        f"{PACKAGE} {VERSION} could not be installed into {folder} ({why}). Run `npm ci` there by hand to see more, "
        "or name a folder that has it with --node-modules."
    )
