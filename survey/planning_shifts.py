"""DOOR. Shifts: put for a week at once, and taken back one by one. Nothing is called and nobody is refused by them."""

from collections.abc import Sequence
from datetime import date, time
from inspect import getdoc

from survey.access.roles import may
from survey.access.signing_in import spelled
from survey.ground import Ground
from survey.store import accounts, areas, shifts
from survey.store.shifts import NewShift


class ShiftRefused(Exception):
    """This shift cannot be planned."""

    def __init__(self, **facts: object) -> None:
        super().__init__(" ".join((getdoc(type(self)) or "").format(**facts).split()))


class NobodyToWork(ShiftRefused):
    """没有 {name} 这个能打电话的账号。No account {name} may call residents here."""


class NoDay(ShiftRefused):
    """请选至少一天。Choose one day at the least."""


class EndsBefore(ShiftRefused):
    """下班要晚于上班。A shift ends after it begins."""


class WorksThen(ShiftRefused):
    """{name} 在 {day} 这段时间已经排了班。{name} has a shift on {day} at that time."""


class NoShift(ShiftRefused):
    """没有这个班,或已撤回。There is no such shift, or it was taken back."""


async def put(
    ground: Ground, centre: str, name: str, days: Sequence[date], begins: time, ends: time, *, by: str
) -> int:
    """The same hours on each of these days; all of them or none. How many.

    Raises NoDay, EndsBefore, NobodyToWork, WorksThen.
    """
    if not days:
        raise NoDay()
    if ends <= begins:
        raise EndsBefore()
    who, now = spelled(name), ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        account_id = await shifts.lock_account(conn, who)
        account = await accounts.account(conn, who)
        area = await areas.centre_area(conn, centre) or centre
        if account_id is None or account is None or not may(account.grants, "desk.work", area):
            raise NobodyToWork(name=name)
        for day in days:
            if await shifts.overlaps(conn, account_id, day, begins, ends):
                raise WorksThen(name=who, day=day)
        new = [
            NewShift(ground.tokens(), centre, account_id, day, begins, ends, by, now)
            for day in sorted(set(days))
        ]
        await shifts.put(conn, new)
    return len(new)


async def take_back(ground: Ground, centre: str, ref: str, *, by: str) -> None:
    """Raises NoShift."""
    async with ground.pool.acquire() as conn:
        if not await shifts.take_back(conn, centre, ref, by, ground.clock.now()):
            raise NoShift()
