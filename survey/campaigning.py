"""DOOR. Planned campaigns: written down, checked, approved, started, paused, closed; each move leaves the state it names.

Who is drawn and released is `survey.releasing`'s business, which looks at a campaign when its `look_at` has come.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from survey.dispatch_policy import dispatch_policy
from survey.field.calling_hours import day_slots, local_day
from survey.field.campaign_checks import Surroundings, check
from survey.field.campaign_document import CampaignDocument
from survey.field.emptiness import Reason, why_empty
from survey.field.fault import Fault
from survey.field.lifecycle import Event, NotAllowed, Status, move
from survey.frames import people_to_draw
from survey.ground import Ground
from survey.questionnaire.model import Questionnaire
from survey.queueing import Line, situation
from survey.quota_questions import quota_questions
from survey.sampling.quotas import TOTAL, WHOLE
from survey.store import areas, budgets, campaign_life, campaigns, quotas, units
from survey.store.campaign_life import Draft, EventRow, Moved, Planned
from survey.tariff import THOUSANDTHS

ONE_DAY = timedelta(days=1)
KNOWN_FACTS = frozenset({"centre", "signature", "frame", "staff_no"})
"""What every dialogue of a survey is told (survey.store.interviews.facts_of_centre)."""
MODES = ("voice", "text", "operator")


class CampaignRefused(ValueError):
    """The campaign was not made, or not moved; the message says why and what to do. `faults` where its document is to blame."""

    def __init__(self, why: str, zh: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(why)
        self.zh = zh
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Checked:
    """What the check found, and how many people of the list may be drawn."""

    faults: tuple[Fault, ...]
    frame_size: int

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity == "error")


async def check_document(
    ground: Ground, centre: str, document: CampaignDocument, questionnaire: Questionnaire
) -> Checked:
    """The document held against the centre, its list and the questionnaire. Plans nothing."""
    async with ground.pool.acquire() as conn, conn.transaction():
        known = await areas.names_below(conn, centre)
        if not known:
            raise CampaignRefused(
                f"there is no centre {centre}; choose one with --centre", f"没有中心 {centre}。"
            )
        tz = await campaigns.time_zone(conn, centre)
        now = ground.clock.now()
        rested = now - timedelta(days=document.sample.cooling_off_days)
        size = await people_to_draw(conn, centre, rested, now, document.sample.areas)
        around = Surroundings(
            today=local_day(now, tz),
            areas=list(known),
            purpose=questionnaire.purpose,
            asks=[mode for mode in MODES if set(questionnaire.facts.get(mode, ())) <= KNOWN_FACTS],  # type: ignore[call-overload]
            frame_size=size,
            attributes=await campaigns.attributes_of_list(conn, centre),
            questions=quota_questions(questionnaire),
        )
    return Checked(check(document, around), size)


async def create(
    ground: Ground,
    centre: str,
    document: CampaignDocument,
    questionnaire: Questionnaire,
    *,
    by: str,
    seed: int | None = None,
) -> tuple[Planned, Checked]:
    """A draft; one of the same code is written anew as long as it is a draft. Raises CampaignRefused, ChangedWhenFrozen.

    `seed` None: made of the document, so that the same document has the same random orders.
    """
    now = ground.clock.now()
    checked = await check_document(
        ground, centre, document, questionnaire
    )  # counts as a draw does, alone with the list
    if checked.errors:
        raise CampaignRefused(
            f"{document.code} has faults that stop it", f"{document.code} 有错,不能创建。", checked.faults
        )
    async with ground.pool.acquire() as conn, conn.transaction():
        pinned = await campaigns.freeze(
            conn,
            questionnaire.code,
            questionnaire.version,
            questionnaire.sha256,
            json.loads(questionnaire.to_json()),
            now,
        )
        tz = await campaigns.time_zone(conn, centre)
        campaign = await campaign_life.put_draft(conn, _draft(centre, document, pinned, tz, seed))
        if campaign is None:
            raise CampaignRefused(
                f"there is a campaign {document.code}, and it is no draft; choose another code",
                f"已有项目 {document.code},而且不是草案。换一个代号。",
            )
        await _lay_seats_and_budget(conn, campaign, document)
        await campaign_life.note_created(conn, campaign, now, by, "created from its document")
        made = await campaign_life.planned(conn, centre, document.code)
        assert made is not None
        return made, checked


def _draft(
    centre: str, document: CampaignDocument, questionnaire_id: int, tz: str, seed: int | None
) -> Draft:
    body = document.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return Draft(
        centre_code=centre,
        code=document.code,
        name_zh=document.name.zh,
        questionnaire_id=questionnaire_id,
        modes=document.contacts_by,
        pre_notice=document.pre_notice,
        seed=int(digest[:8], 16) if seed is None else seed,
        opens_at=_opening(document.opens, tz),
        closes_at=_end(document, tz),
        kind=document.kind,
        document=body,
        document_sha256=digest,
        partials_count=document.partials_count,
        daily_target=document.targets.daily,
        has_seats=bool(_cells(document)) or document.targets.daily is not None,
        has_budget=any(v is not None for v in document.budget.model_dump().values()),
        links=document.links,
        mode_delays={str(mode): hours for mode, hours in document.mode_delays.items()},
        machine_detection=document.machine_detection,
        converts=document.convert_refusals,
        weight=document.weight,
        operator_dialling=document.operator_dialling,
        hours=document.stored_hours,
        answer_quotas={
            q.name: [[c.name, c.when.answers] for c in q.cells] for q in document.quotas if q.by_answers
        },
    )


def _opening(day: date, tz: str) -> datetime:
    """When the list of the first day is made, before the shift begins."""
    return datetime.combine(day, dispatch_policy().list_at, ZoneInfo(tz))


def _end(document: CampaignDocument, tz: str) -> datetime:
    """The end of the last calling hour of the last day on which people may be called at all."""
    day = document.closes
    while day >= document.opens:
        slots = day_slots(day, tz, "survey", own=document.own_hours)
        if slots:
            return slots[-1].closes
        day -= ONE_DAY
    return datetime.combine(document.closes + ONE_DAY, time(0), ZoneInfo(tz))


def _cells(document: CampaignDocument) -> list[tuple[str, str, int]]:
    """(quota, cell, target). A wave has none: it works its replicates to their end."""
    if document.kind == "wave":
        return []
    total = [] if document.targets.total is None else [(TOTAL, WHOLE, document.targets.total)]
    return total + [(q.name, cell.name, cell.target) for q in document.quotas for cell in q.cells]


async def _lay_seats_and_budget(conn: Any, campaign: int, document: CampaignDocument) -> None:
    await quotas.clear_cells(conn, campaign)
    await quotas.lay_cells(conn, campaign, _cells(document))
    limits = document.budget
    money = None if limits.money is None else round(limits.money * THOUSANDTHS)
    await budgets.set_budget(conn, campaign, limits.calls, limits.segments, money)


# -- moves ----------------------------------------------------------------------------------------------------------


async def approve(ground: Ground, centre: str, code: str, *, by: str, caller_known: bool) -> Planned:
    """draft -> approved. `caller_known`: a caller id of the centre is configured, or nobody is called by a carrier."""

    async def guard(
        conn: Any, campaign: Planned, document: CampaignDocument, now: datetime
    ) -> tuple[str, str] | None:
        if document.scoring is None:
            return (
                "how its result will be computed is not written down; add `scoring` to its document",
                "没有写明结果怎样计算。在文件里加上 scoring。",
            )
        if document.notice is None:
            return (
                "what residents are told of their data is missing; add `notice` to its document",
                "没有写明怎样告知居民。在文件里加上 notice。",
            )
        if not caller_known and set(document.modes) != {"operator"}:
            return (
                "no caller id is configured; set MINYI_CARRIER_NUMBER and MINYI_CARRIER_ACCOUNT_SID",
                "还没有配置主叫号码。请管理员设 MINYI_CARRIER_NUMBER 和 MINYI_CARRIER_ACCOUNT_SID。",
            )
        return None

    return await move_campaign(ground, centre, code, "approve", by, "approved", guard)


async def start(ground: Ground, centre: str, code: str, *, by: str) -> Planned:
    """approved -> scheduled: the service draws its sample and opens it when its hour has come."""
    return await move_campaign(ground, centre, code, "start", by, "started", _not_over)


async def resume(ground: Ground, centre: str, code: str, *, by: str) -> Planned:
    """paused -> scheduled, to be opened again."""
    return await move_campaign(ground, centre, code, "resume", by, "resumed", _not_over)


async def pause(ground: Ground, centre: str, code: str, *, by: str, why: str) -> Planned:
    """running -> paused: nothing more is handed to the carrier, and what lies there is recalled."""
    return await move_campaign(ground, centre, code, "pause", by, why)


async def close(ground: Ground, centre: str, code: str, *, by: str, why: str) -> Planned:
    """To closed: whoever waits gets their final code; contacts under way go to their end."""
    return await move_campaign(ground, centre, code, "close", by, why)


async def cancel(ground: Ground, centre: str, code: str, *, by: str, why: str) -> Planned:
    """draft or approved -> cancelled."""
    return await move_campaign(ground, centre, code, "cancel", by, why)


Guard = Callable[[Any, Planned, CampaignDocument, datetime], Awaitable[tuple[str, str] | None]]
"""What stands in the way of a move, in English and in Chinese; None where nothing does: asked in the transaction that moves."""


async def _anyhow(
    conn: Any, campaign: Planned, document: CampaignDocument, now: datetime
) -> tuple[str, str] | None:
    return None


async def _not_over(
    conn: Any, campaign: Planned, document: CampaignDocument, now: datetime
) -> tuple[str, str] | None:
    if campaign.closes_at is not None and campaign.closes_at <= now:
        return (
            f"its last day, {document.closes}, is over; create it anew with later days",
            f"最后一天 {document.closes} 已过。改后面的日期另建一个。",
        )
    return None


async def move_campaign(
    ground: Ground, centre: str, code: str, event: Event, by: str, why: str, guard: Guard = _anyhow
) -> Planned:
    """The move of this event, where the table and its guard allow it. Raises CampaignRefused."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        campaign = await locked(conn, centre, code)
        try:
            row = move(event, _status(campaign))
        except NotAllowed as error:
            raise CampaignRefused(f"{code}: {error}", error.zh) from None
        said = await guard(conn, campaign, document_of(campaign), now)
        if said is not None:
            raise CampaignRefused(f"{code}: {said[0]}", said[1])
        look = _look_at(campaign, row.enters, now)
        await campaign_life.move(
            conn, Moved(campaign.id, event, campaign.status, row.enters, by, why, look), now
        )
        moved = await campaign_life.planned(conn, centre, code)
        assert moved is not None
        return moved


