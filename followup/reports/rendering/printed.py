"""What is handed to a renderer: the document, its hash, and what became of it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from followup.reports.document.body import sha256_of
from followup.reports.document.model import Document, Kind, Section
from followup.reports.document.wording import Lang, moment_text, numeral, period_text, serial_text

ON_A_BOARD: Final[frozenset[Kind]] = frozenset({"village"})
"""Reports whose sections are pages for a notice board: large, without numbers, each with what it must say to stand alone."""
ON_ONE_PAGE: Final[frozenset[Kind]] = frozenset({"morning"})
"""Reports that are a single page: closer lines than an official document has."""


@dataclass(frozen=True)
class Printed:
    """`superseded_by`: the number of the correction that has taken its place; it is said above the report, and is
    not in the hash."""

    document: Document
    sha256: str
    superseded_by: str | None = None


def printed(document: Document, superseded_by: str | None = None) -> Printed:
    """A document with its hash."""
    return Printed(document, sha256_of(document), superseded_by)


def standing(this: Printed, lang: Lang) -> list[str]:
    """What stands between the title and the text: whether it was issued, and what it corrects."""
    issue = this.document.header.issue
    if issue is None:
        return ["草稿,未签发" if lang == "zh" else "Draft, not issued"]
    local = f"{issue.at:%Y-%m-%d %H:%M}Z"
    lines = [
        f"编号 {issue.number} · 签发人 {issue.by} · {local}"
        if lang == "zh"
        else f"Number {issue.number} · issued by {issue.by} · {local}"
    ]
    if issue.corrects:
        lines.append(
            f"更正:本期取代 {issue.corrects}。原因:{issue.reason}"
            if lang == "zh"
            else f"Correction: takes the place of {issue.corrects}. Reason: {issue.reason}"
        )
    if this.superseded_by:
        lines.append(
            f"本期已被更正,以 {this.superseded_by} 为准"
            if lang == "zh"
            else f"Corrected since: {this.superseded_by} has taken its place"
        )
    return lines


def facts(this: Printed, lang: Lang) -> list[tuple[str, str]]:
    """The header of every report, line by line."""
    header = this.document.header
    zh = lang == "zh"
    rules = ", ".join(f"{key} v{version}" for key, version in sorted(header.policies.items()))
    return [
        ("期号" if zh else "Issue", serial_text(header, lang)),
        ("编发单位" if zh else "Centre", header.centre.of(lang)),
        ("统计期间" if zh else "Period", period_text(header, lang)),
        ("数据截至" if zh else "Data as of", f"{moment_text(header, lang)} ({header.tz})"),
        ("规则版本" if zh else "Rules", rules),
    ]


def over(this: Printed, lang: Lang) -> str | None:
    """What stands above each page for a notice board, so that it can be read without the others; None of other reports."""
    header = this.document.header
    if header.kind not in ON_A_BOARD:
        return None
    return f"{header.title.of(lang)} · {period_text(header, lang)} · {header.centre.of(lang)}"


def titled(this: Printed, lang: Lang) -> list[tuple[str, Section]]:
    """The sections of a report with their headings, numbered unless they are pages for a notice board."""
    sections = this.document.sections
    if this.document.header.kind in ON_A_BOARD:
        return [(section.title.of(lang), section) for section in sections]
    return numbered(sections, lang)


def numbered(sections: Sequence[Section], lang: Lang, *, below: bool = False) -> list[tuple[str, Section]]:
    """Sections with their headings: 一、… and, below one, （一）…; in English 1. and (1)."""
    found = []
    for place, section in enumerate(sections, 1):
        title = section.title.of(lang)
        if lang == "zh":
            head = f"（{numeral(place)}）{title}" if below else f"{numeral(place)}、{title}"
        else:
            head = f"({place}) {title}" if below else f"{place}. {title}"
        found.append((head, section))
    return found
