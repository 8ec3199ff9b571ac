"""Where a bench keeps its servers and files while it runs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoRoom(Exception):
    """There is less room than the bench needs."""


@contextmanager
def bench_folder(below: Path | None = None, needed: int = 0) -> Iterator[Path]:
    """A new folder that the servers' user can get through, gone afterwards; in the folder for temporary files where `below` is
    None. `needed`: bytes that must be free there. Raises NoRoom."""
    place = below or Path(tempfile.gettempdir())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise NoRoom(f"{needed / 2**30:.1f} GiB are needed in {place}, and {free / 2**30:.1f} are free")
    with tempfile.TemporaryDirectory(prefix="minyi-bench-", dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
