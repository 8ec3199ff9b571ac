"""DOOR: what residents raise becomes cases (登记): once, with everything that must be known, and alike ones pointed out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from followup import clocks, notice_ways, notices, telling
from followup.appeal_form import NewAppeal, SafeContact, missing, wrong
from followup.casework import states
from followup.casework.lifecycle import Event
from followup.casework.limits import limits
from followup.casework.working_time import WorkingTime
from followup.categories import Category, categories
from followup.duties import duties
from followup.intake_policy import intake_policy
from followup.minting import mint
from followup.moves import read, read_still
from followup.notices import NewNotice
from followup.refusals import (
    AppealIncomplete,
    AppealWrong,
    ExternalNumberKnown,
    RepeatsAlready,
    RepeatsItself,
    UnknownCentre,
)
from followup.routes import CITY, matter_of
from followup.standing import Standing, status_by_query_code
from followup.store import appeals as rows
from followup.store import cases, events, places, units
from followup.store.appeals import AppealRow, Similar
from followup.store.cases import CaseRow, NewCase
from followup.store.events import EventRow
from survey.ids import Tokens
from survey.masking import without_numbers
from survey.policies import packaged

__all__ = [
    "NewAppeal",
    "Registered",
    "SafeContact",
    "Similar",
    "Standing",
    "link_repeat",
    "register",
    "similar",
    "status_by_query_code",
]

TITLE_LENGTH = 20


@dataclass(frozen=True)
class Registered:
    """A new case. `similar`: cases that may be the same matter, for a person to look at; nothing merges by itself."""

    number: str
    short_number: str
    query_code: str
    similar: tuple[Similar, ...] = ()


async def register(
    conn: asyncpg.Connection, appeal: NewAppeal, *, by: str, now: datetime, tokens: Tokens
) -> Registered:
    """Register an appeal; in a transaction of its own or the caller's.

    Raises AppealIncomplete, which names all fields that are missing, AppealWrong, which names all that cannot
    be, UnknownCentre, ExternalNumberKnown.
    """
    async with conn.transaction():
        await _check(conn, appeal, now)
        category = categories().of_code(appeal.category)
        alike = await _similar(conn, appeal.centre_code, appeal.person_id, category, appeal.area_code, now)
        case = await _insert(conn, appeal, category, now, tokens)
        await rows.insert_appeal(conn, _appeal_row(case, appeal, now))
        detail = _detail(appeal, case, alike)
        event = EventRow(case.id, 1, Event.REGISTER, None, case.status, by, None, now, detail)
        await events.insert_events(conn, [event])
        if (await matter_of(conn, case)).city_level:
            await telling.post(conn, case, CITY, "case_for_city", once="1", now=now)
        if case.duty_no == duties().other:
            await _ask_to_classify(conn, case.centre_code, now)
        # the others hear it from whoever registers it
        if await notice_ways.takes_texts(conn, case.number, now):
            await telling.resident(conn, case, "registered", once="1", now=now)
        return Registered(case.number, case.short_number, case.query_code, tuple(alike))


async def similar(conn: asyncpg.Connection, number: str, *, now: datetime) -> list[Similar]:
    """Cases that may be the same matter as this one, within the days of the policy. Raises UnknownCase."""
    case = await read(conn, number)
    category = categories().of_code(case.category)
    return await _similar(conn, case.centre_code, case.person_id, category, case.area_code, now, but=number)


async def link_repeat(conn: asyncpg.Connection, number: str, *, of: str, by: str, now: datetime) -> str:
    """A person has seen that the case repeats another; the number of the first of them all, which it now points at.

    Both live on. Raises UnknownCase, RepeatsItself, RepeatsAlready.
    """
    async with conn.transaction():
        held = {
            one: await read_still(conn, one) for one in sorted({number, of})
        }  # so that no two make a circle
        case, first = held[number], held[of]
        before = await rows.appeal_of(conn, first.id)
        first_id = before.repeat_of if before and before.repeat_of else first.id
        if first_id == case.id or first.centre_code != case.centre_code:
            raise RepeatsItself(number=number, of=of)
        if not await rows.link_repeat(conn, case.id, first_id):
            raise RepeatsAlready(number=number)
        root = await cases.number_of(conn, first_id)
        event = EventRow(
            case.id, case.round, "link_repeat", case.status, case.status, by, None, now, {"repeat_of": root}
        )
        await events.insert_events(conn, [event])
        return root


async def _check(conn: asyncpg.Connection, appeal: NewAppeal, now: datetime) -> None:
    lacking = missing(appeal)
    if lacking:
        raise AppealIncomplete(fields=", ".join(lacking))
    place = await places.centre_place(conn, appeal.centre_code)
    if place is None:
        raise UnknownCentre(centre=appeal.centre_code)
    problems = wrong(
        appeal,
        now=now,
        known=categories(),
        duties=duties(),
        area_exists=await places.is_area_within(conn, appeal.area_code, place.area_code),
        units=await _known_units(conn, appeal),
    )
    if problems:
        raise AppealWrong(problems="; ".join(problems))


async def _known_units(conn: asyncpg.Connection, appeal: NewAppeal) -> Collection[str]:
    if appeal.criticised_unit is None:
        return ()
    known = await units.known_units(conn, appeal.centre_code, [appeal.criticised_unit])
    return known | {appeal.centre_code}


async def _similar(
    conn: asyncpg.Connection,
    centre_code: str,
    person_id: int | None,
    category: Category,
    area_code: str,
    now: datetime,
    but: str = "",
) -> list[Similar]:
    if person_id is None:
        return []
    since = now - timedelta(days=intake_policy().similar_days)
    return await rows.similar_cases(conn, centre_code, person_id, category.group, area_code, since, but)


async def _insert(
    conn: asyncpg.Connection, appeal: NewAppeal, category: Category, now: datetime, tokens: Tokens
) -> CaseRow:
    kind = appeal.kind or category.kind
    (minted,) = await mint(conn, appeal.centre_code, now, tokens)
    centre_itself = appeal.criticised_unit == appeal.centre_code
    case = await cases.insert_case(
        conn,
        NewCase(
            number=minted.number,
            short_number=minted.short_number,
            query_code=minted.query_code,
            centre_code=appeal.centre_code,
            source=appeal.source,
            external_number=appeal.external_number,
            person_id=appeal.person_id,
            batch_id=None,
            content=without_numbers(appeal.content.strip()),
            category=category.code,
            duty_no=appeal.duty_no or category.duty_no,
            kind=kind,
            area_code=appeal.area_code,
            status="registered",
            received_at=now,
            due_at=_answer_by(kind, now, await clocks.office(conn, appeal.centre_code)),
            limit_hours=None,
            policy_version=packaged("followup.casework", "limits").version,
            urgency=appeal.urgency,
            sudden=appeal.sudden,
            anonymity=appeal.anonymity,
            criticised_unit=None if centre_itself else appeal.criticised_unit,
            first_handler=appeal.first_handler.strip(),
        ),
    )
    if case is None:
        raise ExternalNumberKnown(external=appeal.external_number, centre=appeal.centre_code)
    return case


def _answer_by(kind: str, now: datetime, office: WorkingTime) -> datetime | None:
    """A question is answered within its own limit, by whomever; everything else is accepted within that of its state."""
    if kind == "consult":
        return limits().classes[kind].handle.due(now, office)
    return states.due("registered", now, office)


def _appeal_row(case: CaseRow, appeal: NewAppeal, now: datetime) -> AppealRow:
    words = appeal.title.strip() or appeal.content.strip()[:TITLE_LENGTH]
    contact = appeal.contact
    return AppealRow(
        case_id=case.id,
        title=without_numbers(words),
        place=without_numbers(appeal.place.strip()),
        occurred_at=appeal.occurred_at,
        group_size=appeal.group_size,
        repeat_of=None,
        consented_at=now,
        no_texts=contact.no_texts,
        contact_from=contact.since,
        contact_until=contact.until,
        trusted_person_id=contact.trusted_person_id,
        criticised_centre=appeal.criticised_unit == appeal.centre_code,
    )


def _detail(appeal: NewAppeal, case: CaseRow, alike: Sequence[Similar]) -> dict[str, object]:
    facts: dict[str, object] = {
        "source": case.source,
        "first_handler": case.first_handler,
        "category": case.category,
        "duty_no": case.duty_no,
        "kind": case.kind,
        "anonymity": case.anonymity,
        "consent": True,
        "policies": {"categories": packaged("followup.policies", "categories").version},
    }
    if alike:
        facts["similar"] = [one.number for one in alike]
    return facts


async def _ask_to_classify(conn: asyncpg.Connection, centre_code: str, now: datetime) -> None:
    """Too much under "other" and the figures by duty say little: the office is asked to classify again, once a month."""
    rule = duties()
    since = now - timedelta(days=rule.other_share_days)
    share = await rows.duty_share(conn, centre_code, since, rule.other)
    if not rule.too_many(share.of_duty, share.cases):
        return
    percent = f"{100 * share.of_duty / share.cases:.1f}"
    facts = {"others": str(share.of_duty), "cases": str(share.cases), "percent": percent}
    notice = NewNotice(
        cause=f"classify:{centre_code}:{now:%Y-%m}",
        recipient=f"post:office_director:{centre_code}",
        template="classify_again",
        facts=facts,
    )
    await notices.owe(conn, notice, now=now)
