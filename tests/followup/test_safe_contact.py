"""A safe way of contact, from the appeal to the sample unit by which the resident is asked; and who left no number."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time
from typing import Any

import asyncpg
import pytest
from followup_appeals import REVIEWER, Says
from followup_county import CENTRE, POLICE, VILLAGE, at
from followup_residents import answers, state, unit_of

from followup import appeals, callbacks, cases, reading
from followup.appeals import SafeContact
from survey.enrolling import NewPerson, enrol_persons
from survey.vault import Vault

Tokens = Callable[[], str]

ASKED = """
SELECT u.person_id, u.next_mode, u.modes, u.hours, (u.due_at AT TIME ZONE 'Asia/Shanghai')::text AS due
FROM survey.sample_unit u WHERE u.external_key = $1"""


async def handled(conn: asyncpg.Connection, number: str, tokens: Tokens) -> None:
    """The bureau has put lamps up, and the centre approved that on Tuesday at half past eleven."""
    await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
    await cases.submit(conn, number, by=REVIEWER, now=at("9 10:30"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("9 11:00"))
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    await cases.report_result(
        conn, number, by=POLICE, summary="已装路灯两盏", claimed_contact=True, now=at("10 11:00")
    )
    await cases.accept_result(conn, number, by=REVIEWER, now=at("10 11:30"), tokens=tokens, seed=7)


async def asked(conn: asyncpg.Connection, number: str) -> dict[str, Any]:
    found = await conn.fetch(ASKED, f"case:{number}:1")
    (row,) = found
    hours = row["hours"]
    return {**row, "hours": json.loads(hours) if isinstance(hours, str) else hours}


async def test_without_a_word_about_it_a_text_comes_first(
    conn: asyncpg.Connection, says: Says, wang_fang: int, tokens: Tokens
) -> None:
    number = (await says()).number
    await handled(conn, number, tokens)
    unit = await asked(conn, number)
    assert (unit["person_id"], unit["next_mode"], unit["modes"], unit["hours"]) == (
        wang_fang,
        "text",
        None,
        None,
    )


async def test_who_wants_no_texts_is_rung_and_in_their_hours(
    conn: asyncpg.Connection, says: Says, tokens: Tokens
) -> None:
    number = (await says(contact=SafeContact(no_texts=True, since=time(18), until=time(20)))).number
    await handled(conn, number, tokens)
    unit = await asked(conn, number)
    assert unit["next_mode"] != "text"
    assert "text" not in unit["modes"]
    assert unit["hours"] == {"windows": ["18:00-20:00"], "weekdays": []}
    assert "18:00:00" <= unit["due"][11:19] < "20:00:00"


async def test_a_trusted_person_is_asked_by_a_person(
    conn: asyncpg.Connection, says: Says, vault: Vault, tokens: Tokens
) -> None:
    (daughter,) = await enrol_persons(conn, vault, [NewPerson("+8615400000009", "王小丽", 1999)])
    number = (await says(contact=SafeContact(trusted_person_id=daughter))).number
    await handled(conn, number, tokens)
    unit = await asked(conn, number)
    assert (unit["person_id"], unit["next_mode"], list(unit["modes"])) == (
        daughter,
        "operator",
        ["operator"],
    )


async def test_who_left_no_number_is_not_asked_and_reads_it_by_query_code(
    conn: asyncpg.Connection, says: Says, tokens: Tokens
) -> None:
    said = await says(anonymity="anonymous", person_id=None)
    await handled(conn, said.number, tokens)
    assert await state(conn, said.number) == "closed_unrated, round 1, closed_unrated"
    told = await appeals.status_by_query_code(conn, said.query_code)
    assert told.zh == "0001号事项已有结果,尚无您的评价。30天内可凭查询码提出异议。"
    circle = await reading.circle(conn, CENTRE)
    assert (circle.rounds.due, circle.rounds.unrated) == (1, 1)
    assert [str(identity) for identity in circle.identities if not identity.holds] == []


@pytest.mark.parametrize("kind", ["opinion", "suggestion"])
async def test_opinions_end_in_their_own_way_and_are_told(
    conn: asyncpg.Connection, says: Says, tokens: Tokens, kind: str
) -> None:
    said = await says(category="1601", kind=kind, content="建议村口多装一盏灯", area_code=VILLAGE)
    number = said.number
    await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
    await cases.submit(conn, number, by=REVIEWER, now=at("9 10:30"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("9 11:00"))
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    await cases.report_result(
        conn, number, by=POLICE, summary="可以加装一盏", claimed_contact=True, now=at("10 11:00")
    )
    await cases.adopt_partly(conn, number, by=REVIEWER, explanation="先装一盏,明年再装", now=at("10 11:30"))
    assert await state(conn, number) == "partly_adopted, round 1, partly_adopted"
    assert (await appeals.status_by_query_code(conn, said.query_code)).zh == "您的建议(0001号)已部分采纳。"
    told = await conn.fetch("SELECT recipient FROM followup.notice WHERE template = 'partly_adopted'")
    assert [row["recipient"] for row in told] == [f"resident:{number}"]


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("CT=1 C1=1 C2=1 C3=1", "closed, round 1, closed"),
        ("CT=2", "wrong_person, round 1, wrong_person"),
    ],
)
async def test_a_trusted_person_answers_in_their_place(
    conn: asyncpg.Connection, says: Says, vault: Vault, tokens: Tokens, said: str, ending: str
) -> None:
    (daughter,) = await enrol_persons(conn, vault, [NewPerson("+8615400000009", "王小丽", 1999)])
    number = (await says(contact=SafeContact(trusted_person_id=daughter))).number
    await handled(conn, number, tokens)
    ref = await unit_of(conn, number, 1)
    facts = await conn.fetchval("SELECT facts FROM survey.sample_unit WHERE ref = $1", ref)
    assert facts["spoken_for"] == "yes"
    now = at("10 15:00")
    await answers(conn, ref, now, said, mode="operator", operator="1002", told=said != "CT=2")
    await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)
    assert await state(conn, number) == ending
