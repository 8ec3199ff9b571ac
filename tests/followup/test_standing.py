"""What a query code tells: where the matter stands, and nothing about anybody."""

from __future__ import annotations

import asyncpg
import pytest
from followup_appeals import REVIEWER, Says
from followup_county import POLICE, at

from followup import appeals, cases
from followup.casework import lifecycle
from followup.move_refusals import UnknownQueryCode
from followup.standing import _policy


async def test_a_resident_asks_where_it_stands(conn: asyncpg.Connection, says: Says) -> None:
    said = await says()
    told = await appeals.status_by_query_code(conn, f" {said.query_code[:4].lower()} {said.query_code[4:]}")
    assert (told.short_number, told.status, told.since, told.due) == (
        "0001",
        "registered",
        at("9 09:40"),
        at("10 18:00"),
    )
    assert told.zh == "0001号事项已登记,正在审核是否受理。"
    assert told.en == "Matter 0001 is registered. We are looking at whether it is ours to handle."
    await cases.accept(conn, said.number, by=REVIEWER, now=at("9 10:00"))
    await cases.submit(conn, said.number, by=REVIEWER, now=at("9 10:10"))
    await cases.dispatch(conn, said.number, lead=POLICE, by="督查室", now=at("9 11:00"))
    await cases.sign(conn, said.number, by=POLICE, now=at("9 11:30"))
    told = await appeals.status_by_query_code(conn, said.query_code)
    assert told.zh == "0001号事项正在办理,应于3月23日前反馈结果。"
    assert told.en == "Matter 0001 is being handled; the result is due by 2026-03-23."


@pytest.mark.parametrize("code", ["", "K7Q2M9XA", "K7Q2M9X", "K7Q2M9X0", "' OR 1=1"])
async def test_any_other_code_is_unknown(conn: asyncpg.Connection, says: Says, code: str) -> None:
    await says()
    with pytest.raises(UnknownQueryCode):
        await appeals.status_by_query_code(conn, code)


def test_there_are_words_for_every_state_of_the_table() -> None:
    states = {row.to for row in lifecycle.transitions()}
    states |= {state for row in lifecycle.transitions() for state in row.from_states}
    assert set(_policy().states) == states


def test_the_words_name_only_the_number_and_a_day() -> None:
    for state, words in _policy().states.items():
        for said in (words.zh, words.en):
            assert "0001" in said.format(short="0001", day="3月23日"), state
