"""The door that issues reports (签发): a report is frozen with its hash, corrected visibly, checked again at any time."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from followup.reports.building import build, cut_off_of
from followup.reports.document.body import body_of, document_of, sha256_of
from followup.reports.document.model import Document, Issue, Kind
from followup.reports.remarks import Remarks
from followup.reports.rendering.printed import Printed
from followup.store import issued_reports as rows
from followup.store.issued_reports import IssuedRow
from survey.periods import Period


class NotIssued(Exception):
    """The docstring of each kind is its message."""

    def __init__(self, **facts: object) -> None:
        super().__init__(" ".join((inspect.getdoc(type(self)) or "").format(**facts).split()))


class AlreadyIssued(NotIssued):
    """{number} is issued for this period. It is never altered: issue a correction with --correct and --reason."""


class NothingToCorrect(NotIssued):
    """No {kind} report of this period is issued, so there is nothing to correct. Leave out --correct."""


class ReasonMissing(NotIssued):
    """A correction needs a reason in words, which is printed in it. Give --reason."""


class PeriodNotOver(NotIssued):
    """The period ends on {last}, which is not over. Issue the report after it."""


class SomebodyIssued(NotIssued):
    """{number} was issued a moment ago by somebody else. Look at it first: `minyi report list`."""


class UnknownReport(NotIssued):
    """There is no issued report {number}. `minyi report list` shows the numbers."""


@dataclass(frozen=True)
class Verified:
    """`intact`: the text that is kept has the hash that is kept. `same`: made again from today's rows it is equal, byte for byte;
    otherwise `changed` names the figures that are not what they were."""

    number: str
    sha256: str
    intact: bool
    same: bool
    changed: Sequence[str]


async def issue(
    conn: asyncpg.Connection,
    kind: Kind,
    centre_code: str,
    period: Period,
    *,
    by: str,
    now: datetime,
    remarks: Remarks | None = None,
    correct: bool = False,
    reason: str | None = None,
) -> Printed:
    """Freeze the report of a period. A correction takes the place of the last one. Raises NotIssued, LookupError for an unknown
    centre."""
    now = now.astimezone(UTC).replace(microsecond=0)
    cut_off = await cut_off_of(conn, centre_code, period, now)
    if cut_off == now:
        raise PeriodNotOver(last=period.last)
    if correct and not (reason or "").strip():
        raise ReasonMissing()
    async with conn.transaction():
        before = await rows.of_period(conn, centre_code, kind, period.first, period.last)
        if before and not correct:
            raise AlreadyIssued(number=before[-1].number)
        if correct and not before:
            raise NothingToCorrect(kind=kind)
    draft = await build(conn, kind, centre_code, period, cut_off, remarks)
    last = before[-1] if before else None
    number = f"{centre_code}-{kind}-{period.first:%Y%m%d}-{period.last:%Y%m%d}" + (
        f"-{len(before) + 1}" if before else ""
    )
    stamp = Issue(
        number=number,
        by=by,
        at=now,
        corrects=last.number if last else None,
        correction=len(before),
        reason=reason if last else None,
    )
    document = _stamped(draft, stamp)
    kept = await rows.keep(
        conn, number=number, centre_code=centre_code, kind=kind, first=period.first, last=period.last, cut_off=cut_off,
        body=body_of(document), sha256=sha256_of(document), remarks=remarks.model_dump(mode="json") if remarks else None,
        at=now, by=by, supersedes=last.id if last else None, reason=stamp.reason,
    )  # fmt: skip
    if not kept:
        raise SomebodyIssued(number=number)
    return Printed(document, sha256_of(document))


def _stamped(draft: Document, stamp: Issue) -> Document:
    return draft.model_copy(update={"header": draft.header.model_copy(update={"issue": stamp})})


async def issued(conn: asyncpg.Connection, number: str) -> Printed:
    """A report as it was issued, to be printed again; above it whether it was corrected since. Raises UnknownReport."""
    row = await _row(conn, number)
    return Printed(document_of(row.body), row.sha256, row.superseded_by)


async def issued_for(conn: asyncpg.Connection, centre_code: str, kind: Kind, period: Period) -> list[Printed]:
    """The report of a period and its corrections, the oldest first; none where none was issued."""
    found = await rows.of_period(conn, centre_code, kind, period.first, period.last)
    return [Printed(document_of(row.body), row.sha256, row.superseded_by) for row in found]


async def verify(conn: asyncpg.Connection, number: str) -> Verified:
    """Whether the text is what was hashed, and whether today's rows still make it. Raises UnknownReport."""
    row = await _row(conn, number)
    kept = document_of(row.body)
    remarks = Remarks.model_validate(row.remarks) if row.remarks else None
    period = Period(row.first_day, row.last_day)
    draft = await build(conn, kept.header.kind, row.centre_code, period, row.cut_off, remarks, row.id)
    again = _stamped(draft, kept.header.issue) if kept.header.issue else draft
    return Verified(
        number,
        row.sha256,
        sha256_of(kept) == row.sha256 and body_of(kept) == row.body,
        body_of(again) == row.body,
        differing(kept, again),
    )


def differing(kept: Document, again: Document) -> list[str]:
    """Keys of figures that are not the same in both, or stand in one of them only; `text` where all figures are and
    the rest is not."""
    keys = sorted(kept.figures.keys() | again.figures.keys())
    found = [key for key in keys if kept.figures.get(key) != again.figures.get(key)]
    if not found and body_of(kept) != body_of(again):
        return ["text"]
    return found


async def _row(conn: asyncpg.Connection, number: str) -> IssuedRow:
    row = await rows.by_number(conn, number)
    if row is None:
        raise UnknownReport(number=number)
    return row
