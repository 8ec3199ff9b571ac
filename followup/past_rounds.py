"""What the next round starts from: results and answers of the rounds before, without anything that shows who the resident is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import asyncpg

from followup import telling
from followup.casework.limits import Due
from followup.casework.verdict import verdict_table
from followup.redaction import redacted
from followup.store import past_rounds as rows
from followup.store.cases import CaseRow


@dataclass(frozen=True)
class PastRound:
    """One round that did not do. `said`: the reasons of the verdict; `words`: the resident's own, redacted."""

    round: int
    unit: str
    unit_zh: str
    reported_at: str
    result: str
    claimed_contact: bool
    said: tuple[str, ...]
    words: str | None
    heard_in_call: str | None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the event of the next round."""
        return asdict(self)

    def __str__(self) -> str:
        named = verdict_table().words
        said = "、".join(named[reason].zh if reason in named else reason for reason in self.said) or "-"
        words = f"({self.words})" if self.words else ""
        return f"第{self.round}轮 {self.unit_zh}:{self.result};群众:{said}{words}"


async def of_case(conn: asyncpg.Connection, case_id: int) -> list[PastRound]:
    """The rounds of a case that have a result, oldest first."""
    return [
        PastRound(
            round=row.round,
            unit=row.unit_code,
            unit_zh=row.unit_zh,
            reported_at=row.reported_at.isoformat(),
            result=redacted(row.result_summary),
            claimed_contact=row.claimed_contact,
            said=row.reasons,
            words=redacted(row.words) if row.words else None,
            heard_in_call=row.verify_outcome,
        )
        for row in await rows.rounds_before(conn, case_id)
    ]


async def hand_on(
    conn: asyncpg.Connection,
    case: CaseRow,
    round_: int,
    lead: str,
    due: Due,
    before: Sequence[PastRound],
    why: str,
    *,
    now: datetime,
) -> None:
    """Owe the lead the order of the next round with its history, and the supervision office a copy."""
    facts = {
        "round": str(round_),
        "why": redacted(why),
        "sign_by": telling.hour(due.sign_by),
        "due": telling.hour(due.handle_by),
        "history": "\n".join(map(str, before)),
    }
    await telling.unit(conn, case, lead, "redispatch", once=str(round_), now=now, **facts)
    await telling.office(conn, case, "redispatch_copy", once=str(round_), now=now, lead=lead, **facts)
