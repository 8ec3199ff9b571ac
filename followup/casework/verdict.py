"""The verdict on a callback: a pure table, first line that fits (settled.md §3, verdict.yaml)."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from survey.policies import packaged

CountedAs = Literal["as_answered", "unsolved_or_dissatisfied", "partly", "no_rating", "not_reached"]
Condition = Mapping[str, tuple[str, ...]]
MISSING = "missing"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Row):
    """One line of the table."""

    line: int
    verdict: str
    counted_as: CountedAs
    when: tuple[dict[str, tuple[str, ...]], ...]


class Reason(_Row):
    """Why a case is flagged."""

    reason: str
    when: tuple[dict[str, tuple[str, ...]], ...]


class Words(_Row):
    """What people read for a verdict or a reason."""

    zh: str
    en: str


class VerdictTable(_Row):
    """The body of policy `verdict`."""

    items: dict[str, tuple[str, ...]]
    missing_codes: tuple[str, ...]
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]
    words: dict[str, Words]


class Verdict(_Row):
    """What follows from a callback.

    `verdict`: "flagged" or the ending; `ending`: None while flagged. `reasons`: all that hold, the gravest
    first; empty unless flagged. `line`: of settled.md §3.
    """

    line: int
    verdict: str
    ending: str | None
    flagged: bool
    reasons: tuple[str, ...]
    counted_as: CountedAs


@cache
def verdict_table() -> VerdictTable:
    """The packaged table."""
    return VerdictTable.model_validate(packaged("followup.casework", "verdict").body)


def verdict(answers: Mapping[str, str | None], *, claimed_contact: bool, reached: bool) -> Verdict:
    """The verdict on the answers C0-C7 of one round; other items are left aside.

    claimed_contact: the unit says that it contacted the resident. reached: the result was told to the
    resident; False only when attempts and days are exhausted. Raises ValueError for a code that the item does
    not have, and for answers about the result from somebody who was not reached.
    """
    facts = _facts(answers, claimed_contact=claimed_contact, reached=reached)
    line = next(line for line in verdict_table().lines if _holds(line.when, facts))
    flagged = line.verdict == "flagged"
    return Verdict(
        line=line.line,
        verdict=line.verdict,
        ending=None if flagged else line.verdict,
        flagged=flagged,
        reasons=tuple(_reasons(facts)) if flagged else (),
        counted_as=line.counted_as,
    )


def _reasons(facts: Mapping[str, str]) -> Iterator[str]:
    return (row.reason for row in verdict_table().reasons if _holds(row.when, facts))


def _holds(conditions: tuple[dict[str, tuple[str, ...]], ...], facts: Mapping[str, str]) -> bool:
    return all(any(facts[item] in codes for item, codes in one.items()) for one in conditions)


def _facts(answers: Mapping[str, str | None], *, claimed_contact: bool, reached: bool) -> dict[str, str]:
    items = {item: _code(item, answers.get(item)) for item in verdict_table().items}
    rated = [item for item, code in items.items() if item != "C0" and code != MISSING]
    if rated and not reached and items["C0"] != "2":
        raise ValueError(
            f"verdict: {', '.join(rated)} answered though the resident was not reached; "
            "an answer to a result proves that it was told: pass reached=True"
        )
    return items | {
        "claimed_contact": "yes" if claimed_contact else "no",
        "reached": "yes" if reached else "no",
    }


def _code(item: str, code: str | None) -> str:
    table = verdict_table()
    if code is None or code in table.missing_codes:
        return MISSING
    if code not in table.items[item]:
        raise ValueError(
            f"verdict: {item} has no code {code!r}; it has {', '.join(table.items[item])} and missing codes"
        )
    return code
