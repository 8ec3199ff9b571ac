"""Interviews, texts that we sent, and the outbox in which results travel up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from survey.field.own_hours import OwnHours, own_hours
from survey.store.waking import DUE_NOW

INSERT_INTERVIEWS = """
INSERT INTO survey.interview
    (ref, contact_id, unit_id, position, questionnaire_id, mode, lang, state, status, continues_id, opened_at, told_at,
     told_text)
SELECT t.ref, t.contact_id, t.unit_id, t.position, t.questionnaire_id, t.mode, t.lang, t.state, t.status, t.continues_id,
       CASE WHEN t.state IS NOT NULL THEN $1::timestamptz END, p.told_at, p.told_text
FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::int[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::bigint[])
     AS t(ref, contact_id, unit_id, position, questionnaire_id, mode, lang, state, status, continues_id)
LEFT JOIN survey.interview p ON p.id = t.continues_id"""


@dataclass(frozen=True)
class NewInterview:
    """A dialogue laid ready inside a contact. `state` None: it has not begun. `continues_id`: the interview with the same
    unit that it goes on from."""

    ref: str
    contact_id: int
    unit_id: int
    position: int
    questionnaire_id: int
    mode: str
    lang: str
    state: str | None
    status: str
    continues_id: int | None = None


async def insert(conn: Any, interviews: Sequence[NewInterview], at: datetime) -> None:
    """Lay dialogues ready."""
    await conn.execute(
        INSERT_INTERVIEWS,
        at,
        [i.ref for i in interviews],
        [i.contact_id for i in interviews],
        [i.unit_id for i in interviews],
        [i.position for i in interviews],
        [i.questionnaire_id for i in interviews],
        [i.mode for i in interviews],
        [i.lang for i in interviews],
        [i.state for i in interviews],
        [i.status for i in interviews],
        [i.continues_id for i in interviews],
    )


SELECT_OF_CONTACT = """
SELECT i.id, i.contact_id, i.unit_id, i.position, i.questionnaire_id, i.mode, i.lang, i.state, i.status, c.purpose, a.tz,
       coalesce(u.hours, c.hours) AS hours, c.answer_quotas
FROM survey.interview i
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.area a ON a.code = u.area_code
JOIN survey.campaign c ON c.id = u.campaign_id
WHERE i.contact_id = $1 ORDER BY i.position"""


class Interview(NamedTuple):
    """A dialogue with one unit, as it stands. `hours`, `answer_quotas`: the campaign's own hours, its quotas by answers."""

    id: int
    contact_id: int
    unit_id: int
    position: int
    questionnaire_id: int
    mode: str
    lang: str
    state: str | None
    status: str
    purpose: str
    tz: str
    hours: dict[str, Any] | None
    answer_quotas: dict[str, Any]

    @property
    def own_hours(self) -> OwnHours | None:
        return own_hours(self.hours)


async def of_contact(conn: Any, contact_id: int) -> list[Interview]:
    """The dialogues of a contact in the order they are held."""
    return [Interview(**row) for row in await conn.fetch(SELECT_OF_CONTACT, contact_id)]


SELECT_IS_NOTICE = """
SELECT EXISTS (
    SELECT FROM survey.contact k JOIN survey.interview i ON i.contact_id = k.id
    JOIN survey.sample_unit u ON u.id = i.unit_id JOIN survey.campaign c ON c.id = u.campaign_id
    WHERE k.id = $1 AND k.mode = 'text' AND c.pre_notice)"""


async def is_notice(conn: Any, contact_id: int) -> bool:
    """Whether the contact is a text that announces a call."""
    found: bool = await conn.fetchval(SELECT_IS_NOTICE, contact_id)
    return found


SELECT_BEGINNING = """
SELECT u.facts, u.prn, c.seed, p.state AS begun,
       ARRAY(SELECT t.outcome FROM survey.interview t JOIN survey.attempt a ON a.contact_id = t.contact_id
             WHERE t.unit_id = i.unit_id AND t.outcome IS NOT NULL AND NOT a.inbound) AS tried
FROM survey.interview i
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
LEFT JOIN survey.interview p ON p.id = i.continues_id
WHERE i.id = $1"""


