"""Units with all that contacting their person needs: who is due, who is on the line, whom a contact covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.field.own_hours import OwnHours, own_hours
from survey.field.who_answered import Detection


def _claim(taken: str, looked_at: str) -> str:
    """Appointments first, wherever they stand in their campaign, then results that are owed; the rest in turns of the campaigns
    that run (survey.field.turns), so that none waits for another. Campaigns of $7 have no room. `looked_at`: more than are
    `taken`, should some be locked by others."""
    return f"""
WITH turns AS (
    SELECT n.id, n.due_at, n.prn, n.external_key, d.purpose = 'case' AS owed,
           greatest($6::float8, coalesce(w.passed, 0))
               + (row_number() OVER (PARTITION BY d.id ORDER BY n.due_at, n.prn, n.external_key) - 1) / d.weight AS turn,
           n.appointment_at IS NOT NULL AND n.due_at > $5 AS agreed
    FROM survey.campaign d
    LEFT JOIN survey.campaign_turn w ON w.campaign_id = d.id AND w.channel = $2
    CROSS JOIN LATERAL ((SELECT v.id, v.due_at, v.prn, v.external_key, v.appointment_at FROM survey.sample_unit v
                         WHERE v.campaign_id = d.id AND v.status = 'waiting' AND v.due_at > $5 AND v.due_at <= $1
                           AND v.next_mode = $2 AND v.appointment_at IS NOT NULL
                           AND (v.not_by IS NULL OR v.not_by IS DISTINCT FROM $3) LIMIT {taken})
                        UNION ALL
                        (SELECT v.id, v.due_at, v.prn, v.external_key, v.appointment_at FROM survey.sample_unit v
                         WHERE v.campaign_id = d.id AND v.status = 'waiting' AND v.due_at <= $1 AND v.next_mode = $2
                           AND NOT (v.appointment_at IS NOT NULL AND v.due_at > $5)
                           AND (v.not_by IS NULL OR v.not_by IS DISTINCT FROM $3)
                           AND ($3::text IS NULL OR NOT EXISTS (SELECT FROM survey.attempt b
                                WHERE b.unit_id = v.id AND b.operator = $3 AND b.disposition = ANY($4::text[])))
                         ORDER BY v.due_at, v.prn, v.external_key LIMIT {looked_at})) n
    WHERE d.status = 'running' AND d.id <> ALL($7::bigint[])
), first AS (
    SELECT id, row_number() OVER (ORDER BY agreed DESC, owed DESC, turn, due_at, prn, external_key) AS place
    FROM turns ORDER BY place LIMIT {looked_at}
)
SELECT u.id, u.ref, u.centre_code, u.campaign_id, u.person_id, u.next_mode AS mode, u.due_at, u.prn, u.facts, u.disposition,
       u.cells, c.has_seats, c.has_budget, c.daily_target, c.mode_delays, c.machine_detection, c.converts, c.weight,
       coalesce(u.hours, c.hours) AS hours, c.pre_notice, u.appointment_at,
       c.purpose, coalesce(u.modes, c.modes) AS modes, c.seed, c.questionnaire_id, c.closes_at, a.tz, p.number_cipher,
       p.lang, p.birth_year, p.landline,
       p.unlinked_at, z.short_zh AS centre_zh, y.name_en AS centre_en, z.name_zh AS centre_name, c.status AS campaign_status,
       EXISTS (SELECT FROM survey.contact k WHERE k.person_id = u.person_id AND k.closed_at IS NULL) AS in_another
FROM first
JOIN survey.sample_unit u ON u.id = first.id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.person p ON p.id = u.person_id
JOIN survey.area a ON a.code = u.area_code
JOIN survey.centre z ON z.code = u.centre_code
JOIN survey.area y ON y.code = z.area_code
WHERE u.status = 'waiting'
ORDER BY first.place LIMIT {taken}
FOR UPDATE OF u SKIP LOCKED"""  # noqa: S608 - the parts are ours


CLAIM_DUE = _claim("$8", "$8 + 20")
CLAIM_ONE = _claim("1", "21")
"""For a desk. With its limits in the words Postgres keeps one plan of it; one of the other is made each time, which for a single
row takes ten times as long as running it."""


@dataclass(frozen=True)
class DueUnit:
    """A unit whose time has come, with all that is needed to contact the person."""

    id: int
    ref: str
    centre_code: str
    campaign_id: int
    person_id: int
    mode: str
    due_at: datetime
    prn: float
    facts: dict[str, str]
    disposition: str
    purpose: str
    modes: list[str]
    seed: int
    questionnaire_id: int
    closes_at: datetime | None
    tz: str
    number_cipher: bytes
    lang: str
    birth_year: int | None
    landline: bool
    unlinked_at: datetime | None
    centre_zh: str
    centre_en: str
    centre_name: str
    campaign_status: str
    cells: dict[str, str]
    has_seats: bool
    has_budget: bool
    daily_target: int | None
    mode_delays: dict[str, float]
    machine_detection: Detection | None
    converts: bool
    weight: float
    hours: dict[str, Any] | None
    pre_notice: bool
    appointment_at: datetime | None
    in_another: bool
    """The person is in another contact, or (where the unit is covered by one) in this one."""

    @property
    def is_notice(self) -> bool:
        """This contact only announces a call."""
        return self.pre_notice and self.mode == "text"

    @property
    def part(self) -> tuple[int, int, bool]:
        """Whom a contact is with, about which campaign, and whether in the place of somebody who named them: who they are is
        asked once, so that one contact is about one such part."""
        return self.person_id, self.campaign_id, self.facts.get("spoken_for") == "yes"

    @property
    def own_hours(self) -> OwnHours | None:
        """The campaign's own calling hours."""
        return own_hours(self.hours)


