"""Units that ask a resident whom they must not know, through the centre; and what units read of a case at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from followup_appeals import DARK, REVIEWER, Says
from followup_county import POLICE, TOWN, WATER, at

from followup import cases, reading, relaying, unit_view
from followup.refusals import (
    NobodyToAsk,
    NotForTheseEyes,
    NotItsCase,
    ReasonMissing,
    RelayElsewhere,
)
from survey.store.pool import connection
from survey.vault import Vault

WORDS = "王芳反映:王庄村88号门前路灯不亮,我叫王芳,电话15400000001,甘A12345常停在那"
With = Callable[..., Awaitable[str]]


@pytest.fixture
def with_police(conn: asyncpg.Connection, says: Says) -> With:
    """A case of 王芳's that the bureau leads and the town assists with."""

    async def dispatched(anonymity: str = "confidential", **fields: object) -> str:
        person = {"person_id": None} if anonymity == "anonymous" else {}
        number = (await says(appeal=DARK, content=WORDS, anonymity=anonymity, **{**person, **fields})).number
        await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
        await cases.submit(conn, number, by=REVIEWER, now=at("9 10:10"))
        await cases.dispatch(conn, number, lead=POLICE, assists=[TOWN], by="督查室", now=at("9 11:00"))
        return number

    return dispatched


async def test_a_question_goes_there_and_back_and_each_step_is_an_event(
    conn: asyncpg.Connection, vault: Vault, with_police: With
) -> None:
    number = await with_police()
    asked = await relaying.ask(conn, number, unit=POLICE, question="灯从哪天起不亮?", now=at("9 14:00"))
    assert asked == 1
    await relaying.approve(conn, number, 1, by=REVIEWER, put_as="请问灯从哪天起不亮?", now=at("9 14:30"))
    passed = await relaying.keep_answer(
        conn,
        vault,
        number,
        1,
        words="二月底,王芳说打15400000001可以细说,她住2单元301",
        by="调查员-0103",
        now=at("9 15:00"),
    )
    assert passed == "二月底,〔姓名〕说打〔号码〕可以细说,她住〔门牌〕"
    (kept,) = await relaying.relays_of(conn, number)
    assert kept.answer == "二月底,王芳说打〔号码〕可以细说,她住2单元301"
    assert (kept.unit_code, kept.decided_by, kept.answered_by) == (POLICE, REVIEWER, "调查员-0103")
    events = (await reading.passport(conn, number)).events
    assert [(one.event, one.actor, one.reason, one.detail) for one in events[-3:]] == [
        ("relay_ask", POLICE, "灯从哪天起不亮?", {"relay": 1}),
        ("relay_approve", REVIEWER, "请问灯从哪天起不亮?", {"relay": 1}),
        ("relay_answer", "调查员-0103", passed, {"relay": 1}),
    ]
    told = await conn.fetch(
        "SELECT recipient, template, facts FROM followup.notice WHERE template LIKE 'relay%' ORDER BY id"
    )
    assert [(row["recipient"], row["template"]) for row in told] == [
        ("post:supervisor:991721", "relay_asked"),
        (f"unit:{POLICE}", "relay_answered"),
    ]
    assert told[1]["facts"]["answer"] == passed


async def test_a_question_that_would_give_the_resident_away_is_not_put(
    conn: asyncpg.Connection, vault: Vault, with_police: With
) -> None:
    number = await with_police()
    await relaying.ask(conn, number, unit=POLICE, question="您住几号?", now=at("9 14:00"))
    with pytest.raises(ReasonMissing):
        await relaying.turn_down(conn, number, 1, by=REVIEWER, reason=" ", now=at("9 14:30"))
    await relaying.turn_down(conn, number, 1, by=REVIEWER, reason="会暴露身份", now=at("9 14:30"))
    with pytest.raises(RelayElsewhere) as late:
        await relaying.approve(conn, number, 1, by=REVIEWER, now=at("9 14:40"))
    assert str(late.value) == (
        f"Case {number}, question 1: it does not wait for the centre's word. Look at where it stands first."
    )
    with pytest.raises(RelayElsewhere) as never:
        await relaying.keep_answer(conn, vault, number, 1, words="88号", by=REVIEWER, now=at("9 15:00"))
    assert str(never.value) == (
        f"Case {number}, question 1: it does not wait for the resident's answer. "
        "Look at where it stands first."
    )


async def test_nobody_answers_before_the_centre_has_agreed(
    conn: asyncpg.Connection, vault: Vault, with_police: With
) -> None:
    number = await with_police()
    await relaying.ask(conn, number, unit=TOWN, question="灯杆上有编号吗?", now=at("9 14:00"))
    with pytest.raises(RelayElsewhere):
        await relaying.keep_answer(conn, vault, number, 1, words="有", by=REVIEWER, now=at("9 15:00"))


async def test_only_units_that_have_the_case_ask(conn: asyncpg.Connection, with_police: With) -> None:
    number = await with_police()
    with pytest.raises(NotItsCase) as refused:
        await relaying.ask(conn, number, unit=WATER, question="在哪里?", now=at("9 14:00"))
    assert str(refused.value) == (
        f"Case {number} is not with 991721-tap-water in round 1. "
        "Only its lead and its assisting units speak with the resident."
    )


async def test_of_an_anonymous_case_nobody_can_be_asked(conn: asyncpg.Connection, with_police: With) -> None:
    number = await with_police("anonymous")
    with pytest.raises(NobodyToAsk) as refused:
        await relaying.ask(conn, number, unit=POLICE, question="在哪里?", now=at("9 14:00"))
    assert str(refused.value) == (
        f"Case {number} is anonymous: nobody can be asked or rung. "
        "Work with what was said; its query code tells the result."
    )


@pytest.mark.parametrize(("anonymity", "reporter"), [("named", "王芳"), ("confidential", None)])
async def test_what_a_unit_reads(
    conn: asyncpg.Connection, vault: Vault, with_police: With, anonymity: str, reporter: str | None
) -> None:
    number = await with_police(anonymity)
    read = await unit_view.view(conn, vault, number, unit=POLICE)
    assert read.content == (
        "〔姓名〕反映:王庄村〔门牌〕门前路灯不亮,我叫〔姓名〕,电话〔号码〕,〔车牌〕常停在那"
    )
    assert (read.title, read.place, read.reporter) == ("村口路灯不亮", "王庄村村口老槐树下", reporter)
    with pytest.raises(NotForTheseEyes) as refused:
        await unit_view.view(conn, vault, number, unit=WATER)
    assert str(refused.value) == (
        f"Case {number} is not for you to read (not_dispatched_to_it). Ask the office that handles it."
    )


async def test_who_criticises_an_official_stays_unknown_to_the_unit_that_handles_it(
    conn: asyncpg.Connection, vault: Vault, with_police: With
) -> None:
    number = await with_police("named", category="0601", criticised_unit=WATER)
    assert (await unit_view.view(conn, vault, number, unit=POLICE)).reporter is None


async def test_two_units_that_ask_at_once_get_a_number_each(
    conn: asyncpg.Connection, database: str, with_police: With
) -> None:
    number = await with_police()
    async with connection(database, application_name="the other") as other:
        asked = await asyncio.gather(
            relaying.ask(conn, number, unit=POLICE, question="灯从哪天起不亮?", now=at("9 14:00")),
            relaying.ask(other, number, unit=TOWN, question="灯杆上有编号吗?", now=at("9 14:00")),
        )
    assert sorted(asked) == [1, 2]
