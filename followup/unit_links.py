"""DOOR: units that have no account work by a link: they see their case redacted, sign for it and report its result.

A link is for one unit, one case, one round and until its hour. The address is signed by a key of the vault: whoever reads the
database cannot make one. Every use is written down, and each act happens once by one link.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from followup import bridging, cases, moves, unit_view
from followup.bridging import CallRow
from followup.cases import Contact, Reported
from followup.dispatching import check_lead
from followup.refusals import CaseRefusal, LinkDuration, LinkExpired, LinkOver, UnknownLink
from followup.store import unit_links as rows
from followup.store.unit_links import LinkRow
from followup.unit_view import UnitView
from survey.ids import Tokens
from survey.vault import Vault

PATH = "/u"
CALL = "call"
MOST_HOURS = 15 * 24
"""A link lives as long as a complex case may take, and no longer."""
MAC_BYTES = 16
LOCAL = ZoneInfo("Asia/Shanghai")


Work = Callable[[LinkRow], Awaitable[Reported | None]]


@dataclass(frozen=True)
class Made:
    """`path` is the secret; it is told once and stored nowhere."""

    path: str
    number: str
    unit: str
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """What a link shows. `done`: what was done by it, and when; `may`: the act that comes next, if any; `calls`: the masked calls
    of the unit, `may_call`: it may ask for one."""

    link: LinkRow
    case: UnitView
    done: dict[str, datetime]
    may: str | None
    calls: list[CallRow]
    may_call: bool


@dataclass(frozen=True)
class Acted:
    """`again`: it was done before, at `at`; nothing happened now. `reported`: of a result."""

    act: str
    at: datetime
    again: bool
    reported: Reported | None = None


async def make(
    conn: asyncpg.Connection,
    vault: Vault,
    number: str,
    *,
    unit: str,
    hours: float,
    by: str,
    now: datetime,
    tokens: Tokens,
) -> Made:
    """A link for the unit that leads the case's round. Raises UnknownCase, NotTheLead, LinkDuration."""
    if not 0 < hours <= MOST_HOURS:
        raise LinkDuration(hours=f"{hours:g}", most=MOST_HOURS)
    async with conn.transaction():
        case = await moves.read(conn, number)
        await check_lead(conn, case, unit)
        ref, expires_at = tokens(), (now + timedelta(hours=hours)).replace(microsecond=0)
        await rows.insert(conn, ref, case.id, unit, case.round, now, by, expires_at)
    return Made(
        f"{PATH}/{ref}.{_signature(vault, ref, case.id, unit, case.round, expires_at)}",
        number,
        unit,
        expires_at,
    )


async def revoke(conn: asyncpg.Connection, number: str, *, unit: str, now: datetime) -> int:
    """The unit's links to a case work no more. How many did."""
    return await rows.revoke(conn, number, unit, now)


async def look(conn: asyncpg.Connection, vault: Vault, token: str, *, now: datetime) -> Opened:
    """What the link shows. Raises UnknownLink, LinkExpired, LinkOver, NotTheLead, and what `unit_view.view` raises."""
    async with conn.transaction():
        link = await _link(conn, vault, token)
        why = _why_not(link, now)
        await rows.used(conn, link.ref, now, "view", why or "done")
    if why is not None:
        raise LinkExpired(at=_hour(link.expires_at))
    await check_lead(conn, await moves.read(conn, link.number), link.unit_code)
    case = await unit_view.view(conn, vault, link.number, unit=link.unit_code)
    done = await rows.done(conn, link.ref)
    if case.round != link.round:
        raise LinkOver(number=link.number, round=link.round)
    may = {"dispatched": "sign", "in_progress": "report"}.get(case.status)
    calls = await bridging.calls(conn, link.number, unit=link.unit_code)
    may_call = may is not None and case.anonymity == "named" and all(one.outcome for one in calls)
    return Opened(link, case, done, may if may not in done else None, calls, may_call)


