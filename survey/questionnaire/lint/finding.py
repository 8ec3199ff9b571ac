"""What the lint says: which rule, where, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from survey.questionnaire.places import Place, Step

Severity: TypeAlias = Literal["error", "warning"]
Path: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check saw. `says`: which of the rule's sentences; `values` fill it in."""

    rule: str
    path: Path
    says: str = "plain"
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with its place. `path`: the keys that lead to it, parted by dots; `zh`, `remedy_zh`: the same in Chinese."""

    rule: str
    severity: Severity
    place: Place
    path: str
    message: str
    remedy: str
    zh: str
    remedy_zh: str


def found(rule: str, path: Path, says: str = "plain", **values: object) -> Found:
    return Found(rule, path, says, values)


def by_place(finding: Finding) -> tuple[object, ...]:
    """The order of findings: as a reader of the file meets them."""
    place = finding.place
    return (
        place.file,
        place.line or 0,
        place.column or 0,
        *_cell(place.cell),
        finding.rule,
        finding.path,
        finding.message,
    )


def _cell(cell: str | None) -> tuple[str, int, int, str]:
    """ "survey!C10" stands behind "survey!C9"."""
    sheet, _, corner = (cell or "").rpartition("!")
    parts = re.fullmatch(r"([A-Z]*)(\d*)", corner)
    column, row = parts.groups() if parts else (corner, "")
    return sheet, int(row or 0), len(column), column
