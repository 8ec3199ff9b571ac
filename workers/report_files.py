"""Reports as files in a folder: each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from followup.reports.document.wording import Lang
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import Printed


def write_files(
    this: Printed, folder: Path, name: str, formats: Sequence[str], langs: Sequence[Lang]
) -> list[Path]:
    """`folder`/NAME.ENDING for Chinese, NAME.en.ENDING for English; the residents' own words are for the centre's
    eyes. JSON holds both languages and is written once. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for ending in formats:
        for lang in langs[:1] if ending == "json" else langs:
            path = folder / (
                f"{name}.{ending}" if lang == "zh" or ending == "json" else f"{name}.en.{ending}"
            )
            draft = path.with_name(path.name + ".draft")
            draft.write_bytes(FORMATS[ending](this, lang))
            draft.replace(path)
            written.append(path)
    return written
