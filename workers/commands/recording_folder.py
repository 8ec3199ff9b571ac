"""A folder that goes to a studio and comes back: which file is which sentence.

manifest.csv, where there is one, says it for each file. Otherwise a file is known by the name that the questionnaire
gives it (`audio`, `media::audio` of an XLSForm), or by the number of its sentence, with which its name begins.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from survey.audio_policy import audio_policy
from survey.questionnaire import Questionnaire
from survey.sampling.csv_lines import csv_lines, separator_of
from survey.sampling.encodings import decode
from survey.sampling.refusals import ListError
from survey.sounds import SoundRefused
from survey.voicing import Row, Sheet, digest

MANIFEST: Final = "manifest.csv"
HEADINGS: Final = ("number", "where", "file", "sentence")
_NUMBERED: Final = re.compile(r"(\d{1,6})(?:-([0-9a-f]{8}))?\D*")
_BOM: Final = "\ufeff"
"""Spreadsheet programs take a file for UTF-8 only if it begins so."""


@dataclass(frozen=True)
class Brought:
    """A file that came back, and its sentence."""

    path: Path
    sentence: str

    def read(self) -> bytes:
        """No more of it than shows that it is too large."""
        with self.path.open("rb") as file:
            return file.read(audio_policy().largest_bytes + 1)


@dataclass(frozen=True)
class Folder:
    """`refused`: files, or lines of the manifest, that belong to no sentence. `lacking`: sentences of the manifest whose
    file is not there."""

    brought: tuple[Brought, ...]
    refused: tuple[SoundRefused, ...]
    lacking: tuple[str, ...] = ()


def manifest(rows: Sequence[Row]) -> bytes:
    """The recording sheet of these sentences. A file is named by its number and by its wording, so that a changed
    wording is noticed."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(HEADINGS)
    for row in rows:
        text = row.sentence.text
        lines.writerow(
            (row.number, " ".join(row.sentence.where), f"{row.number:03}-{digest(text)[:8]}.wav", text)
        )
    return (_BOM + out.getvalue()).encode()


def read_folder(folder: Path, q: Questionnaire, sheet: Sheet) -> Folder:
    """Raises ListError for a manifest that cannot be read."""
    files = {one.name: one for one in sorted(folder.iterdir()) if one.is_file() and one.name[0] != "."}
    told = files.pop(MANIFEST, None)
    if told is not None:
        return _by_manifest(files, told)
    found = [_by_name(path, q, sheet) for path in files.values()]
    return Folder(
        tuple(one for many in found if not isinstance(many, SoundRefused) for one in many),
        tuple(one for one in found if isinstance(one, SoundRefused)),
    )


def _by_manifest(files: Mapping[str, Path], manifest: Path) -> Folder:
    by_stem = {name.rpartition(".")[0].casefold(): path for name, path in files.items()}
    brought, lacking, used = list[Brought](), list[str](), set[Path]()
    for name, sentence in _lines(manifest):
        path = files.get(name) or by_stem.get(
            name.rpartition(".")[0].casefold()
        )  # a studio may deliver MP3 instead
        if path is None:
            lacking.append(sentence)
        else:
            brought.append(Brought(path, sentence))
            used.add(path)
    unknown = (path for path in files.values() if path not in used)
    why, remedy = f"{MANIFEST} does not name it", f"give it a line of its own in {MANIFEST}, or take it out"
    refused = (SoundRefused(path.name, why, remedy) for path in unknown)
    return Folder(tuple(brought), tuple(refused), tuple(lacking))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """(file, sentence) of each line that names both."""
    text, _ = decode(path.read_bytes(), path.name)
    lines = csv_lines(text, separator_of(text), path.name)
    headings = [cell.strip().casefold() for cell in next(lines).cells]
    if not {"file", "sentence"} <= set(headings):
        what = f"its first line is {', '.join(headings)}"
        raise ListError(path.name, what, "Name two of its columns file and sentence")
    file, sentence = headings.index("file"), headings.index("sentence")
    for line in lines:
        cells = [*line.cells, *[""] * len(headings)]
        if cells[file].strip() and cells[sentence].strip():
            yield cells[file].strip(), cells[sentence]


def _by_name(path: Path, q: Questionnaire, sheet: Sheet) -> list[Brought] | SoundRefused:
    named = [item.id for item in q.items if item.audio.get(sheet.lang) == path.name]
    if named:
        prompts = (sheet.of(question_id) for question_id in named)
        found = [Brought(path, row.sentence.text) for row in prompts if row is not None]
        why = f"the words of {', '.join(named)} are not the same in every call, or no call says them"
        return found or SoundRefused(path.name, why, "leave them to the carrier's voice")
    match = _NUMBERED.fullmatch(path.name.rpartition(".")[0])
    row = sheet.numbered(int(match[1])) if match else None
    if match is None or row is None:
        why = "neither the questionnaire nor a number tells which sentence it is"
        return SoundRefused(
            path.name, why, f"begin its name with the number of the sentence, or write a {MANIFEST}"
        )
    if match[2] and not digest(row.sentence.text).startswith(match[2]):
        why = f"sentence {match[1]} has other words now"
        return SoundRefused(path.name, why, "export the list again, and record what has changed")
    return [Brought(path, row.sentence.text)]
