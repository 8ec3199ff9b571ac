"""Reading what speaks for and against a claimed contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

SELECT_CLAIM = """
SELECT to_jsonb(r) - 'case_id' - 'result_summary' FROM followup.result AS r WHERE r.case_id = $1 AND r.round = $2"""


async def claim_of(conn: asyncpg.Connection, case_id: int, round_: int) -> dict[str, Any]:
    """Everything that the unit reported of the round but the words for the resident; {} without a result."""
    return dict(await conn.fetchval(SELECT_CLAIM, case_id, round_) or {})


@dataclass(frozen=True)
class OurCall:
    """One attempt of ours to reach the resident about this round."""

    mode: str
    at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: str | None

    def as_json(self) -> dict[str, Any]:
        """With times in ISO form, and the seconds of the talk."""
        talked = (
            (self.ended_at - self.answered_at).total_seconds() if self.answered_at and self.ended_at else None
        )
        return {
            "mode": self.mode,
            "at": self.at.isoformat(),
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "seconds": talked,
            "outcome": self.disposition,
        }


SELECT_OUR_CALLS = """
SELECT t.mode, t.dialing_at AS at, t.answered_at, t.ended_at, t.disposition
FROM survey.attempt AS t
WHERE t.contact_id IN (SELECT i.contact_id FROM survey.interview AS i
                       JOIN survey.sample_unit AS u ON u.id = i.unit_id WHERE u.ref = $1)
ORDER BY t.dialing_at, t.id"""


async def calls_of(conn: asyncpg.Connection, unit_ref: str) -> list[OurCall]:
    """Our attempts to reach the resident through this sample unit, oldest first."""
    return [OurCall(**row) for row in await conn.fetch(SELECT_OUR_CALLS, unit_ref)]


SELECT_BRIDGED = """
SELECT jsonb_build_object('unit', e.unit_code, 'asked_at', e.requested_at, 'begun_at', e.begun_at, 'ended_at', e.ended_at,
    'seconds', e.seconds)
FROM followup.bridge AS e WHERE e.case_id = $1 AND e.round = $2 ORDER BY e.requested_at, e.ref"""


async def bridged_calls(conn: asyncpg.Connection, case_id: int, round_: int) -> list[dict[str, Any]]:
    """Calls of units that went through our masked bridge in the round: those are proven. Without any reference."""
    return [dict(row[0]) for row in await conn.fetch(SELECT_BRIDGED, case_id, round_)]
