"""Accounts and shifts on pages: who there is with which roles, given out and ended; who works when.

`/people` is for whoever gives out accounts, who has signed in with a second factor; `/people/shifts` for whoever plans the week.
A first password is the reply to the form that makes it, and stands nowhere else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from aiohttp import web

from survey import planning_shifts
from survey.access import managing
from survey.access.granting import Employment, NewPassword
from survey.access.managing import MANAGE
from survey.access.passwords import Passwords
from survey.access.refusals import AccessRefusal, NotPermitted
from survey.access.roles import Grant, Permission, may, roles_policy
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.periods import NoPeriod, Period, period
from survey.planning_shifts import ShiftRefused
from survey.store import accounts, areas, campaigns, shifts
from survey.store.accounts import Account
from survey.web.gate import HOME, Gate, Handler, address, go
from survey.web.shell import in_both, page

PEOPLE: Final = "/people"
SHIFTS: Final = f"{PEOPLE}/shifts"
PLAN: Final[Permission] = "shifts.plan"
BY_COMMAND: Final = frozenset({"unit_liaison"})
"""Roles that need more than a page here gives: `minyi user add --unit`."""
LONGEST: Final = 60
Both = tuple[str, str]
Act = Callable[[web.Request, SignedIn, str], Awaitable[NewPassword | None]]
WEEKDAYS: Final = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)


@dataclass(frozen=True)
class Person:
    """One account. `roles`: in words, with the area where it is another; `here`: the codes of those in the centre's area; `own`:
    of whoever looks."""

    name: str
    called: str
    contractor: bool
    roles: tuple[Both, ...]
    here: frozenset[str]
    code: bool
    waits: bool
    disabled: bool
    own: bool


class PeoplePages:
    """`/people` and `/people/shifts` of one centre."""

    def __init__(self, ground: Ground, centre_code: str, gate: Gate, passwords: Passwords) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate
        self._passwords = passwords

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        forms: dict[str, Act] = {
            "roles": self._roles,
            "reset": self._reset,
            "disable": self._disable,
            "enable": self._enable,
        }
        return [
            web.get(PEOPLE, self._gate.open_in(self._centre, MANAGE, self._look)),
            web.post(f"{PEOPLE}/add", self._form(self._add)),
            web.get(SHIFTS, self._gate.open_in(self._centre, PLAN, self._week)),
            web.post(f"{SHIFTS}/put", self._gate.open_in(self._centre, PLAN, self._put)),
            web.post(f"{SHIFTS}/{{ref}}/back", self._gate.open_in(self._centre, PLAN, self._back)),
            *(web.post(f"{PEOPLE}/{{name}}/{name}", self._form(act)) for name, act in forms.items()),
        ]

    # -- accounts -----------------------------------------------------------------------------------------------------

    async def _look(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._people(request, who)

    async def _people(
        self,
        request: web.Request,
        who: SignedIn,
        *,
        fault: Both | None = None,
        about: str = "",
        made: NewPassword | None = None,
        typed: dict[str, str] | None = None,
    ) -> web.Response:
        area = await self._gate.area_of(self._centre)
        async with self._ground.pool.acquire() as conn:
            every = [one for one in await accounts.accounts(conn) if managing.in_reach(who, one)]
            names = await areas.names_of(conn, [grant.area for one in every for grant in one.grants])
        policy = roles_policy()
        values = {
            "people": [_person(one, area, names, who) for one in every],
            "roles": [(code, row) for code, row in policy.roles.items() if code not in BY_COMMAND],
            "by_command": BY_COMMAND,
            "may_plan": who.may(PLAN, area),
            "fault": fault,
            "about": about,
            "made": made,
            "typed": {"name": "", "called": "", **(typed or {})},
            "said": request.query.get("said", ""),
            "longest": LONGEST,
            "home": address(request, HOME),
            "shifts": address(request, SHIFTS),
            "form_token": self._gate.form_token(request),
            "add": address(request, f"{PEOPLE}/add"),
            "form": lambda name, act: address(request, f"{PEOPLE}/{name}/{act}"),
        }
        return page(request, "survey.web", "people.html", values)

    def _form(self, act: Act) -> Handler:
        """What was done is said on the list; a first password is shown in this one reply."""

        async def handler(request: web.Request, who: SignedIn) -> web.StreamResponse:
            name = request.match_info.get("name", "")
            try:
                made = await act(request, who, name)
            except NotPermitted:
                raise
            except AccessRefusal as no:
                typed = {key: str(value) for key, value in (await request.post()).items()}
                return await self._people(request, who, fault=in_both(no), about=name, typed=typed)
            if made is not None:
                return await self._people(request, who, made=made)
            return go(address(request, PEOPLE, said=name))

        return self._gate.open_in(self._centre, MANAGE, handler)

    async def _add(self, request: web.Request, who: SignedIn, _: str) -> NewPassword:
        sent = await request.post()
        name, called = (str(sent.get(key, "")).strip()[:LONGEST] for key in ("name", "called"))
        employment = "contractor" if sent.get("employment") == "contractor" else "staff"
        area = await self._gate.area_of(self._centre)
        grants = [Grant(str(role), area) for role in sent.getall("role", [])]
        return await managing.add(
            self._ground, self._passwords, who, name,
            called=called, employment=cast(Employment, employment), grants=grants,
        )  # fmt: skip

    async def _roles(self, request: web.Request, who: SignedIn, name: str) -> None:
        chosen = [str(one) for one in (await request.post()).getall("role", [])]
        area = await self._gate.area_of(self._centre)
        await managing.set_roles(self._ground, who, name, area, chosen)

    async def _reset(self, request: web.Request, who: SignedIn, name: str) -> NewPassword:
        lost = bool((await request.post()).get("second_factor"))
        return await managing.reset(self._ground, self._passwords, who, name, second_factor=lost)

    async def _disable(self, request: web.Request, who: SignedIn, name: str) -> None:
        await managing.turn(self._ground, who, name, on=False)

    async def _enable(self, request: web.Request, who: SignedIn, name: str) -> None:
        await managing.turn(self._ground, who, name, on=True)

    # -- shifts -------------------------------------------------------------------------------------------------------

    async def _week(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        return await self._planned(request, who)

    async def _planned(
        self,
        request: web.Request,
        who: SignedIn,
        fault: Both | None = None,
        typed: dict[str, str] | None = None,
    ) -> web.Response:
        now, area = self._ground.clock.now(), await self._gate.area_of(self._centre)
        async with self._ground.pool.acquire() as conn:
            tz = await campaigns.time_zone(conn, self._centre) or "UTC"
            here = now.astimezone(ZoneInfo(tz))
            week = _week_of(request.query.get("week") or (typed or {}).get("week", ""), here.date())
            found = await shifts.planned(conn, self._centre, week.first, week.last, tz)
            every = await accounts.accounts(conn)
        able = [one for one in every if one.disabled_at is None and may(one.grants, "desk.work", area)]
        days = [week.first + timedelta(days=n) for n in range(7)]
        values = {
            "days": [
                (day, WEEKDAYS[day.weekday()], [one for one in found if one.day == day]) for day in days
            ],
            "week": f"{week.first:%G-W%V}",
            "today": here.date(),
            "now": here.time().replace(tzinfo=None),
            "before": address(request, SHIFTS, week=f"{week.first - timedelta(days=7):%G-W%V}"),
            "after": address(request, SHIFTS, week=f"{week.first + timedelta(days=7):%G-W%V}"),
            "able": able,
            "may_manage": who.may(MANAGE, area),
            "fault": fault,
            "typed": {"who": "", "begins": "09:00", "ends": "17:30", **(typed or {})},
            "said": request.query.get("said", ""),
            "home": address(request, HOME),
            "people": address(request, PEOPLE),
            "form_token": self._gate.form_token(request),
            "put": address(request, f"{SHIFTS}/put"),
            "back": lambda ref: address(request, f"{SHIFTS}/{ref}/back"),
        }
        return page(request, "survey.web", "shifts.html", values)

    async def _put(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        sent = await request.post()
        typed = {name: str(value) for name, value in sent.items()}
        try:
            days = [date.fromisoformat(str(one)) for one in sent.getall("day", [])]
            begins, ends = (time.fromisoformat(typed.get(name, "")) for name in ("begins", "ends"))
        except ValueError:
            wrong = ("时间请写成 09:00。", "Write the time as 09:00.")
            return await self._planned(request, who, wrong, typed)
        try:
            await planning_shifts.put(
                self._ground, self._centre, typed.get("who", ""), days, begins, ends, by=who.name
            )
        except ShiftRefused as no:
            return await self._planned(request, who, in_both(no), typed)
        return go(address(request, SHIFTS, week=typed.get("week", ""), said="put"))

    async def _back(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        week = str((await request.post()).get("week", ""))
        try:
            await planning_shifts.take_back(
                self._ground, self._centre, request.match_info["ref"], by=who.name
            )
        except ShiftRefused as no:
            return await self._planned(request, who, in_both(no), {"week": week})
        return go(address(request, SHIFTS, week=week, said="back"))


def _person(one: Account, area: str, names: dict[str, tuple[str, str]], who: SignedIn) -> Person:
    return Person(
        one.name,
        one.called,
        one.employment == "contractor",
        tuple(_role(grant, area, names) for grant in one.grants),
        frozenset(grant.role for grant in one.grants if grant.area == area),
        one.totp_cipher is not None,
        one.must_change,
        one.disabled_at is not None,
        one.id == who.account_id,
    )


def _role(grant: Grant, area: str, names: dict[str, tuple[str, str]]) -> Both:
    row = roles_policy().roles[grant.role]
    if grant.area == area:
        return row.zh, row.en
    zh, en = names[grant.area]
    return f"{row.zh} · {zh}", f"{row.en} · {en}"


def _week_of(written: str, today: date) -> Period:
    try:
        week = period(written) if written else None
    except NoPeriod:
        week = None
    monday = (week.first if week else today) - timedelta(days=(week.first if week else today).weekday())
    return Period(monday, monday + timedelta(days=6))
