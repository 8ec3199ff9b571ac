"""By which way somebody can be told just now, and until when. Reads the address book, a resident's wishes and the hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

import asyncpg

from followup.casework.working_time import working_time
from followup.notice_templates import Channel, Role, Template
from followup.store import notice_addresses as book
from followup.store.notice_addresses import AddressRow, Resident
from survey.dispatch_policy import dispatch_policy
from survey.field.calling_hours import slots
from survey.field.own_hours import OwnHours

Kind = Literal["unit", "office", "post", "resident"]
KINDS: tuple[Kind, ...] = ("unit", "office", "post", "resident")
LONGEST = timedelta(hours=10)
"""The longest that a carrier keeps a text before it sends it (Twilio's validity period)."""
ROLES: dict[Role, tuple[Role, ...]] = {"leader": ("leader", "liaison"), "liaison": ("liaison", "leader")}
"""Whom of a unit: where the one has no way left, the other is told."""


@dataclass(frozen=True)
class Recipient:
    """`key` is what the notice names; `name` the unit's code, the office, the post or the case's number."""

    key: str
    kind: Kind
    name: str
    centre: str | None


@dataclass(frozen=True)
class Way:
    """`address`: of the book; `person_id`: a resident. `lang` of a text; mails say both."""

    channel: Channel
    address: AddressRow | None
    person_id: int | None
    lang: str

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.address.id if self.address else ''}"


@dataclass(frozen=True)
class NoWay:
    """Why nobody can be told by text or mail."""

    why: str


def recipient(key: str) -> Recipient | None:
    """What a notice's recipient names; None: nobody."""
    kind, _, rest = key.partition(":")
    if kind in ("office", "post"):
        name, _, centre = rest.partition(":")
        return Recipient(key, KINDS[KINDS.index(kind)], name, centre) if name and centre else None
    return (
        Recipient(key, KINDS[KINDS.index(kind)], rest, None)
        if kind in ("unit", "resident") and rest
        else None
    )


async def centre_of(conn: asyncpg.Connection, one: Recipient) -> str | None:
    """The centre that tells them."""
    if one.kind == "unit":
        return await book.centre_of_unit(conn, one.name)
    return one.centre if one.kind != "resident" else await book.centre_of_case(conn, one.name)


async def way_to(
    conn: asyncpg.Connection,
    one: Recipient,
    template: Template,
    tried: Sequence[str],
    now: datetime,
    *,
    mail: bool,
) -> Way | NoWay:
    """The first way that has not failed; `mail`: there is a mail server."""
    if one.kind == "resident":
        return _to_resident(await book.resident(conn, one.name), tried, now)
    rows = await book.of_holder(conn, one.key)
    roles = ROLES.get(template.to, ("liaison",)) if one.kind == "unit" else ("duty",)
    ways = [
        Way(channel, row, None, "zh")
        for role in roles
        for channel in template.channels
        for row in rows
        if (row.role, row.channel) == (role, channel) and (mail or channel == "text")
    ]
    for way in ways:
        if way.key not in tried:
            return way
    if ways:
        return NoWay("every way failed")
    return NoWay("no address" if mail or not any(row.channel == "mail" for row in rows) else "no mail server")


async def takes_texts(conn: asyncpg.Connection, number: str, now: datetime) -> bool:
    """Whether whoever is told about this case is told by text."""
    return isinstance(_to_resident(await book.resident(conn, number), (), now), Way)


def _to_resident(resident: Resident | None, tried: Sequence[str], now: datetime) -> Way | NoWay:
    """By text or by a person's call, as settled.md §4 and §5 have it and as the resident wants it."""
    if resident is None:
        return NoWay("nobody known: at the desk, by the query code")
    if "all" in resident.scopes:
        return NoWay("wants no contact: only when they ask")
    by_call = NoWay("to be told by a call")
    if "case_call" in resident.scopes:
        by_call = NoWay("neither texts nor calls: at the desk, by the query code")
    if resident.unlinked:
        return NoWay("the number is another's: at the desk, by the query code")
    if resident.no_texts or resident.landline or {"case_text", "text_channel"} & set(resident.scopes):
        return by_call
    old = (
        resident.birth_year is not None
        and now.year - resident.birth_year >= dispatch_policy().voice_first_age
    )
    way = Way("text", None, resident.person_id, resident.lang)
    return by_call if old or way.key in tried else way


async def open_hours(
    conn: asyncpg.Connection, one: Recipient, now: datetime, *, urgent: bool
) -> tuple[datetime, datetime]:
    """From when until when they may be told: office hours for those who handle cases, unless it is `urgent`; for residents the
    calling hours, and their own within these."""
    if one.kind != "resident":
        if urgent:
            return now, now + LONGEST
        return next(working_time().stretches(now))
    resident = await book.resident(conn, one.name)
    if resident is None:
        return now, now + LONGEST
    slot = next(slots(now, resident.tz, "case", own=_own(resident)))
    return slot.opens, slot.closes


def _own(resident: Resident) -> OwnHours | None:
    first, last = resident.contact_from, resident.contact_until
    if isinstance(first, time) and isinstance(last, time):
        return OwnHours(((first, last),))
    return None
