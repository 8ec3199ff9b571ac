"""What was tried before: of a unit, of a person for a purpose, and of a person over everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SELECT_HISTORY = """
SELECT i.unit_id, i.outcome AS code, a.dialing_at AS at, a.mode, a.day_part, a.id, i.id AS interview_id,
       a.appointment_at, a.inbound,
       EXISTS (SELECT FROM survey.person_number n
               WHERE n.person_id = a.person_id AND n.unlinked_at >= a.dialing_at) AS number_left
FROM survey.interview i JOIN survey.attempt a ON a.contact_id = i.contact_id
WHERE i.unit_id = ANY($1::bigint[]) AND i.outcome IS NOT NULL
ORDER BY a.dialing_at, a.id"""

SELECT_RECENT_OF_PERSONS = """
SELECT person_id, dialing_at FROM survey.attempt
WHERE person_id = ANY($1::bigint[]) AND counts AND dialing_at > $2
UNION ALL
SELECT person_id, person_called_at FROM survey.masked_call WHERE person_id = ANY($1::bigint[]) AND person_called_at > $2
ORDER BY dialing_at"""


@dataclass(frozen=True)
class PastAttempt:
    """An ended attempt of a unit."""

    unit_id: int
    code: str
    at: datetime
    mode: str
    day_part: str
    id: int
    interview_id: int
    appointment_at: datetime | None
    inbound: bool
    number_left: bool
    """Made on a number that has been given up since."""


async def history(conn: Any, unit_ids: Sequence[int]) -> dict[int, list[PastAttempt]]:
    """What was tried for each unit, oldest first."""
    past: dict[int, list[PastAttempt]] = {}
    for row in await conn.fetch(SELECT_HISTORY, list(unit_ids)):
        past.setdefault(row["unit_id"], []).append(PastAttempt(**row))
    return past


async def recent_of(conn: Any, person_ids: Sequence[int], since: datetime) -> dict[int, list[datetime]]:
    """When each person was tried for anything since then: the ledger of contacts over all purposes."""
    recent: dict[int, list[datetime]] = {}
    for row in await conn.fetch(SELECT_RECENT_OF_PERSONS, list(person_ids), since):
        recent.setdefault(row["person_id"], []).append(row["dialing_at"])
    return recent


SELECT_FOR_PURPOSE = """
SELECT t.unit_id, a.dialing_at,
       EXISTS (SELECT FROM survey.interview i WHERE i.contact_id = a.contact_id AND i.unit_id = t.unit_id) AS own
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS t(unit_id, person_id, purpose)
JOIN survey.attempt a ON a.person_id = t.person_id AND a.purpose = t.purpose AND a.counts AND a.dialing_at > $4
ORDER BY t.unit_id, a.dialing_at"""


async def for_purpose(
    conn: Any, people: Sequence[tuple[int, int, str]], since: datetime
) -> dict[int, list[tuple[datetime, bool]]]:
    """When the person of each (unit, person, purpose) was tried for that purpose, and whether for this very unit or for another:
    a second case, another campaign."""
    units, persons, purposes = zip(*people, strict=True) if people else ((), (), ())
    tried: dict[int, list[tuple[datetime, bool]]] = {}
    for row in await conn.fetch(SELECT_FOR_PURPOSE, list(units), list(persons), list(purposes), since):
        tried.setdefault(row["unit_id"], []).append((row["dialing_at"], row["own"]))
    return tried