def _look_at(campaign: Planned, enters: Status, now: datetime) -> datetime | None:
    if enters == "scheduled":
        return max(now, campaign.opens_at)
    return now if enters in ("paused", "closed") else None


def _status(campaign: Planned) -> Status:
    return campaign.status  # type: ignore[return-value]  # the table's CHECK names the same words


async def locked(conn: Any, centre: str, code: str) -> Planned:
    """A planned campaign, locked. Raises CampaignRefused."""
    return _found(await campaign_life.lock_planned(conn, centre, code), code)


def _found(campaign: Planned | None, code: str) -> Planned:
    if campaign is None:
        raise CampaignRefused(
            f"there is no campaign {code} here; `minyi campaign list` shows those there are",
            f"这里没有项目 {code}。",
        )
    if campaign.document is None:
        raise CampaignRefused(
            f"{code} is opened and closed by the service itself (daily lists, callbacks)",
            f"{code} 由服务自行开停(每日名单、回访)。",
        )
    return campaign


def document_of(campaign: Planned) -> CampaignDocument:
    """The document as it was checked."""
    return CampaignDocument.model_validate(campaign.document)


# -- looking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """All that is to be told of a campaign."""

    campaign: Planned
    events: tuple[EventRow, ...]
    cells: tuple[quotas.CellRow, ...]
    budget: budgets.BudgetRow | None
    codes: dict[str, int]
    waiting: int
    in_contact: int
    drawn: int
    released: int
    empty: tuple[Reason, ...]
    """Why nobody can be called just now; `something_due` alone: somebody can."""


