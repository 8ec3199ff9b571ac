"""The open text threads that `minyi bench inbound` answers: one is begun at the doors, the others are its copies, each with a
person of its own. Afterwards: is everything kept that was sent, and nothing twice?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from survey.channels.twilio import twiml
from survey.claiming import lay_ready
from survey.concluding import thread_end
from survey.dialogue.engine import step
from survey.dialogue.inputs import Message
from survey.dialogue.state import State
from survey.enrolling import NewPerson, enrol_persons
from survey.ground import Ground
from survey.moment_facts import moment_facts
from survey.questionnaire.loader import library
from survey.store import attempts, campaigns, contacts, due_units, units
from survey.store.campaigns import NewCampaign
from survey.store.contacts import NewContact
from survey.store.units import NewUnit
from workers import city
from workers.bench.inbound_requests import BODIES, body, number
from workers.seeding import load_city

SEED: Final = 1
INSTRUMENT: Final = "perception"


class Miscounted(RuntimeError):
    """What is in the database is not what was sent; how fast that was means nothing."""


async def lay_threads(ground: Ground, centre: str, threads: int) -> Sequence[str]:
    """Threads 0 and following in an empty database, each waiting for its first answer. The replies to BODIES, as TwiML."""
    async with ground.pool.acquire() as conn:
        await load_city(conn)
        async with conn.transaction():
            contact = await _begin_first(ground, conn, centre)
        made = [NewPerson(number(n)) for n in range(1, threads)]
        for first in range(0, len(made), 20_000):
            await enrol_persons(conn, ground.vault, made[first : first + 20_000])
        for statement in COPIES:
            await conn.execute(statement, contact)
        await conn.execute(SETTLE)
        row = await conn.fetchrow(SELECT_STATE, contact)
    return _replies(State.from_json(row["state"]), ground, row["tz"])


async def _begin_first(ground: Ground, conn: Any, centre: str) -> int:
    """A perception thread whose invitation the carrier has taken; its contact."""
    now, instrument = ground.clock.now(), library(INSTRUMENT)
    body = json.loads(instrument.to_json())
    pinned = await campaigns.freeze(conn, instrument.code, instrument.version, instrument.sha256, body, now)
    new = NewCampaign(centre, "bench", "平安建设调查", "survey", pinned, ("text",), SEED, now, None, {})
    campaign, _ = await campaigns.open_campaign(conn, new)
    (person,) = await enrol_persons(conn, ground.vault, [NewPerson(number(0))])
    area = next(one.code for one in city.areas(centre) if one.level == "village")
    prn = ground.vault.prn(number(0))
    unit = NewUnit(ground.tokens(), person, area, "0", prn, 1.0, {}, "text", now)
    await units.release(conn, centre, campaign, now, [unit])
    due = await due_units.claim_of_person(conn, person, "text")
    opened = await contacts.open_contacts(
        conn, [NewContact(person, "survey", "text", thread_end("survey", now))], now
    )
    (claimed,) = await lay_ready(ground, conn, [due], opened, None, None)
    await attempts.accepted(conn, [(claimed.attempt_id, "SM0")])
    return claimed.contact_id


COPY_UNITS = """
INSERT INTO survey.sample_unit
    (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, facts, status, released_at)
SELECT 'u' || p.id, u.centre_code, u.campaign_id, p.id, u.area_code, p.id::text, p.prn, u.facts, u.status, u.released_at
FROM survey.contact k JOIN survey.sample_unit u ON u.person_id = k.person_id, survey.person p
WHERE k.id = $1 AND p.id <> k.person_id ORDER BY p.id"""

COPY_CONTACTS = """
INSERT INTO survey.contact (person_id, purpose, mode, opened_at, expires_at)
SELECT p.id, k.purpose, k.mode, k.opened_at, k.expires_at
FROM survey.contact k, survey.person p WHERE k.id = $1 AND p.id <> k.person_id ORDER BY p.id"""

COPY_ATTEMPTS = """
INSERT INTO survey.attempt
    (ref, contact_id, person_id, unit_id, purpose, mode, status, sid, dialing_at, day, day_part)
SELECT 'a' || u.id, o.id, o.person_id, u.id, a.purpose, a.mode, a.status, 'SM' || u.id, a.dialing_at, a.day, a.day_part
FROM survey.attempt a, survey.contact o JOIN survey.sample_unit u ON u.person_id = o.person_id
WHERE a.contact_id = $1 AND o.id <> a.contact_id ORDER BY o.id"""

COPY_INTERVIEWS = """
INSERT INTO survey.interview
    (ref, contact_id, unit_id, position, questionnaire_id, mode, lang, state, status, opened_at)
SELECT 'i' || u.id, o.id, u.id, i.position, i.questionnaire_id, i.mode, i.lang, i.state, i.status, i.opened_at
FROM survey.interview i, survey.contact o JOIN survey.sample_unit u ON u.person_id = o.person_id
WHERE i.contact_id = $1 AND o.id <> i.contact_id ORDER BY o.id"""

SETTLE: Final = (
    "VACUUM (ANALYZE) survey.person, survey.sample_unit, survey.contact, survey.attempt, survey.interview"
)
"""Not of the tables that are still empty: the planner would hold them to be empty for good."""

COPIES: Final = (COPY_UNITS, COPY_CONTACTS, COPY_ATTEMPTS, COPY_INTERVIEWS)

SELECT_STATE = """
SELECT i.state, a.tz FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.area a ON a.code = u.area_code WHERE i.contact_id = $1"""


def _replies(state: State, ground: Ground, tz: str) -> Sequence[str]:
    """What the dialogue says to each text, by the engine alone."""
    instrument, said = library(INSTRUMENT), []
    for place in range(len(BODIES)):
        facts = moment_facts(ground.clock.now(), tz, instrument.purpose, state.lang)
        state, turn = step(instrument, state, Message(body(0, place)), facts=facts)
        if turn.status != "open":
            raise Miscounted(
                f"the thread is over after {BODIES[place]!r}: BODIES no longer fits {instrument.code}."
            )
        said.append(twiml.message("".join(turn.prompts)))
    return said


COUNT_KEPT = """
SELECT (SELECT count(*) FROM survey.input)::int AS inputs,
       (SELECT count(DISTINCT message_sid) FROM survey.input WHERE effect = 'answered')::int AS answered,
       (SELECT count(*) FROM survey.text_out WHERE input_id IS NOT NULL)::int AS replies,
       (SELECT sum((state::jsonb ->> 'step')::int) FROM survey.interview)::int AS steps,
       (SELECT count(DISTINCT input_id) FROM survey.answer)::int AS with_answers"""


async def check_kept(conn: Any, answers: int) -> None:
    """Every answer is one input, one reply and one step of its dialogue, with what it answered. Raises Miscounted."""
    kept = dict(await conn.fetchrow(COUNT_KEPT))
    wrong = {name: count for name, count in kept.items() if count != answers}
    if wrong:
        raise Miscounted(f"{answers} answers were sent, and of these are: {wrong}")
