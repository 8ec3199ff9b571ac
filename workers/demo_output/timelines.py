"""The life of each flagged case, as one reads it: what was raised, what the unit did, what the resident
said, what was decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup.reading import CasePassport, passport
from followup.reports import terms
from followup.reports.callback_rows import CallbackLine
from survey.masking import without_numbers


@dataclass(frozen=True)
class RoundStory:
    """One round: result, callback, decision. Empty strings where there was nothing."""

    round: int
    unit_zh: str
    dispatched_at: datetime | None
    limit_until: datetime | None
    result: str
    reported_at: datetime | None
    claimed_contact: bool
    told_at: datetime | None
    told_text: str
    callback_at: datetime | None
    mode: str
    answers: tuple[tuple[str, str], ...]
    words: str
    verdict: str
    reasons: tuple[str, ...]
    flagged: bool
    decision: str
    decided_at: datetime | None
    decision_reason: str
    decision_post: str


@dataclass(frozen=True)
class CaseStory:
    """A case with its rounds. `ending` is "open" while it has none."""

    number: str
    short_number: str
    source: str
    content: str
    received_at: datetime
    closed_at: datetime | None
    ending: str
    rounds: tuple[RoundStory, ...]

    @property
    def interest(self) -> tuple[int, int, str]:
        """Sort key: most rounds first, then those with decisions of the rarer kind."""
        rare = any(r.decision == "reject" for r in self.rounds) or self.ending == "open"
        return -len(self.rounds), -int(rare), self.number


async def read_timelines(conn: asyncpg.Connection, callbacks: Sequence[CallbackLine]) -> list[CaseStory]:
    """Every case with a flagged callback, the most eventful first."""
    numbers = sorted({line.number for line in callbacks if line.flagged})
    units = {line.unit_code: line.unit_zh for line in callbacks}
    stories = [case_story(await passport(conn, number), units) for number in numbers]
    return sorted(stories, key=lambda story: story.interest)


def case_story(case: CasePassport, unit_names: Mapping[str, str]) -> CaseStory:
    """The rounds of a case, put together from what each table holds of them."""
    numbers = sorted(
        {r.round for r in case.results}
        | {c.round for c in case.callbacks}
        | {a.round for a in case.assignments}
    )
    return CaseStory(
        number=case.case.number,
        short_number=case.case.short_number,
        source=case.case.source,
        content=without_numbers(case.case.content),
        received_at=case.case.received_at,
        closed_at=case.case.closed_at,
        ending=case.case.ending or "open",
        rounds=tuple(_round(case, number, unit_names) for number in numbers),
    )


def _round(case: CasePassport, number: int, unit_names: Mapping[str, str]) -> RoundStory:
    lead = next((a for a in case.assignments if a.round == number and a.role == "lead"), None)
    result = next((r for r in case.results if r.round == number), None)
    callback = next((c for c in case.callbacks if c.round == number), None)
    unit = result.unit_code if result else lead.unit_code if lead else ""
    return RoundStory(
        round=number,
        unit_zh=unit_names.get(unit, unit),
        dispatched_at=lead.dispatched_at if lead else None,
        limit_until=lead.due_at if lead else None,
        result=result.result_summary if result else "",
        reported_at=result.reported_at if result else None,
        claimed_contact=bool(result and result.claimed_contact),
        told_at=callback.told_at if callback else None,
        told_text=(callback.told_text or "") if callback else "",
        callback_at=callback.settled_at if callback else None,
        mode=(callback.mode or "") if callback else "",
        answers=_answers(callback.answers) if callback else (),
        words=without_numbers((callback.words or "") if callback else ""),
        verdict=(callback.verdict or "") if callback else "",
        reasons=callback.reasons if callback else (),
        flagged=bool(callback and callback.flagged),
        decision=(callback.decision or "") if callback else "",
        decided_at=callback.decided_at if callback else None,
        decision_reason=without_numbers((callback.decision_reason or "") if callback else ""),
        decision_post=(callback.decision_post or "") if callback else "",
    )


def _answers(stored: Mapping[str, object] | None) -> tuple[tuple[str, str], ...]:
    """Question and code, of the questions whose codes have words, in their order."""
    pairs = []
    for question in terms.ANSWERS:
        value = (stored or {}).get(question)
        code = value[0] if isinstance(value, list) else value
        if isinstance(code, str):
            pairs.append((question, code))
    return tuple(pairs)
