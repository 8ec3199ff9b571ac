"""Every page and form of the people who work here, for every role, at home and in the neighbouring county: a generated matrix."""

from __future__ import annotations

import asyncpg
import pytest

from followup.store.units import UnitRow, insert_units
from survey.access.granting import Employment
from survey.access.roles import Permission, needs_second_factor, permissions, roles_policy
from tests.access.access_bench import GOOD, Browser, Grant, House
from tests.doors.doors_bench import CENTRE

PARTS = {"unit": "unit-0001", 
    "ref": "ref-0001", "code": "night-noise", "number": "991721-20260309-00001-4", "ending": "html", "round": "1",
    "name": "nobody",
}  # fmt: skip
"""What stands in an address."""
NEEDS: dict[str, Permission | None] = {
    "GET /": "day.read",
    "GET /day/now": "day.read",
    "GET /desk": "desk.work",
    "GET /desk/appointments": "desk.work",
    "POST /desk/appointments/{unit}/move": "desk.work",
    "GET /desk/sheet": "desk.work",
    "POST /desk/sheet/draw": "desk.work",
    "POST /desk/sheet/numbers": "desk.work",
    "POST /desk/sheet/rows": "desk.work",
    "POST /desk/sheet/answers": "desk.work",
    "GET /desk/month": "desk.work",
    "POST /desk/month": "desk.work",
    "POST /desk/month/object": "desk.work",
    "GET /desk/waiting": "desk.work",
    "POST /desk/next": "desk.work",
    "POST /desk/ready": "desk.work",
    "POST /desk/break": "desk.work",
    "POST /desk/leave": "desk.work",
    "POST /desk/duty": "desk.work",
    "POST /desk/off-duty": "desk.work",
    "GET /desk/line": "desk.work",
    "GET /desk/line/twilio-voice-2.18.5.js": "desk.work",
    "POST /desk/line/token": "desk.work",
    "POST /desk/line/duty": "desk.work",
    "POST /desk/line/off": "desk.work",
    "POST /desk/{ref}/number": "desk.work",
    "POST /desk/{ref}/outcome": "desk.work",
    "POST /desk/{ref}/say": "desk.work",
    "POST /desk/{ref}/later": "desk.work",
    "POST /desk/{ref}/hang-up": "desk.work",
    "POST /desk/{ref}/insulted": "desk.work",
    "POST /desk/{ref}/note": "desk.work",
    "GET /desk/{ref}/appeal": "desk.work",
    "POST /desk/{ref}/appeal": "desk.work",
    "GET /handovers": "numbers.read",
    "POST /handovers/next": "numbers.read",
    "GET /handovers/{ref}": "numbers.read",
    "POST /handovers/{ref}/ring": "numbers.read",
    "POST /handovers/{ref}/done": "numbers.read",
    "POST /handovers/{ref}/take": "numbers.read",
    "POST /handovers/{ref}/number": "numbers.read",
    "POST /handovers/{ref}/resolve": "numbers.read",
    "GET /flags": "cases.decide",
    "GET /flags/{number}": "cases.decide",
    "GET /flags/{number}/pictures/{ref}": "cases.decide",
    "POST /flags/{number}/confirm": "cases.decide",
    "POST /flags/{number}/propose": "cases.decide",
    "POST /flags/{number}/sign": "cases.decide",
    "POST /flags/{number}/send-back": "cases.decide",
    "GET /callbacks": "cases.read",
    "GET /callbacks/{number}/{round}": "cases.read",
    "POST /callbacks/{number}/{round}/hear": "recordings.hear",
    "POST /callbacks/{number}/{round}/number": "numbers.read",
    "GET /people": "accounts.manage",
    "POST /people/add": "accounts.manage",
    "POST /people/{name}/roles": "accounts.manage",
    "POST /people/{name}/reset": "accounts.manage",
    "POST /people/{name}/disable": "accounts.manage",
    "POST /people/{name}/enable": "accounts.manage",
    "GET /people/shifts": "shifts.plan",
    "POST /people/shifts/put": "shifts.plan",
    "POST /people/shifts/{ref}/back": "shifts.plan",
    "GET /quality": "quality.check",
    "POST /quality/draw": "quality.check",
    "GET /quality/{ref}": "quality.check",
    "POST /quality/{ref}/hear": "recordings.hear",
    "POST /quality/{ref}/judge": "quality.check",
    "POST /quality/{ref}/ring": "quality.check",
    "POST /quality/{ref}/aside": "quality.check",
    "GET /charts": "reports.read",
    "GET /board": "day.read",
    "GET /board/live": "day.read",
    "GET /campaigns": "campaigns.manage",
    "GET /campaigns/{code}": "campaigns.manage",
    "GET /campaigns/{code}/document": "campaigns.manage",
    "POST /campaigns/{code}/approve": "campaigns.approve",
    "POST /campaigns/{code}/start": "campaigns.manage",
    "POST /campaigns/{code}/pause": "campaigns.manage",
    "POST /campaigns/{code}/resume": "campaigns.manage",
    "POST /campaigns/{code}/close": "campaigns.manage",
    "POST /campaigns/{code}/cancel": "campaigns.approve",
    "GET /new-campaign": "campaigns.manage",
    "POST /new-campaign/compose": "campaigns.manage",
    "POST /new-campaign/check": "campaigns.manage",
    "POST /new-campaign/create": "campaigns.manage",
    "GET /reports": "reports.read",
    "GET /reports/{number}.{ending}": "reports.read",
    "POST /reports/issue": "reports.issue",
    "GET /unit": "cases.handle",
    "GET /unit/quality": "cases.handle",
    "GET /unit/{number}": "cases.handle",
    "GET /unit/{number}/pictures/{ref}": "cases.handle",
    "POST /unit/{number}/picture": "cases.handle",
    "POST /unit/{number}/sign": "cases.handle",
    "POST /unit/{number}/return": "cases.handle",
    "POST /unit/{number}/ask-time": "cases.handle",
    "POST /unit/{number}/plan": "cases.handle",
    "POST /unit/{number}/part": "cases.handle",
    "POST /unit/{number}/report": "cases.handle",
    "POST /unit/{number}/call": "cases.handle",
    "POST /unit/{number}/answer": "cases.handle",
    "POST /unit/{number}/relay": "cases.handle",
    "GET /dispatch": "cases.supervise",
    "GET /dispatch/{number}": "cases.supervise",
    "POST /dispatch/{number}/give": "cases.supervise",
    "POST /dispatch/{number}/put-off": "cases.supervise",
    "POST /dispatch/{number}/hand-back": "cases.supervise",
    "POST /dispatch/{number}/allow": "cases.supervise",
    "POST /dispatch/{number}/deny": "cases.supervise",
    "POST /dispatch/{number}/grant": "cases.supervise",
    "POST /dispatch/{number}/refuse-time": "cases.supervise",
    "POST /dispatch/{number}/change-lead": "cases.supervise",
    "POST /decide": "cases.decide",
    "GET /home": None,
    "GET /account/password": None,
    "POST /account/password": None,
    "GET /account/second-factor": None,
    "POST /account/second-factor": None,
    "POST /sign-out": None,
}
"""What each needs; None: an account, whatever its role."""
BESIDE: dict[str, Permission] = {
    "POST /callbacks/{number}/{round}/hear": "cases.read",
    "POST /callbacks/{number}/{round}/number": "cases.read",
}
"""What some need beside it: the recording and the number are of a case."""
FOR_ALL = {"GET /sign-in", "POST /sign-in", "GET /sign-in/code", "POST /sign-in/code"}
ROLES = sorted(roles_policy().roles)