@dataclass(frozen=True)
class Claiming:
    """Who claims. `operator`: not those who refused softly to this very person (`refused`: the codes of that), nor those whom
    this person must not ask.
    `kept_since`: appointments agreed for a moment after it come before everybody else. `turn`: the one being given out.
    `closed`: campaigns of which nobody is claimed now."""

    operator: str | None
    refused: Sequence[str]
    kept_since: datetime
    turn: float = 0.0
    closed: Sequence[int] = ()


async def claim_due(conn: Any, now: datetime, mode: str, limit: int, who: Claiming) -> list[DueUnit]:
    """Units due in this mode, appointments and cases first, locked until the transaction ends."""
    given = (now, mode, who.operator, list(who.refused), who.kept_since, who.turn, list(who.closed))
    rows = await (conn.fetch(CLAIM_ONE, *given) if limit == 1 else conn.fetch(CLAIM_DUE, *given, limit))
    names = tuple(rows[0].keys()) if rows else ()  # looked up once: each record would look up thirty again
    return [DueUnit(**dict(zip(names, row, strict=True))) for row in rows]


CLAIM_OF_PERSON = """
SELECT u.id, u.ref, u.centre_code, u.campaign_id, u.person_id, $2::text AS mode, u.due_at, u.prn, u.facts, u.disposition,
       u.cells, c.has_seats, c.has_budget, c.daily_target, c.mode_delays, c.machine_detection, c.converts, c.weight,
       coalesce(u.hours, c.hours) AS hours, c.pre_notice, u.appointment_at,
       c.purpose, coalesce(u.modes, c.modes) AS modes, c.seed, c.questionnaire_id, c.closes_at, a.tz, p.number_cipher,
       p.lang, p.birth_year, p.landline,
       p.unlinked_at, z.short_zh AS centre_zh, y.name_en AS centre_en, z.name_zh AS centre_name, c.status AS campaign_status,
       false AS in_another
FROM survey.sample_unit u
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.person p ON p.id = u.person_id
JOIN survey.area a ON a.code = u.area_code
JOIN survey.centre z ON z.code = u.centre_code
JOIN survey.area y ON y.code = z.area_code
WHERE u.person_id = $1 AND u.status = 'waiting' AND c.status = 'running' AND coalesce(u.modes, c.modes) <> '{operator}'
  AND u.campaign_id = (SELECT v.campaign_id FROM survey.sample_unit v JOIN survey.campaign d ON d.id = v.campaign_id
                       WHERE v.person_id = $1 AND v.status = 'waiting' AND d.status = 'running'
                         AND coalesce(v.modes, d.modes) <> '{operator}'
                       ORDER BY (d.purpose = 'case') DESC, v.due_at, v.id LIMIT 1)
ORDER BY u.due_at, u.id
FOR UPDATE OF u SKIP LOCKED"""


async def claim_of_person(conn: Any, person_id: int, mode: str) -> list[DueUnit]:
    """What waits for this person in the campaign that comes first, to be held now by `mode`, a machine's, although it may not be
    due: they are on the line themselves. What only a person may ask is not among it. Locked until the transaction ends."""
    return [DueUnit(**row) for row in await conn.fetch(CLAIM_OF_PERSON, person_id, mode)]


MAY_BE_HELD = """
SELECT c.purpose FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
LEFT JOIN survey.contact k ON k.person_id = u.person_id AND k.closed_at IS NULL
WHERE u.person_id = $1 AND c.status = 'running' AND coalesce(u.modes, c.modes) <> '{operator}'
  AND (u.status = 'waiting' AND k.id IS NULL OR u.status IN ('waiting', 'in_contact') AND k.mode = 'text')
ORDER BY (c.purpose = 'case') DESC LIMIT 1"""


async def may_be_held(conn: Any, person_id: int) -> str | None:
    """The purpose of what a machine could ask this person now, were they on the line; None: nothing, or they are in a call."""
    purpose: str | None = await conn.fetchval(MAY_BE_HELD, person_id)
    return purpose


SELECT_COVERED = """
SELECT u.id, u.ref, u.centre_code, u.campaign_id, u.person_id, k.mode, u.released_at AS due_at, u.prn, u.facts,
       u.cells, c.has_seats, c.has_budget, c.daily_target, c.mode_delays, c.machine_detection, c.converts, c.weight,
       coalesce(u.hours, c.hours) AS hours, c.pre_notice, u.appointment_at,
       u.disposition, c.purpose, coalesce(u.modes, c.modes) AS modes, c.seed, c.questionnaire_id, c.closes_at, a.tz,
       p.number_cipher, p.lang, p.birth_year, p.landline, p.unlinked_at,
       z.short_zh AS centre_zh, y.name_en AS centre_en, z.name_zh AS centre_name,
       c.status AS campaign_status, true AS in_another
FROM survey.interview i
JOIN survey.contact k ON k.id = i.contact_id
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.person p ON p.id = u.person_id
JOIN survey.area a ON a.code = u.area_code
JOIN survey.centre z ON z.code = u.centre_code
JOIN survey.area y ON y.code = z.area_code
WHERE i.contact_id = $1 AND u.status = 'in_contact'
ORDER BY i.position"""


async def covered(conn: Any, contact_id: int) -> list[DueUnit]:
    """The units a contact is about that are still in it, in the order they are asked."""
    return [DueUnit(**row) for row in await conn.fetch(SELECT_COVERED, contact_id)]
