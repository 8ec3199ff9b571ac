"""Cases over the API: registered, read by number or query code, listed by what changed."""

from __future__ import annotations

from datetime import datetime, time

import asyncpg

from followup import appeals
from followup.api.fields import moment_of, readable
from followup.api.models import CaseOut, ChangedCases, Contact, NewCase, RegisteredCase, Since
from followup.api.operations import Answer, Call
from followup.api.problems import Problem, impossible
from followup.appeals import NewAppeal, SafeContact
from followup.casework.lifecycle import is_open
from followup.casework.posts import THE_CENTRE
from followup.categories import categories
from followup.outside_view import visible, words
from followup.store import cases, exchange, places
from followup.store.exchange import ExchangeCase
from survey.enrolling import NewPerson, enrol_persons
from survey.sampling.numbers import is_landline, to_dial
from survey.sampling.refusals import FieldRefused
from survey.vault import Vault


async def register(call: Call) -> Answer:
    """An appeal from another system. The same external number is registered once."""
    sent: NewCase = call.sent
    await _check_area(call, sent)
    person = await _person(call, sent)
    appeal = NewAppeal(
        centre_code=call.key.centre_code,
        source="api",
        person_id=person,
        content=sent.content.strip(),
        title=sent.title or "",
        place=sent.place,
        area_code=sent.area_code,
        occurred_at=moment_of("occurred_at", sent.occurred_at) if sent.occurred_at else None,
        category=sent.category or categories().guess(sent.content).code,
        urgency=sent.urgency,
        sudden=sent.sudden,
        anonymity=sent.anonymity,
        criticised_unit=sent.criticised_unit,
        group_size=sent.group_size,
        consent=sent.consent,
        contact=_contact(sent.contact),
        first_handler=THE_CENTRE,
        external_number=readable(sent.external_number) if sent.external_number else None,
    )
    registered = await appeals.register(
        call.conn, appeal, by=call.by, now=call.now, tokens=call.ground.tokens
    )
    row = await cases.case_by_number(call.conn, registered.number)
    shown = RegisteredCase(
        number=registered.number, short_number=registered.short_number, query_code=registered.query_code
    )
    return Answer(shown, [row.id] if row else [])


async def read(call: Call) -> Answer:
    """One case."""
    row = await exchange.one(call.conn, call.key.centre_code, call.key.unit_code, call.path["case"])
    shown = await case_out(row, call) if row else None
    if row is None or shown is None:
        raise Problem("unknown_case")
    return Answer(shown, [row.id])


async def changed(call: Call) -> Answer:
    """Cases since the cursor."""
    query: Since = call.query
    until = await exchange.horizon(call.conn)
    rows = await exchange.changed(
        call.conn, call.key.centre_code, call.key.unit_code, int(query.since), until, query.limit
    )
    shown = [(row.id, await case_out(row, call)) for row in rows]
    following = str(rows[-1].changed) if rows else query.since
    told = ChangedCases(cases=[one for _, one in shown if one], next=following)
    return Answer(told, [case_id for case_id, one in shown if one])


async def case_out(row: ExchangeCase, call: Call) -> CaseOut | None:
    """A case as this key may see it; None if it may not."""
    case = await visible(call.conn, row.number, call.key.centre_code, call.key.unit_code)
    if case is None:
        return None
    return CaseOut(
        number=row.number,
        external_number=row.external_number,
        source=row.source,
        status=row.status,
        open=is_open(row.status),
        ending=row.ending,
        round=row.round,
        category=row.category,
        duty_no=row.duty_no,
        kind=row.kind,
        area_code=row.area_code,
        urgency=row.urgency,
        sudden=row.sudden,
        anonymity=row.anonymity,
        content=await words(call.conn, call.ground.vault, case),
        lead=row.lead,
        assists=list(row.assists),
        received_at=row.received_at.isoformat(),
        due_at=iso(row.due_at),
        closed_at=iso(row.closed_at),
    )


def iso(moment: datetime | None) -> str | None:
    """As it goes out."""
    return moment.isoformat() if moment else None


def _contact(sent: Contact | None) -> SafeContact:
    if sent is None:
        return SafeContact()
    since = time.fromisoformat(sent.not_before) if sent.not_before else None
    until = time.fromisoformat(sent.not_after) if sent.not_after else None
    return SafeContact(no_texts=sent.no_texts, since=since, until=until)


async def _check_area(call: Call, sent: NewCase) -> None:
    """Before the person is enrolled, what is most often wrong is told by its field; the rest is told by the door."""
    centre = call.key.centre_code
    place = await places.centre_place(call.conn, centre)
    if place is None or not await places.is_area_within(call.conn, sent.area_code, place.area_code):
        raise impossible(
            "area_code", f"no area of centre {centre}", "give the code of its county, a township or village"
        )
    if (sent.person is None) != (sent.anonymity == "anonymous"):
        raise impossible(
            "person",
            "needed unless the appeal is anonymous, and only then left out",
            "correct one of the two",
        )


async def _person(call: Call, sent: NewCase) -> int | None:
    if sent.person is None:
        return None
    try:
        number = to_dial(sent.person.phone, call.plan)
    except FieldRefused as no:
        raise impossible("person.phone", no.reason, no.remedy) from None
    return await enrolled(call.conn, call.ground.vault, number, sent.person.name)


async def enrolled(conn: asyncpg.Connection, vault: Vault, number: str, name: str | None) -> int:
    """The person with this number (E.164), who may be called about their case."""
    (person,) = await enrol_persons(conn, vault, [NewPerson(number, name, landline=is_landline(number))])
    return person