async def state(ground: Ground, centre: str, code: str) -> State:
    """Raises CampaignRefused."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        campaign = await campaign_life.planned(conn, centre, code)
        if campaign is None:
            raise CampaignRefused(
                f"there is no campaign {code} here; `minyi campaign list` shows those there are",
                f"这里没有项目 {code}。",
            )
        waiting, in_contact = await campaign_life.open_units(conn, campaign.id)
        drawn_units, released = await campaign_life.sizes(conn, campaign.id)
        cells = tuple(await quotas.cells(conn, campaign.id))
        budget = await budgets.budget(conn, campaign.id)
        return State(
            campaign,
            tuple(await campaign_life.events(conn, campaign.id)),
            cells,
            budget,
            await units.codes(conn, campaign.id),
            waiting,
            in_contact,
            drawn_units,
            released,
            why_empty(
                situation(
                    campaign,
                    Line(waiting, in_contact, await campaign_life.next_due(conn, campaign.id)),
                    drawn_units - released,
                    cells,
                    budget,
                    now,
                )
            ),
        )


async def listed(ground: Ground, centre: str, limit: int) -> list[Planned]:
    """The centre's campaigns, the newest first."""
    async with ground.pool.acquire() as conn:
        return await campaign_life.listed(conn, centre, limit)
