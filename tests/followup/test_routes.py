"""Criticism and conflicts of interest in the county: who cannot have a case, and who cannot read it."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg
import pytest
from followup_appeals import REVIEWER, SUPERVISOR, SURVEYOR, Says
from followup_county import CENTRE, POLICE, TOWN, WATER, at

from followup import moves, reading, refusing, routes
from followup.casework.routing import Viewer
from followup.dispatching import check_units
from followup.move_refusals import NotToThisUnit
from followup.refusals import NotForTheseEyes, ReasonMissing
from followup.store.units import UnitRow, insert_units

STATION = "991721100-police"


@pytest.fixture
async def station(conn: asyncpg.Connection, county: str) -> str:
    """柳河镇派出所, which belongs to the bureau."""
    unit = UnitRow(STATION, CENTRE, "柳河镇派出所", "gov", "991721100", POLICE)
    assert await insert_units(conn, [unit]) == 1
    return STATION


async def test_a_rude_bureau_gets_its_criticism_neither_itself_nor_through_its_station(
    conn: asyncpg.Connection, says: Says, station: str
) -> None:
    number = (await says(category="0601", criticised_unit=POLICE)).number
    case = await moves.read(conn, number)
    with pytest.raises(NotToThisUnit) as refused:
        await check_units(conn, case, [TOWN, POLICE, station], by="督查室")
    assert str(refused.value) == (
        f"Case {number} never goes to 991721-police (criticised_unit): it is about that unit or its officials. "
        "Name another one."
    )
    with pytest.raises(NotToThisUnit, match=r"991721100-police \(below_criticised_unit\)"):
        await check_units(conn, case, [TOWN, station], by="督查室")
    await check_units(conn, case, [TOWN], by="督查室")


async def test_criticism_of_the_centre_is_the_citys(conn: asyncpg.Connection, says: Says) -> None:
    number = (await says(category="0601", criticised_unit=CENTRE)).number
    case = await moves.read(conn, number)
    with pytest.raises(NotToThisUnit) as refused:
        await check_units(conn, case, [TOWN], by="督查室")
    assert str(refused.value) == (
        f"Case {number} never goes to 991721100-gov (city_level): it is about that unit or its officials. "
        "Name another one."
    )
    await check_units(conn, case, [TOWN], by="市级-0001")
    with pytest.raises(NotForTheseEyes) as unseen:
        await routes.sight(conn, case, Viewer("centre", CENTRE, person=SUPERVISOR))
    assert str(unseen.value) == (
        f"Case {number} is not for you to read (centre_or_office_is_the_subject). "
        "Ask the office that handles it."
    )
    assert (await routes.sight(conn, case, Viewer("city", person="市级-0001"))).original


async def test_who_is_party_to_a_matter_is_out_of_it(conn: asyncpg.Connection, says: Says) -> None:
    number = (await says(category="0705")).number
    told = {"by": REVIEWER, "now": at("9 10:00")}
    assert await routes.declare_party(conn, number, party=WATER, reason="施工方是该公司", **told)
    assert await routes.declare_party(conn, number, party=SUPERVISOR, reason="与诉求人是亲属", **told)
    assert not await routes.declare_party(conn, number, party=WATER, reason="施工方是该公司", **told)
    with pytest.raises(ReasonMissing):
        await routes.declare_party(conn, number, party=TOWN, reason=" ", **told)
    case = await moves.read(conn, number)
    with pytest.raises(NotToThisUnit) as refused:
        await check_units(conn, case, [TOWN, WATER], by="督查室")
    assert "991721-tap-water (party_to_the_matter)" in str(refused.value)
    with pytest.raises(NotToThisUnit) as own:
        await check_units(conn, case, [TOWN], by=SUPERVISOR)
    assert "督办员-0102 (party_to_the_matter)" in str(own.value)
    with pytest.raises(NotForTheseEyes):
        await routes.sight(conn, case, Viewer("centre", CENTRE, person=SUPERVISOR))
    events = (await reading.passport(conn, number)).events
    assert [(one.event, one.reason, one.detail) for one in events[1:]] == [
        ("declare_party", "施工方是该公司", {"party": WATER}),
        ("declare_party", "与诉求人是亲属", {"party": SUPERVISOR}),
    ]


async def test_the_criticised_house_neither_refuses_nor_answers_its_own_criticism(
    conn: asyncpg.Connection, says: Says, tokens: Callable[[], str]
) -> None:
    number = (await says(category="0601", criticised_unit=CENTRE)).number
    told = {"ground": "repeated", "explanation": "已经答复过您,没有新情况。", "told_at": at("9 09:50")}
    with pytest.raises(NotForTheseEyes) as own:
        await refusing.refuse(conn, number, **told, by=SURVEYOR, reviewed_by=REVIEWER, now=at("9 10:00"))
    assert str(own.value) == (
        f"Case {number} is not for you to read (centre_or_office_is_the_subject). "
        "Ask the office that handles it."
    )
    await refusing.refuse(conn, number, **told, by="市级-0001", reviewed_by="市级-0002", now=at("9 10:00"))
    notice = await conn.fetchrow("SELECT recipient, template FROM followup.notice")
    assert tuple(notice) == ("post:city:991721", "case_for_city")


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({}, [POLICE, TOWN]),  # a dark street: police and township
        ({"criticised_unit": POLICE}, [TOWN]),
        ({"category": "0801"}, [TOWN, POLICE]),  # noise is a matter of public order and manners
        ({"category": "0701"}, [WATER]),
        ({"category": "0799"}, [TOWN]),  # what its group says, as far as the units are there
        ({"category": "1599"}, []),  # the centre answers itself
        ({"category": "1601"}, []),  # somebody chooses
        ({"category": "0601"}, []),  # the supervision office keeps it
    ],
)
async def test_where_such_matters_go_by_default(
    conn: asyncpg.Connection, says: Says, fields: dict[str, str], units: list[str]
) -> None:
    case = await moves.read(conn, (await says(**fields)).number)
    assert await routes.suggested(conn, case) == units
