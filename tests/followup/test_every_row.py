"""Every row of the lifecycle table walked through the doors, and everything else refused with its reason."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from case_walks import PATHS, SAID, NobodyToAsk, Walk

from followup.casework import lifecycle
from followup.casework.lifecycle import Event, Transition, transitions
from followup.refusals import CaseRefusal
from survey.vault import Vault

PLACES = {
    "registered as a question": ("answer",),
    "result_review of a suggestion": ("adopt", "adopt_partly", "not_adopt"),
    "redispatch_review in the last round": ("to_meeting",),
    "redispatch_review without a lead": ("hand_up",),
    "return_review a second time": ("decide_jointly",),
    "answered and flagged": ("answer_flagged",),
}
"""Where a row needs more than its state: places of `PATHS`, and the events that are walked from them."""
NOT_LED = ("registered", "accepted", "submitted", "major_hold")
"""No unit has the case yet, so none is told."""
BEGINNINGS = (Event.REGISTER, Event.IMPORT)
CONFIRM = (Event.REDISPATCH, Event.TO_MEETING)
"""One verb, `confirm`: the table says which of the two it is."""


@pytest.fixture
def walk(
    conn: asyncpg.Connection, vault: Vault, wang_fang: int, tokens: Callable[[], str]
) -> Callable[[], Walk]:
    return lambda: Walk(conn, vault, wang_fang, tokens)


@asynccontextmanager
async def put_back(conn: asyncpg.Connection) -> AsyncIterator[None]:
    """What is done inside is undone."""
    trial = conn.transaction()
    await trial.start()
    try:
        yield
    finally:
        await trial.rollback()


def place_for(state: str, event: str) -> str:
    """From where a row is walked."""
    for place, events in PLACES.items():
        if place.startswith(state) and event in events:
            return place
    return state


def rows_by_place() -> dict[str, list[Transition]]:
    """The rows, by the place that they are walked from; the same row once for each state that it leaves."""
    places: dict[str, list[Transition]] = {}
    for row in transitions():
        for state in row.from_states:
            places.setdefault(place_for(state, row.event), []).append(row)
    return places


WAITING = """
SELECT due_at IS NOT NULL AS has_clock, ending, closed_at IS NOT NULL AS ended FROM followup.case_file
WHERE number = $1"""

LAST_EVENT = """
SELECT e.event, e.from_status, e.to_status FROM followup.case_event e JOIN followup.case_file c ON c.id = e.case_id
WHERE c.number = $1 AND e.from_status IS NOT NULL AND e.event NOT LIKE 'decision_%' ORDER BY e.id DESC LIMIT 1"""


async def test_every_row_is_walked(conn: asyncpg.Connection, walk: Callable[[], Walk]) -> None:
    walked: set[tuple[str, str]] = set()
    for place, rows in rows_by_place().items():
        async with put_back(conn):
            case = walk()
            await case.come_to(place)
            state, _ = await case.stand()
            for row in rows:
                async with put_back(conn):
                    trial, told_before = _copy(case), await _notices(conn)
                    await trial.do(row.event)
                    assert (await trial.stand())[0] == row.to, (place, row.event)
                    event = await conn.fetchrow(LAST_EVENT, case.number)
                    assert tuple(event) == (row.event, state, row.to), (place, row.event)
                    written = await conn.fetchrow(WAITING, case.number)
                    if lifecycle.is_open(row.to):
                        assert written["has_clock"], f"no clock runs in {row.to} after {row.event}"
                    else:
                        assert (written["ending"] is not None) or row.to == "archived", row.event
                    led = state not in NOT_LED
                    told = {_kind(one) for one in row.notices if led or _kind(one) != "unit"}
                    assert await _told(conn, told_before) >= told, (row.row, row.event)
                walked.add((row.row, state))
    for row in transitions():
        if not row.from_states:
            async with put_back(conn):
                case = walk()
                await case.do(row.event)
                assert (await case.stand())[0] == row.to
            walked.add((row.row, ""))
    expected = {(row.row, state) for row in transitions() for state in row.from_states or ("",)}
    assert walked == expected
    assert len({row for row, _ in walked}) == len(transitions())


def _copy(case: Walk) -> Walk:
    one = Walk(case.conn, case.vault, case.person_id, case.tokens)
    one.number, one.now, one.lead = case.number, case.now, case.lead
    return one


def _kind(notice: str) -> str:
    return "unit" if notice in ("lead", "assist", "former") else notice


async def _notices(conn: asyncpg.Connection) -> int:
    """The last notice that is owed."""
    last: int = await conn.fetchval("SELECT coalesce(max(id), 0) FROM followup.notice")
    return last


async def _told(conn: asyncpg.Connection, since: int) -> set[str]:
    """To what kinds of recipients notices are owed since then: unit, office, resident."""
    rows = await conn.fetch(
        "SELECT DISTINCT split_part(recipient, ':', 1) AS kind FROM followup.notice WHERE id > $1", since
    )
    return {row["kind"] for row in rows}


async def test_everything_else_is_refused_with_its_reason(
    conn: asyncpg.Connection, walk: Callable[[], Walk]
) -> None:
    tried = 0
    for place in PATHS:
        async with put_back(conn):
            case = walk()
            await case.come_to(place)
            state, round_ = await case.stand()
            possible = lifecycle.allowed(state, round_)
            for event in Event:
                if event in possible or event in BEGINNINGS:
                    continue
                if event in CONFIRM and set(CONFIRM) & set(possible):
                    continue  # the same verb does the other of the two here
                async with put_back(conn):
                    before = await _everything(conn)
                    said = await _refused(_copy(case), event)
                    assert said in _messages(case.number, state, round_, event, possible), (place, event)
                    assert await _everything(conn) == before, (place, event)
                tried += 1
    pairs = sum(len(set(Event) - set(lifecycle.allowed(place.split()[0]))) for place in PATHS)
    assert tried > 0.9 * (pairs - 2 * len(PATHS)), "pairs of the table were left out"


async def _refused(case: Walk, event: Event) -> str:
    """How the doors say no; of a verdict: that nobody is there to give it, or that it changes nothing."""
    try:
        await case.do(event)
    except CaseRefusal as refusal:
        return str(refusal)
    except NobodyToAsk:
        return "nobody is asked"
    return "nothing happens"


def _messages(number: str, state: str, round_: int, event: Event, possible: list[Event]) -> tuple[str, ...]:
    """The whole sentence; of a verdict, that there is nobody to ask, or that a second answer changes nothing."""
    if event in SAID:
        return ("nobody is asked", "nothing happens")
    allowed = ", ".join(possible) or "nothing, it is closed"
    named = Event.REDISPATCH if event is Event.TO_MEETING else event
    return (
        f'Case {number} is {state} in round {round_}: "{named}" is not possible. Possible now: {allowed}.',
    )


async def _everything(conn: asyncpg.Connection) -> tuple[int, int, str]:
    """So much of the case side that any write would show."""
    return (
        await conn.fetchval("SELECT count(*) FROM followup.case_event"),
        await conn.fetchval("SELECT count(*) FROM followup.notice"),
        await conn.fetchval("SELECT string_agg(c::text, ';' ORDER BY id) FROM followup.case_file c"),
    )


async def test_a_case_that_does_not_exist_moves_nowhere(walk: Callable[[], Walk]) -> None:
    for event in Event:
        if event in BEGINNINGS or event in SAID:
            continue
        case = walk()
        case.number = "991721-20260302-99999-9"
        with pytest.raises(CaseRefusal, match="There is no case 991721-20260302-99999-9"):
            await case.do(event)
