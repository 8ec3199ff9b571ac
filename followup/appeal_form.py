"""What is written down when a resident raises a matter, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from followup.categories import Categories
from followup.duties import CAMPAIGN, Duties
from survey.field.attempt_policy import attempt_policy
from survey.field.calling_hours import calling_hours
from survey.field.own_hours import OwnHours

SOURCES = ("outbound", "inbound", "text", "visit", "import", "api")
KINDS = ("consult", "help", "complaint", "report", "opinion", "suggestion", "praise")
URGENCIES = ("normal", "urgent", "major")
ANONYMITIES = ("named", "confidential", "anonymous")


@dataclass(frozen=True)
class SafeContact:
    """A way in which the resident can be reached without harm. Local times, both or neither: `since` up to, not at, `until`."""

    no_texts: bool = False
    since: time | None = None
    until: time | None = None
    trusted_person_id: int | None = None


@dataclass(frozen=True)
class NewAppeal:
    """An appeal as it is taken in. Empty text and None mean "not said"; what must be said is in `missing`.

    `consent`: the resident agreed that it is registered and handed on. `duty_no` and `kind` of None are the
    category's. `criticised_unit`: a unit's code, or the centre's own. `content`: no number is kept in clear.
    """

    centre_code: str
    source: str
    person_id: int | None = None
    content: str = ""
    title: str = ""
    place: str = ""
    area_code: str = ""
    occurred_at: datetime | None = None
    category: str = ""
    duty_no: int | None = None
    kind: str | None = None
    urgency: str = "normal"
    sudden: bool = False
    anonymity: str = "named"
    criticised_unit: str | None = None
    group_size: int = 1
    consent: bool | None = None
    contact: SafeContact = SafeContact()
    first_handler: str = ""
    external_number: str | None = None


def missing(appeal: NewAppeal) -> list[str]:
    """Names of all mandatory fields that nobody filled in, in the order of the form."""
    filled = {
        "content (诉求内容)": appeal.content.strip(),
        "place (地点)": appeal.place.strip(),
        "area (所属区域)": appeal.area_code.strip(),
        "category (类别)": appeal.category.strip(),
        "consent (同意登记)": appeal.consent,
        "resident (诉求人)": appeal.person_id is not None or appeal.anonymity == "anonymous",
        "first handler (首问责任人)": appeal.first_handler.strip(),
    }
    return [name for name, value in filled.items() if not value]


def wrong(
    appeal: NewAppeal,
    *,
    now: datetime,
    known: Categories,
    duties: Duties,
    area_exists: bool,
    units: Collection[str],
) -> list[str]:
    """What the filled-in fields say that cannot be, each in a few words. `units`: of the known ones, those asked about."""
    return list(_wrong(appeal, now, known, duties, area_exists, units))


def _wrong(
    appeal: NewAppeal,
    now: datetime,
    known: Categories,
    duties: Duties,
    area_exists: bool,
    units: Collection[str],
) -> Iterator[str]:
    lists = (("source", SOURCES), ("urgency", URGENCIES), ("anonymity", ANONYMITIES), ("kind", KINDS))
    for field, allowed in lists:
        value = getattr(appeal, field)
        if value is not None and value not in allowed:
            yield f"{field} {value} is none of {', '.join(allowed)}"
    leaves = {category.code for category in known.categories}
    if appeal.category not in leaves:
        yield f"category {appeal.category} is no leaf of the category tree, which has four digits"
    if appeal.duty_no is not None:
        routes = {duty.number: duty.route for duty in duties.duties}
        if appeal.duty_no not in routes:
            yield f"duty {appeal.duty_no} is none of 1 to 10"
        elif CAMPAIGN in routes[appeal.duty_no]:
            yield f"duty {appeal.duty_no} is fulfilled by campaigns, not by cases"
    if not area_exists:
        yield f"area {appeal.area_code} is no area of centre {appeal.centre_code}"
    if appeal.criticised_unit and appeal.criticised_unit not in units:
        yield f"criticised unit {appeal.criticised_unit} is no unit of centre {appeal.centre_code}"
    yield from _wrong_person(appeal, now)


def _wrong_person(appeal: NewAppeal, now: datetime) -> Iterator[str]:
    contact = appeal.contact
    if appeal.anonymity == "anonymous" and appeal.person_id is not None:
        yield "an anonymous appeal has no resident on file; leave the person out, or take it as confidential"
    if appeal.anonymity == "anonymous" and contact != SafeContact():
        yield "an anonymous appeal has no way of contact; its query code is the only one"
    if (contact.since is None) != (contact.until is None):
        yield "contact hours have a beginning and an end, or neither"
    elif contact.since and contact.until and contact.since >= contact.until:
        yield "contact hours begin before they end"
    elif contact.since and contact.until and not _can_be_rung(contact.since, contact.until):
        allowed = ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in calling_hours().windows)
        yield f"contact hours leave no time in which anybody is rung, which is {allowed}"
    if appeal.group_size < 1:
        yield "group size is at least 1"
    if appeal.occurred_at and appeal.occurred_at > now:
        yield "it cannot have happened later than now"


def _can_be_rung(since: time, until: time) -> bool:
    """Whether these hours leave enough of the calling hours for a call."""
    least = attempt_policy().least_slot_s + attempt_policy().last_start_before_close_s
    left = OwnHours(((since, until),)).within(calling_hours().windows)
    return any(_seconds(closes) - _seconds(opens) >= least for opens, closes in left)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