@dataclass(frozen=True)
class Beginning:
    """What an interview needs to begin, and no step after that. `begun`: the last state of the one that it goes on from;
    `tried`: what the unit's attempts before came to, calls that came in left out."""

    facts: dict[str, str]
    prn: float
    seed: int
    begun: str | None
    tried: list[str]


async def beginning(conn: Any, interview_id: int) -> Beginning:
    """Of an interview that exists."""
    return Beginning(**await conn.fetchrow(SELECT_BEGINNING, interview_id))


SELECT_BEGUN = """
SELECT DISTINCT ON (unit_id) unit_id, id, state FROM survey.interview
WHERE unit_id = ANY($1::bigint[]) AND state IS NOT NULL ORDER BY unit_id, id DESC"""


async def begun(conn: Any, unit_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """{unit: (interview, state)} of the last dialogue that was held with each unit."""
    rows = await conn.fetch(SELECT_BEGUN, list(unit_ids))
    return {row["unit_id"]: (row["id"], row["state"]) for row in rows}


SELECT_HEAD = """
SELECT u.person_id, i.unit_id, c.purpose, i.status
FROM survey.interview i
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
WHERE i.id = $1"""


@dataclass(frozen=True)
class Head:
    """Whose interview it is, and how it stands."""

    person_id: int
    unit_id: int
    purpose: str
    status: str


async def head(conn: Any, interview_id: int) -> Head:
    """The head of an interview that exists."""
    return Head(**await conn.fetchrow(SELECT_HEAD, interview_id))


SAVE_INTERVIEW = """
UPDATE survey.interview
SET state = $2, status = $3, opened_at = coalesce(opened_at, $4), ended_at = $5,
    told_at = coalesce(told_at, $6), told_text = coalesce(told_text, $7)
WHERE id = $1 AND ended_at IS NULL"""


async def save(
    conn: Any,
    interview_id: int,
    state: str,
    status: str,
    at: datetime,
    *,
    ended: bool,
    told_text: str | None,
) -> None:
    """Store the dialogue's new state; `told_text` when the result is now known to have been heard."""
    told_at = at if told_text is not None else None
    await conn.execute(
        SAVE_INTERVIEW, interview_id, state, status, at, at if ended else None, told_at, told_text
    )


SET_MODE = """
UPDATE survey.interview SET mode = $2 WHERE id = $1 AND mode <> $2"""


async def set_mode(conn: Any, interview_id: int, mode: str) -> None:
    """The dialogue goes on in this mode."""
    await conn.execute(SET_MODE, interview_id, mode)


SET_OUTCOMES = """
UPDATE survey.interview i SET outcome = t.outcome
FROM unnest($1::bigint[], $2::text[]) AS t(id, outcome) WHERE i.id = t.id AND i.outcome IS NULL"""


async def set_outcomes(conn: Any, outcomes: Sequence[tuple[int, str]]) -> None:
    """What the contact came to for each unit it covered."""
    await conn.execute(SET_OUTCOMES, [i for i, _ in outcomes], [code for _, code in outcomes])


INSERT_TEXT_OUT = """
INSERT INTO survey.text_out (contact_id, input_id, body, segments, at) VALUES ($1, $2, $3, $4, $5)"""


INSERT_INVITATIONS = """
INSERT INTO survey.text_out (contact_id, attempt_id, body, segments, at)
SELECT t.contact_id, t.attempt_id, t.body, t.segments, $1
FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::int[]) AS t(contact_id, attempt_id, body, segments)"""


async def sent_invitations(conn: Any, texts: Sequence[tuple[int, int, str, int]], at: datetime) -> None:
    """Keep the invitations that we send: (contact, attempt, body, segments) of each."""
    contacts, attempts, bodies, parts = zip(*texts, strict=True)
    await conn.execute(INSERT_INVITATIONS, at, list(contacts), list(attempts), list(bodies), list(parts))


async def sent_text(
    conn: Any, contact_id: int | None, input_id: int, body: str, parts: int, at: datetime
) -> None:
    """Keep what we sent in reply to an input."""
    await conn.execute(INSERT_TEXT_OUT, contact_id, input_id, body, parts, at)


INSERT_INBOX_TEXT = """
INSERT INTO survey.inbox_text (input_id, reason) VALUES ($1, $2)"""


async def to_inbox(conn: Any, input_id: int, reason: str) -> None:
    """Lay a text before a person."""
    await conn.execute(INSERT_INBOX_TEXT, input_id, reason)


INSERT_OUTBOX = """
WITH laid AS (
    INSERT INTO survey.outbox (topic, unit_id, interview_id, purpose, at, arrived_real) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING purpose)
SELECT pg_notify($7, '') FROM laid WHERE purpose = 'case'"""


async def announce(
    conn: Any,
    topic: str,
    unit_id: int,
    interview_id: int | None,
    purpose: str,
    at: datetime,
    real: datetime | None,
) -> None:
    """Lay a result into the outbox, in the write of what it tells. One about a case wakes the workers when it commits."""
    await conn.execute(INSERT_OUTBOX, topic, unit_id, interview_id, purpose, at, real, DUE_NOW)


SELECT_FINISHED = """
SELECT o.id AS outbox_id, o.topic, o.purpose, u.ref AS unit_ref, u.external_key, u.centre_code, u.area_code, u.person_id,
       o.interview_id, i.mode, i.status, u.disposition, u.facts, i.told_at, i.told_text, o.at, o.arrived_real,
       coalesce(i.flags, '{}') AS flags, q.body->'appeal' AS appeal
FROM survey.outbox o
JOIN survey.sample_unit u ON u.id = o.unit_id
LEFT JOIN survey.interview i ON i.id = o.interview_id
LEFT JOIN survey.questionnaire q ON q.id = i.questionnaire_id
WHERE NOT o.consumed ORDER BY o.id LIMIT $1 FOR UPDATE OF o SKIP LOCKED"""

MARK_CONSUMED = """
UPDATE survey.outbox SET consumed = true WHERE id = ANY($1::bigint[])"""


async def unconsumed(conn: Any, limit: int) -> list[Any]:
    """Outbox rows not taken yet, locked, oldest first."""
    return list(await conn.fetch(SELECT_FINISHED, limit))


async def consumed(conn: Any, outbox_ids: Sequence[int]) -> None:
    """Taken; the consumer's own table is what makes the effect happen once."""
    await conn.execute(MARK_CONSUMED, list(outbox_ids))


SELECT_CENTRE_FACTS = """
SELECT z.short_zh, y.name_en
FROM survey.sample_unit u JOIN survey.centre z ON z.code = u.centre_code JOIN survey.area y ON y.code = z.area_code
WHERE u.id = $1"""


async def centre_facts(conn: Any, unit_id: int, lang: str) -> dict[str, str]:
    """What prompts may say of the centre that asks."""
    names = await conn.fetchrow(SELECT_CENTRE_FACTS, unit_id)
    return facts_of_centre(names["short_zh"], names["name_en"], lang)


def facts_of_centre(short_zh: str, name_en: str, lang: str) -> dict[str, str]:
    """The centre by its county's name in the resident's language; a signature is as it was registered."""
    named = short_zh if lang.startswith("zh") else name_en
    return {"centre": named, "signature": f"{short_zh}民调中心", "frame": "list", "staff_no": "001"}


SELECT_SIGNATURE = """
SELECT z.short_zh FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.centre z ON z.code = u.centre_code WHERE i.contact_id = $1 LIMIT 1"""


async def signature_of(conn: Any, contact_id: int | None) -> str:
    """【…】 of the centre that held this contact; '' where there was none."""
    short = await conn.fetchval(SELECT_SIGNATURE, contact_id)
    return f"【{short}民调中心】" if short else ""