async def sign(conn: asyncpg.Connection, vault: Vault, token: str, *, now: datetime) -> Acted:
    """The unit signs for its case. Done before by this link, it stays as it was.

    Raises UnknownLink, LinkExpired, LinkOver, and what `cases.sign` raises.
    """

    async def act(link: LinkRow) -> None:
        await cases.sign(conn, link.number, by=link.unit_code, now=now)

    return await _once(conn, vault, token, "sign", act, now)


async def report(
    conn: asyncpg.Connection,
    vault: Vault,
    token: str,
    *,
    summary: str,
    actions: str | None,
    contact: Contact | None,
    resident_view: str | None,
    now: datetime,
) -> Acted:
    """The unit reports the result. Done before by this link, it stays as it was; one that went straight back was none.

    Raises UnknownLink, LinkExpired, LinkOver, and what `cases.report_result` raises.
    """

    async def act(link: LinkRow) -> Reported:
        return await cases.report_result(
            conn,
            link.number,
            by=link.unit_code,
            summary=summary,
            actions=actions,
            contact=contact,
            resident_view=resident_view,
            now=now,
        )

    return await _once(conn, vault, token, "report", act, now)


async def call(conn: asyncpg.Connection, vault: Vault, token: str, *, now: datetime, tokens: Tokens) -> None:
    """The unit asks for a masked call to the resident. As often as it needs one, one at a time.

    Raises UnknownLink, LinkExpired, LinkOver, and what `bridging.call` raises.
    """

    async def act(link: LinkRow) -> None:
        await bridging.call(conn, link.number, unit=link.unit_code, now=now, tokens=tokens)

    await _once(conn, vault, token, CALL, act, now)


async def _once(
    conn: asyncpg.Connection, vault: Vault, token: str, act: str, work: Work, now: datetime
) -> Acted:
    """Under the link's lock: the second of two at once finds it done. What is refused is written down, too."""
    try:
        async with conn.transaction():
            link = await _link(conn, vault, token)
            if _why_not(link, now) is not None:
                raise LinkExpired(at=_hour(link.expires_at))
            before = await rows.done(conn, link.ref)
            if act in before:
                await rows.used(conn, link.ref, now, act, "again")
                return Acted(act, before[act], True)
            if (await moves.read(conn, link.number)).round != link.round:
                raise LinkOver(number=link.number, round=link.round)
            reported = await work(link)
            back = reported is not None and reported.returned is not None
            outcome = "returned" if back else "owed" if act == CALL else "done"
            await rows.used(conn, link.ref, now, act, outcome)
            return Acted(act, now, False, reported)
    except UnknownLink:
        raise
    except CaseRefusal as no:
        outcome = "expired" if isinstance(no, LinkExpired) else "refused"
        await rows.used(conn, token.partition(".")[0], now, act, outcome)
        raise


def _hour(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


async def _link(conn: asyncpg.Connection, vault: Vault, token: str) -> LinkRow:
    """Raises UnknownLink where the link is none, or its signature is not that of all it stands for."""
    ref, _, signature = token.partition(".")
    link = await rows.lock(conn, ref)
    if link is None:
        raise UnknownLink()
    right = _signature(vault, link.ref, link.case_id, link.unit_code, link.round, link.expires_at)
    if not hmac.compare_digest(_bytes(signature), _bytes(right)):
        raise UnknownLink()
    return link


def _signature(vault: Vault, ref: str, case_id: int, unit: str, round_: int, expires_at: datetime) -> str:
    signed = f"{ref}|{case_id}|{unit}|{round_}|{int(expires_at.timestamp())}"
    return urlsafe_b64encode(vault.link_mac(signed)[:MAC_BYTES]).decode().rstrip("=")


def _bytes(signature: str) -> bytes:
    try:
        return urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (binascii.Error, ValueError):
        return b""


def _why_not(link: LinkRow, now: datetime) -> str | None:
    return "expired" if link.revoked_at is not None or now >= link.expires_at else None
