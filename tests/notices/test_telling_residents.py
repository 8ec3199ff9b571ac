"""Residents are told about their case by text if they want it so, in the hours of calls, and otherwise by a person."""

from __future__ import annotations

from datetime import time

import pytest
from notices_bench import SIGNED, Office, at

from survey.enrolling import NewPerson, enrol_persons

RESIDENT = "resident:991721-20260302-00037-4"
TOLD = f"{SIGNED}您反映的0037号事项办理时间延长到3月23日,办结后我们会联系您。"
BY_CALL = "undelivered: to be told by a call"
NOT_AT_ALL = "undelivered: wants no contact: only when they ask"
ANOTHERS = "undelivered: the number is another's: at the desk, by the query code"
NOBODY = "undelivered: nobody known: at the desk, by the query code"


async def owe(office: Office, case_id: int) -> None:
    await office.owe(RESIDENT, "result_due_told", cause="extension", case_id=case_id, due="3月23日")


async def test_by_text(office: Office, wang_fangs_case: int) -> None:
    await owe(office, wang_fangs_case)
    await office.work()
    assert office.carrier.texts == [("+8615400000001", TOLD)]
    await office.status_of_text("delivered")
    assert await office.states() == ["delivered"]
    assert await office.rows("SELECT recipient, facts FROM followup.notice") == [
        (RESIDENT, {"short": "0037", "due": "3月23日"})
    ]


@pytest.mark.parametrize(
    ("owed", "told"),
    [
        ("9 08:40", "9 09:00"),
        ("9 12:30", "9 14:00"),
        ("9 20:29", "9 20:29"),
        ("9 20:30", "10 09:00"),
        ("14 10:00", "14 10:00"),
    ],
)
async def test_in_the_hours_of_calls(office: Office, wang_fangs_case: int, owed: str, told: str) -> None:
    """Half past nine on a Saturday is one of them; half past twelve is not."""
    office.clock.moment = at(owed)
    await owe(office, wang_fangs_case)
    await office.work()
    assert len(office.carrier.texts) == (owed == told)
    office.clock.moment = at(told)
    await office.work()
    assert len(office.carrier.texts) == 1


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        ("INSERT INTO survey.opt_out VALUES (1, 'survey', '2026-03-01Z', 'text', NULL)", "sent"),
        ("INSERT INTO survey.opt_out VALUES (1, 'case_text', '2026-03-01Z', 'text', NULL)", BY_CALL),
        ("INSERT INTO survey.opt_out VALUES (1, 'text_channel', '2026-03-01Z', 'carrier', NULL)", BY_CALL),
        ("INSERT INTO survey.opt_out VALUES (1, 'all', '2026-03-01Z', 'text', NULL)", NOT_AT_ALL),
        ("UPDATE survey.person SET landline = true", BY_CALL),
        ("UPDATE survey.person SET birth_year = 1966", BY_CALL),
        ("UPDATE survey.person SET birth_year = 1967", "sent"),
        ("UPDATE survey.person SET unlinked_at = '2026-03-01Z'", ANOTHERS),
        ("UPDATE followup.case_file SET person_id = NULL", NOBODY),
    ],
)
async def test_as_they_want_it(office: Office, wang_fangs_case: int, wish: str, state: str) -> None:
    await office.run(wish)
    await owe(office, wang_fangs_case)
    await office.work()
    assert await office.states() == [state]
    assert len(office.carrier.texts) == (state == "sent")


async def test_neither_texts_nor_calls(office: Office, wang_fangs_case: int) -> None:
    for scope in ("case_text", "case_call"):
        await office.run("INSERT INTO survey.opt_out VALUES (1, $1, '2026-03-01Z', 'text', NULL)", scope)
    await owe(office, wang_fangs_case)
    await office.work()
    assert await office.states() == ["undelivered: neither texts nor calls: at the desk, by the query code"]


async def test_who_stops_after_it_was_made_and_before_it_goes(office: Office, wang_fangs_case: int) -> None:
    await owe(office, wang_fangs_case)
    await office.run("UPDATE survey.pace SET next_at = $1", at("9 10:05"))
    await office.work()
    await office.run("INSERT INTO survey.opt_out VALUES (1, 'case_text', $1, 'text', NULL)", at("9 10:01"))
    office.clock.moment = at("9 10:05")
    await office.work()
    assert (office.carrier.texts, await office.states()) == ([], [BY_CALL])


async def test_a_window_that_closed_before_it_went_opens_again(office: Office, wang_fangs_case: int) -> None:
    """The carrier's pace held it until after noon: it goes at two, by the same way."""
    office.clock.moment = at("9 11:59")
    await office.run("UPDATE survey.pace SET next_at = $1", at("9 12:01"))
    await owe(office, wang_fangs_case)
    await office.work()
    office.clock.moment = at("9 12:01")
    await office.work()
    assert (office.carrier.texts, await office.states()) == ([], ["owed"])
    office.clock.moment = at("9 14:00")
    await office.work()
    assert (len(office.carrier.texts), await office.states()) == (1, ["sent"])


async def test_the_query_code_is_in_no_row_of_a_notice(office: Office, wang_fangs_case: int) -> None:
    """It opens the case; words that name it get it when they are made."""
    await office.owe(RESIDENT, "result_due_told", cause="x", case_id=wang_fangs_case, query_code="K7Q2M9XA")
    assert "K7Q2M9XA" not in str(await office.rows("SELECT * FROM followup.notice"))


async def safely(office: Office, case_id: int, **wish: object) -> None:
    """The safe way of contact that was agreed when the matter was registered."""
    given = {
        "no_texts": False,
        "contact_from": None,
        "contact_until": None,
        "trusted_person_id": None,
        **wish,
    }
    await office.run(
        """INSERT INTO followup.appeal (case_id, title, place, group_size, consented_at, criticised_centre, no_texts,
                                        contact_from, contact_until, trusted_person_id)
           VALUES ($1, '路灯', '村口', 1, '2026-03-02Z', false, $2, $3, $4, $5)""",
        case_id,
        *given.values(),
    )


async def test_no_texts(office: Office, wang_fangs_case: int) -> None:
    await safely(office, wang_fangs_case, no_texts=True)
    await owe(office, wang_fangs_case)
    await office.work()
    assert (office.carrier.texts, await office.states()) == ([], [BY_CALL])


async def test_in_their_own_hours_within_those_of_calls(office: Office, wang_fangs_case: int) -> None:
    """From seven in the evening: not at ten, and not after half past eight either."""
    await safely(office, wang_fangs_case, contact_from=time(19), contact_until=time(22))
    await owe(office, wang_fangs_case)
    for moment, told in (("9 10:00", 0), ("9 18:59", 0), ("9 20:31", 0), ("10 19:00", 1)):
        office.clock.moment = at(moment)
        await office.work()
        assert len(office.carrier.texts) == told, moment


async def test_somebody_whom_they_trust(office: Office, wang_fangs_case: int) -> None:
    async with office.ground.pool.acquire() as conn:
        (sister,) = await enrol_persons(
            conn, office.ground.vault, [NewPerson("+8615400000002", "王芬", 1978)]
        )
    await safely(office, wang_fangs_case, trusted_person_id=sister)
    await owe(office, wang_fangs_case)
    await office.work()
    assert [number for number, _ in office.carrier.texts] == ["+8615400000002"]
