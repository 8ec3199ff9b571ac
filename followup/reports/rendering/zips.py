"""Archives whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can name."""


def zipped(parts: Mapping[str, bytes], moment: datetime) -> bytes:
    """`parts` by name, in their order, all of one moment (UTC)."""
    out = io.BytesIO()
    when = max((moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second), EARLIEST)
    with ZipFile(out, "w") as archive:
        for name, body in parts.items():
            entry = ZipInfo(name, when)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, body, compresslevel=6)
    return out.getvalue()


def stored(archive: bytes, moment: datetime, core: Callable[[bytes], bytes]) -> bytes:
    """The same archive, all of one moment, with `core` applied to its core properties."""
    with ZipFile(io.BytesIO(archive)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["docProps/core.xml"] = core(parts["docProps/core.xml"])
    return zipped(parts, moment)
