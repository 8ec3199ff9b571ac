"""The callback report (回访情况报告): from result to rating, by channel and by unit (domain.md §7.2, the
narrow form).

`settled.md` §3 fixes the words: due are all callbacks that were created; reached are those who were told
the result and said something about it; rated are those who also said how satisfied they are. Unreached and
unrated are endings of their own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Final

import asyncpg

from followup.reports.callback_rows import CallbackLine, CentreNames, callback_lines, centre_names
from followup.reports.conversions import Conversions, conversions
from followup.reports.ratings import share
from survey.periods import Period
from survey.statistics.satisfaction import Satisfaction

UNREACHED = ("closed_unreached", "wrong_person")
DISTRIBUTED = ("C1", "C2", "C3", "C4", "C6")


@dataclass(frozen=True)
class Funnel:
    """due → attempted → reached → rated, and what else became of those due."""

    due: int
    attempted: int
    reached: int
    rated: int
    unreached: int
    unrated: int
    waiting: int
    not_suitable: int


@dataclass(frozen=True)
class Tally:
    """Callbacks of one unit, one channel, one round or all of them. Rates are shares or None where nobody answered;
    `codes`: valid answers by question and code."""

    due: int
    reached: int
    contacted: float | None
    solved: float | None
    ratings: Satisfaction
    flagged: int
    redispatched: int
    denied_contact: int
    later_rounds_open: int
    codes: Mapping[str, Mapping[str, int]]

    def asked(self, question: str) -> int:
        """Valid answers to a question."""
        return sum(self.codes[question].values())

    @property
    def redispatch_rate(self) -> float | None:
        return share(self.redispatched, self.reached)


@dataclass(frozen=True)
class UnitLine:
    """A unit's line of the table."""

    unit_code: str
    unit_zh: str
    tally: Tally


@dataclass(frozen=True)
class CallbackReport:
    """All that the report says, at one moment. `callbacks`: due in the period; `waiting`: flags without a decision,
    of any day."""

    centre: CentreNames
    period: Period
    cut_off: datetime
    funnel: Funnel
    median_hours: float | None
    total: Tally
    answered: Tally
    channels: Mapping[str, Tally]
    distributions: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, int]
    rounds: Mapping[int, Tally]
    units: tuple[UnitLine, ...]
    conversions: tuple[Conversions, ...]
    callbacks: tuple[CallbackLine, ...]
    waiting: tuple[CallbackLine, ...]

    @property
    def flagged(self) -> tuple[CallbackLine, ...]:
        return tuple(line for line in self.callbacks if line.flagged)


async def read_callback_report(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> CallbackReport:
    """The report of a centre over the callbacks that became due in the period, as they stood at `cut_off`. Raises LookupError for
    an unknown centre."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        return make_report(centre, period, cut_off, await callback_lines(conn, centre_code, period, cut_off))


def make_report(
    centre: CentreNames, period: Period, cut_off: datetime, found: Sequence[CallbackLine]
) -> CallbackReport:
    """Count the lines. Pure, so that a report can be counted by hand in a test."""
    lines = [line for line in found if line.day is None or period.first <= line.day <= period.last]
    due = [line for line in lines if line.status != "not_suitable"]
    by_unit: dict[tuple[str, str], list[CallbackLine]] = {}
    for line in due:
        by_unit.setdefault((line.unit_code, line.unit_zh), []).append(line)
    modes = {line.mode for line in due if line.mode}
    return CallbackReport(
        centre=centre,
        period=period,
        cut_off=cut_off,
        funnel=_funnel(lines),
        median_hours=_median_hours(due),
        total=_tally(due),
        answered=_tally([line for line in due if line.mode]),
        channels={mode: _tally([x for x in due if x.mode == mode]) for mode in sorted(modes)},
        distributions={question: _distribution(due, question) for question in DISTRIBUTED},
        reasons=dict(
            Counter(reason for line in due for reason in line.reasons if line.flagged).most_common()
        ),
        rounds={
            number: _tally([x for x in due if x.round == number]) for number in sorted({x.round for x in due})
        },
        units=tuple(
            UnitLine(code, name, _tally(members))
            for (code, name), members in sorted(by_unit.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
        conversions=conversions(due),
        callbacks=tuple(lines),
        waiting=tuple(
            sorted((line for line in found if line.flagged and line.decision is None), key=_settled)
        ),
    )


STEPS: Final[Mapping[str, Callable[[CallbackLine], bool]]] = {
    "due": lambda line: line.status != "not_suitable",
    "attempted": lambda line: line.status != "not_suitable" and line.attempts > 0,
    "reached": lambda line: line.reached,
    "rated": lambda line: line.reached and line.code("C3") in ("1", "2", "3"),
    "unreached": lambda line: line.status == "settled" and line.verdict in UNREACHED,
    "unrated": lambda line: line.status == "settled" and line.verdict == "closed_unrated",
    "waiting": lambda line: line.status == "pending",
    "not_suitable": lambda line: line.status == "not_suitable",
}
"""Which callbacks are behind each number of the funnel; the page that lists them goes by the same."""


def _funnel(lines: Sequence[CallbackLine]) -> Funnel:
    return Funnel(**{step: _count(map(holds, lines)) for step, holds in STEPS.items()})


def _tally(lines: Sequence[CallbackLine]) -> Tally:
    contact, solved, rating = (_distribution(lines, question) for question in ("C1", "C2", "C3"))
    return Tally(
        due=len(lines),
        reached=_count(line.reached for line in lines),
        contacted=share(contact["1"], sum(contact.values())),
        solved=share(solved["1"], sum(solved.values())),
        ratings=Satisfaction(rating["1"], rating["2"], rating["3"]),
        flagged=_count(line.flagged for line in lines),
        redispatched=_count(line.decision == "redispatch" for line in lines),
        denied_contact=_count(line.code("C1") == "2" and line.claimed_contact for line in lines),
        later_rounds_open=len({line.number for line in lines if line.round >= 2 and line.case_open}),
        codes={question: dict(_distribution(lines, question)) for question in DISTRIBUTED},
    )


def _distribution(lines: Iterable[CallbackLine], question_id: str) -> Counter[str]:
    """Valid codes only: what was missing is no rating and reaches no rate."""
    codes = (line.code(question_id) for line in lines)
    return Counter(code for code in codes if code in ("1", "2", "3"))


def _median_hours(lines: Sequence[CallbackLine]) -> float | None:
    hours = [
        (line.settled_at - line.accepted_at).total_seconds() / 3600
        for line in lines
        if line.reached and line.settled_at and line.accepted_at
    ]
    return median(hours) if hours else None


def _settled(line: CallbackLine) -> tuple[datetime, str]:
    """The longest wait first."""
    return line.settled_at or datetime.max.replace(tzinfo=UTC), line.number


def _count(conditions: Iterable[bool]) -> int:
    return sum(conditions)
