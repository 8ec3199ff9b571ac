"""Reading cases: one with all that happened to it, what waits for a decision, the counts that must add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from followup.refusals import UnknownCase
from followup.store import assignments, cases, counts, events, results, rounds
from followup.store.assignments import AssignmentRow
from followup.store.cases import CaseRow
from followup.store.counts import CaseCounts, RoundCounts
from followup.store.events import EventRow
from followup.store.results import ResultRow
from followup.store.rounds import CallbackRow, CaseLine, FlaggedLine

__all__ = [
    "CallbackRow",
    "CaseLine",
    "CasePassport",
    "Circle",
    "FlaggedLine",
    "Identity",
    "case_list",
    "circle",
    "flagged",
    "passport",
    "passports",
]


@dataclass(frozen=True)
class CasePassport:
    """A case and everything that happened to it, oldest first, without names and numbers of residents."""

    case: CaseRow
    events: Sequence[EventRow]
    assignments: Sequence[AssignmentRow]
    results: Sequence[ResultRow]
    callbacks: Sequence[CallbackRow]


async def passport(conn: asyncpg.Connection, number: str) -> CasePassport:
    """One case. Raises UnknownCase."""
    case = await cases.case_by_number(conn, number)
    if case is None:
        raise UnknownCase(number=number)
    return CasePassport(
        case=case,
        events=await events.events_of(conn, case.id),
        assignments=await assignments.assignments_of(conn, case.id),
        results=await results.results_of(conn, case.id),
        callbacks=await rounds.callbacks_of(conn, case.id),
    )


async def passports(conn: asyncpg.Connection, numbers: Sequence[str]) -> list[CasePassport]:
    """Several cases, in the order asked for. Raises UnknownCase."""
    return [await passport(conn, number) for number in numbers]


async def case_list(
    conn: asyncpg.Connection,
    centre_code: str,
    *,
    statuses: Sequence[str] | None = None,
    open_only: bool = False,
    limit: int = 1000,
) -> list[CaseLine]:
    """Cases of a centre by number."""
    return await rounds.case_lines(conn, centre_code, list(statuses) if statuses else None, open_only, limit)


async def flagged(
    conn: asyncpg.Connection, centre_code: str, *, waiting_only: bool = False
) -> list[FlaggedLine]:
    """Flagged callbacks of a centre by case number, decided ones too unless `waiting_only`."""
    return await rounds.flagged_lines(conn, centre_code, waiting_only)


@dataclass(frozen=True)
class Identity:
    """A sum that must hold: `whole` = the sum of `parts`."""

    name: str
    whole: int
    parts: tuple[tuple[str, int], ...]

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return self.whole == sum(n for _, n in self.parts)

    def __str__(self) -> str:
        parts = " + ".join(f"{name} {n}" for name, n in self.parts)
        return f"{self.name} {self.whole} {'=' if self.holds else '≠'} {parts}"


@dataclass(frozen=True)
class Circle:
    """What came round in the circle of a centre: results, callbacks, flags, endings."""

    rounds: RoundCounts
    imported: CaseCounts
    appeals: CaseCounts
    all_cases: CaseCounts
    flag_seconds: Sequence[float]

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The four identities of the callback circle."""
        r = self.rounds
        return (
            Identity(
                "results received",
                r.results_received,
                (("callbacks created", r.due), ("not suitable", r.not_suitable)),
            ),
            Identity(
                "due",
                r.due,
                (
                    ("reached", r.reached),
                    ("unreached", r.unreached),
                    ("unrated", r.unrated),
                    ("waiting", r.waiting),
                ),
            ),
            Identity(
                "flagged",
                r.flagged,
                (("re-dispatched", r.redispatched), ("rejected", r.rejected), ("waiting", r.undecided)),
            ),
            Identity(
                "imported",
                self.imported.cases,
                (*self.imported.endings.items(), ("open", self.imported.open)),
            ),
        )

    @property
    def flag_p95_s(self) -> float | None:
        """95th percentile (nearest rank) of real seconds from answer to flag; None without flags."""
        if not self.flag_seconds:
            return None
        ranked = sorted(self.flag_seconds)
        return ranked[-(-len(ranked) * 95 // 100) - 1]


async def circle(conn: asyncpg.Connection, centre_code: str) -> Circle:
    """All counts of a centre at one moment."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        return Circle(
            rounds=await counts.round_counts(conn, centre_code),
            imported=await counts.case_counts(conn, centre_code, "import"),
            appeals=await counts.case_counts(conn, centre_code, "outbound"),
            all_cases=await counts.case_counts(conn, centre_code),
            flag_seconds=await counts.flag_seconds(conn, centre_code),
        )
