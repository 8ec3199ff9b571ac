"""Whom a callback reaches, by which mode, when, and who must not make it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import asyncpg
import pytest
from followup_appeals import Says
from followup_county import CENTRE, POLICE, at
from followup_residents import answers, state, unit_of, verification_of

from followup import callbacks, reading
from followup.appeal_form import SafeContact
from survey.enrolling import NewPerson, enrol_persons
from survey.vault import Vault

Tokens = Callable[[], str]

RESULT = """
INSERT INTO followup.result (case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at)
SELECT id, 1, $2, $3, '路灯已修', true, $3 FROM followup.case_file WHERE number = $1"""


async def accepted(conn: asyncpg.Connection, number: str, tokens: Tokens) -> str | None:
    """The centre has accepted the police's result on Tuesday at ten; the callback's unit."""
    await conn.execute(RESULT, number, POLICE, at("10 10:00"))
    await conn.execute("UPDATE followup.case_file SET status = 'callback_pending' WHERE number = $1", number)
    case = (await reading.passport(conn, number)).case
    return await callbacks.schedule(
        conn, case, 1, summary="路灯已修", now=at("10 10:00"), tokens=tokens, seed=7
    )


async def unit_row(conn: asyncpg.Connection, ref: str | None) -> asyncpg.Record:
    row = await conn.fetchrow("SELECT * FROM survey.sample_unit WHERE ref = $1", ref)
    assert row is not None
    return row


async def test_told_first_by_text_within_a_working_day_and_not_by_who_took_it_in(
    conn: asyncpg.Connection, says: Says, tokens: Tokens
) -> None:
    number = (await says()).number
    unit = await unit_row(conn, await accepted(conn, number, tokens))
    assert (unit["next_mode"], unit["not_by"], unit["modes"], unit["hours"]) == ("text", "0103", None, None)
    assert unit["facts"]["contact_claimed"] == "yes"
    assert at("10 10:00") <= unit["due_at"] < at("10 18:00")
    due = await conn.fetchval("SELECT due_at FROM followup.callback")
    assert due == at("11 18:00")


async def test_the_call_that_a_text_brings_is_not_made_by_them_either(
    conn: asyncpg.Connection, says: Says, tokens: Tokens
) -> None:
    number = (await says()).number
    await accepted(conn, number, tokens)
    await answers(conn, await unit_of(conn, number, 1), at("10 15:00"), "C2=3 C1=1 C3=3 C7=1")
    await callbacks.take_finished(conn, now=at("10 15:00"), real_now=lambda: at("10 15:00"), tokens=tokens)
    unit = await unit_row(conn, await verification_of(conn, number, 1))
    assert (unit["not_by"], unit["next_mode"]) == ("0103", "operator")


async def test_a_staff_number_is_known_under_its_title_too(
    conn: asyncpg.Connection, says: Says, tokens: Tokens
) -> None:
    number = (await says(first_handler="调查员-1021")).number
    assert (await unit_row(conn, await accepted(conn, number, tokens)))["not_by"] == "1021"


async def test_of_sixty_and_over_a_voice_comes_first(
    conn: asyncpg.Connection, says: Says, vault: Vault, tokens: Tokens
) -> None:
    people = [
        NewPerson("+8615400000060", "赵桂兰", 1950),
        NewPerson("+8615400000061", "钱江", 1990, landline=True),
    ]
    for person in await enrol_persons(conn, vault, people):
        number = (await says(person_id=person)).number
        assert (await unit_row(conn, await accepted(conn, number, tokens)))["next_mode"] == "voice"


async def test_a_safe_way_of_contact_goes_before_the_usual_one(
    conn: asyncpg.Connection, says: Says, tokens: Tokens
) -> None:
    """No texts, and only while nobody else is at home."""
    safe = SafeContact(no_texts=True, since=time(15), until=time(16, 30))
    number = (await says(contact=safe)).number
    unit = await unit_row(conn, await accepted(conn, number, tokens))
    assert (unit["modes"], unit["next_mode"]) == (["voice"], "voice")
    assert at("10 15:00") <= unit["due_at"] < at("10 16:30")


async def test_a_trusted_person_is_spoken_to_by_a_person(
    conn: asyncpg.Connection, says: Says, vault: Vault, tokens: Tokens
) -> None:
    (sister,) = await enrol_persons(conn, vault, [NewPerson("+8615400000077", "王芬", 1978)])
    number = (await says(contact=SafeContact(trusted_person_id=sister))).number
    unit = await unit_row(conn, await accepted(conn, number, tokens))
    assert (unit["person_id"], unit["modes"], unit["next_mode"]) == (sister, ["operator"], "operator")


@pytest.mark.parametrize("anonymity", ["anonymous"])
async def test_who_left_no_number_is_an_ending_of_its_own(
    conn: asyncpg.Connection, says: Says, tokens: Tokens, anonymity: str
) -> None:
    number = (await says(person_id=None, anonymity=anonymity)).number
    assert await accepted(conn, number, tokens) is None
    assert await state(conn, number) == "closed_unrated, round 1, closed_unrated"
    (callback,) = (await reading.passport(conn, number)).callbacks
    assert (callback.verdict, callback.counted_as, callback.reached) == ("closed_unrated", "no_rating", False)
    sums = [str(identity) for identity in (await reading.circle(conn, CENTRE)).identities]
    assert sums[:2] == [
        "results received 1 = callbacks created 1 + not suitable 0",
        "due 1 = reached 0 + unreached 0 + unrated 1 + waiting 0",
    ]