def routes(house: House) -> set[str]:
    found = set()
    for route in house.server.app.router.routes():  # type: ignore[attr-defined]
        if route.resource is not None and route.method in ("GET", "POST"):
            found.add(f"{route.method} {route.resource.canonical}")
    return found


FOR_A_SEAT = {route for route in NEEDS if " /unit" in route or " /dispatch" in route}
"""What also needs a unit, or a supervision office, that the account works for."""
SEATS = {"unit_liaison": UnitRow("991721-police", CENTRE, "遂澜县公安局", "gov", CENTRE),
         "supervision_officer": UnitRow("991721-dcs-gov", CENTRE, "遂澜县政府督查室", "gov", CENTRE)}  # fmt: skip
SIT = """
INSERT INTO followup.unit_account SELECT id, $2, now(), 'by hand' FROM survey.account WHERE name = $1"""


async def signed_in(
    house: House, role: str, area: str, *, seat: str | None = None, employment: Employment = "staff"
) -> Browser:
    """Somebody in this role. `seat`: whose unit they work for, that of their own role where it has one."""
    await house.settled("9001", "钱进", f"{role}:{area}", employment=employment)
    await insert_units(house.conn, list(SEATS.values()))
    if unit := SEATS.get(seat or role):  # written by hand: the door itself would refuse some of them
        await house.conn.execute(SIT, "9001", unit.code)
    browser = house.browser()
    telephone = await house.with_telephone("9001") if needs_second_factor([Grant(role, area)]) else None
    await browser.sign_in("9001", GOOD)
    if telephone is not None:
        await browser.get("/sign-in/code")
        await browser.send("/sign-in/code", code=telephone.at(house.clock.now()))
    return browser


