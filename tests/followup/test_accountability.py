"""Accountability records, and the level at which a case is handled."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from followup_appeals import Says
from followup_county import POLICE, TOWN, VILLAGE, at

from followup import answering_for, cases, escalating, urging
from followup.refusals import CaseRefusal, ReasonMissing
from followup.store import events
from followup.store.events import EventRow
from followup.time_refusals import (
    FalseClosingNotDecided,
    NobodyAccountable,
    NotHigher,
    SameApprover,
    TopLevel,
    UnknownBasis,
    UnknownLevel,
)

RECORD = {
    "level": "county",
    "basis": "late",
    "persons": ["李强(分管副局长)"],
    "decision": "约谈,限三日内办结",
    "by": "督办员-0102",
    "approved_by": "主任-0001",
}


@pytest.fixture
async def with_police(conn: asyncpg.Connection, says: Says) -> str:
    number = (await says("2 08:40")).number
    await cases.accept(conn, number, by="审核员-0101", now=at("2 08:45"))
    await cases.submit(conn, number, by="审核员-0101", now=at("2 08:50"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("2 09:00"))
    return number


async def case_id(conn: asyncpg.Connection, number: str) -> int:
    one: int = await conn.fetchval("SELECT id FROM followup.case_file WHERE number = $1", number)
    return one


async def test_a_record_names_who_answers_and_says_why(conn: asyncpg.Connection, with_police: str) -> None:
    record = await answering_for.file(conn, with_police, **RECORD, now=at("31 10:00"))
    assert record.finding_zh == "县直部门知情而未按期解决,追究该级责任人员的责任。"
    assert record.finding_en.startswith("The county departments knew of it and did not solve it in time")
    assert (record.unit_code, record.round) == (POLICE, 1)
    assert list(await answering_for.records(conn, with_police)) == [record]
    event = (await events.events_of(conn, await case_id(conn, with_police)))[-1]
    assert (event.event, event.actor, event.reason) == ("accountability", "督办员-0102", "约谈,限三日内办结")
    assert event.detail is not None and event.detail["approved_by"] == "主任-0001"


async def test_who_should_have_known_answers_for_not_knowing(
    conn: asyncpg.Connection, with_police: str
) -> None:
    filed = {**RECORD, "level": "village", "basis": "not_known"}
    record = await answering_for.file(conn, with_police, **filed, now=at("31 10:00"))
    assert record.finding_zh == "村(社区)对应当掌握的情况事前不知情,追究该级责任人员的责任。"


@pytest.mark.parametrize(
    ("wrong", "refusal", "words"),
    [
        ({"level": ""}, UnknownLevel, "nothing is no level of accountability. Levels are grid, village"),
        ({"basis": ""}, UnknownBasis, "Grounds are not_known, late, delay, perfunctory, false_close"),
        ({"persons": [" "]}, NobodyAccountable, "names at least one person"),
        ({"decision": " "}, ReasonMissing, "needs a reason in words"),
        ({"approved_by": "督办员-0102"}, SameApprover, "approved by another"),
        ({"approved_by": ""}, SameApprover, "approved by another"),
        ({"basis": "false_close"}, FalseClosingNotDecided, "no decision has called"),
    ],
)
async def test_what_is_no_record(
    conn: asyncpg.Connection, with_police: str, wrong: dict[str, Any], refusal: type[CaseRefusal], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        await answering_for.file(conn, with_police, **{**RECORD, **wrong}, now=at("31 10:00"))
    assert await answering_for.records(conn, with_police) == []


async def decided_false(conn: asyncpg.Connection, number: str) -> None:
    """What the door for suspected false closings writes when a supervisor has decided."""
    row = EventRow(
        await case_id(conn, number), 1, "false_closing", "dispatched", "dispatched", "督办员-0102", "核实", at("10 09:00")
    )  # fmt: skip
    await events.insert_events(conn, [row])


async def test_a_false_closing_is_a_ground_once_it_was_decided(
    conn: asyncpg.Connection, with_police: str
) -> None:
    await decided_false(conn, with_police)
    filed = {**RECORD, "basis": "false_close"}
    assert (await answering_for.file(conn, with_police, **filed, now=at("10 10:00"))).basis == "false_close"


async def test_a_decided_false_closing_brings_a_talk(conn: asyncpg.Connection, with_police: str) -> None:
    await decided_false(conn, with_police)
    await urging.look_due(conn, at("10 09:01"))
    row = await conn.fetchrow("SELECT against, why FROM followup.urge WHERE level = 'U5'")
    assert tuple(row.values()) == (POLICE, "false_closing")


async def test_a_case_enters_at_the_level_of_its_area_and_a_sudden_one_at_the_township(
    conn: asyncpg.Connection, says: Says
) -> None:
    quiet = (await says("9 09:40")).number
    sudden = (await says("9 09:41", sudden=True)).number
    await conn.execute(
        "INSERT INTO followup.unit (code, centre_code, name_zh, kind, area_code) "
        "VALUES ('991721100200-committee', '991721', '王庄村村民委员会', 'village', $1)",
        VILLAGE,
    )
    assert (await escalating.hint(conn, quiet)).units == ("991721100200-committee",)
    hint = await escalating.hint(conn, sudden)
    assert (hint.level, hint.en, hint.units, hint.sudden) == (2, "township", (TOWN,), True)
    await urging.look_due(conn, at("9 09:42"))
    levels = await conn.fetch("SELECT escalation_level FROM followup.case_file ORDER BY id")
    assert [row["escalation_level"] for row in levels] == [1, 2]


async def test_a_case_is_raised_to_a_higher_level_with_a_reason(conn: asyncpg.Connection, says: Says) -> None:
    number = (await says("9 09:40")).number

    async def raised(**more: Any) -> int:
        fields = {"by": "督办员-0102", "reason": "村里解决不了", "now": at("9 10:00"), **more}
        return await escalating.raise_level(conn, number, **fields)

    assert await raised() == 2
    assert (await escalating.hint(conn, number)).units == (TOWN,)
    with pytest.raises(ReasonMissing):
        await raised(reason=" ")
    with pytest.raises(NotHigher, match=r"handled at level 2 \(township\)"):
        await raised(to=1)
    assert await raised(to=3) == 3
    assert (await escalating.hint(conn, number)).units == ()
    with pytest.raises(TopLevel):
        await raised()
    await urging.look_due(conn, at("9 10:01"))
    assert (await escalating.hint(conn, number)).level == 3  # a look does not bring it back
    happened = await events.events_of(conn, await case_id(conn, number))
    assert [event.detail for event in happened if event.event == "raise_level"] == [
        {"from": 1, "to": 2},
        {"from": 2, "to": 3},
    ]
