"""The gate for people who work for a unit or a supervision office: behind the role, their unit, and the area of that unit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from followup.store import unit_accounts
from followup.unit_desk import Seat
from survey.access.refusals import NotPermitted
from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.web.gate import Gate, Handler

SeatHandler = Callable[[web.Request, SignedIn, Seat], Awaitable[web.StreamResponse]]


class UnitGate:
    """The gate of a web process, for the units of its centre."""

    def __init__(self, gate: Gate, ground: Ground, centre_code: str) -> None:
        self.gate = gate
        self.ground = ground
        self.centre = centre_code

    def open_to(self, permission: Permission, handler: SeatHandler) -> Handler:
        """For whoever has this permission in the area of the unit that their account is linked to. A contractor, an account
        without a unit, or one of another centre's has no seat, and gets nothing."""

        async def guarded(request: web.Request, who: SignedIn) -> web.StreamResponse:
            if who.account_id is None:
                raise NotPermitted(permission)
            async with self.ground.pool.acquire() as conn:
                own = await unit_accounts.own_unit(conn, who.account_id, self.centre)
            if own is None or who.contractor:
                raise NotPermitted(f"{permission} no unit")
            who.require(permission, own.area_code)
            return await handler(request, who, Seat(who.account_id, own))

        return self.gate.open_to(permission, guarded)