async def asked(browser: Browser, route: str) -> int:
    method, path = route.split()
    path = path.format(**PARTS)
    if path.endswith("/live"):  # a stream, which is not read to its end
        async with browser.client.get(path, allow_redirects=False) as response:
            return response.status
    if method == "GET":
        return (await browser.get(path)).status
    await browser.get("/home")  # where its form token stands
    return (await browser.send(path, kind="callback", period="no period")).status


@pytest.fixture
async def neighbour(conn: asyncpg.Connection, house: House) -> str:
    await conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ('991722', '9917', 'county', '平岗县', '')"
    )
    return "991722"


def test_no_route_is_forgotten_here(house: House) -> None:
    assert routes(house) - FOR_ALL == NEEDS.keys()


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_what_it_may_and_nothing_else(house: House, role: str) -> None:
    browser = await signed_in(house, role, CENTRE)
    may = permissions([Grant(role, CENTRE)])
    for route, needs in NEEDS.items():
        if needs is not None:
            opens = needs in may and BESIDE.get(route, needs) in may
            assert (await asked(browser, route) != 403) == opens, route


@pytest.mark.parametrize("role", ROLES)
async def test_the_neighbour_gets_nothing_of_the_county(house: House, neighbour: str, role: str) -> None:
    browser = await signed_in(house, role, neighbour)
    for route, needs in NEEDS.items():
        if needs is not None:
            assert await asked(browser, route) == 403, route


@pytest.mark.parametrize("role", sorted(SEATS))
async def test_a_role_alone_opens_no_unit(house: House, role: str) -> None:
    browser = await signed_in(house, role, CENTRE, seat="nowhere")
    for route in sorted(FOR_A_SEAT):
        assert await asked(browser, route) == 403, route


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("seat", sorted(SEATS))
async def test_a_unit_alone_opens_nothing_without_its_role(house: House, role: str, seat: str) -> None:
    if role != seat:
        browser = await signed_in(house, role, CENTRE, seat=seat)
        may = permissions([Grant(role, CENTRE)])
        for route in sorted(FOR_A_SEAT):
            mine = " /unit" in route and "cases.handle" in may
            assert (await asked(browser, route) == 403) == (not mine), route


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("seat", sorted(SEATS))
async def test_a_contractor_sits_nowhere(house: House, role: str, seat: str) -> None:
    browser = await signed_in(house, role, CENTRE, seat=seat, employment="contractor")
    for route in sorted(FOR_A_SEAT):
        assert await asked(browser, route) == 403, route


async def test_nobody_gets_in_without_an_account(house: House) -> None:
    for route, _ in NEEDS.items():
        browser = house.browser()
        method, path = route.split()
        path = path.format(**PARTS)
        if method == "GET":
            response = await browser.get(path)
            assert response.status in (303, 401), route
        else:
            response = await browser.send(path, origin="own", form_token="guessed")
            assert response.status == 403, route
