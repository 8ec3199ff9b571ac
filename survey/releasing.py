"""DOOR. What the service does with planned campaigns by itself: draws the sample when a campaign's hour has come, releases of it
what the target is expected to need, closes what is reached or over, and
marks for recall what lies at the carrier and must not be dialled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from survey import spending
from survey.caller_health import NONE_LEFT, none_left
from survey.campaigning import document_of
from survey.concluding import mode_of, plan_for
from survey.field.attempts import Stop, next_step
from survey.field.calling_hours import next_open, window_at
from survey.field.campaign_document import CampaignDocument
from survey.field.health import Ill, health_policy, ill, said, stretch_at
from survey.field.release_policy import release_policy
from survey.field.releasing import Standing, finished, to_release, whole_replicates
from survey.fielding import end_waiting
from survey.frames import draw_from_list
from survey.ground import Ground
from survey.sampling.draw_record import was_drawn
from survey.sampling.quotas import Cell, Condition, Known, Quota, cells_of
from survey.sampling.random_digit_list import frame_facts
from survey.sampling.replicates import in_replicates
from survey.spending import can_pay
from survey.store import budgets, campaign_life, drawn, draws, frame_draw, recalls, units
from survey.store.campaign_life import Moved, Planned
from survey.store.drawn import DrawnRow
from survey.store.frame_draw import Details, Taken
from survey.store.units import NewUnit

log = structlog.get_logger()
TOO_SMALL = "the list has too few people left for this sample 名单人数不足"
REACHED = "target reached 达到目标"
OVER = "its last calling hour is over 期满"
WORKED = "everybody in the sample is done 样本用完"


async def look_at_campaigns(ground: Ground) -> int:
    """Look at every campaign whose moment has come. How many."""
    looked = 0
    while True:
        async with ground.pool.acquire() as conn, conn.transaction():
            campaign = await campaign_life.next_to_look_at(conn, ground.clock.now())
            if campaign is None:
                return looked
            await _look(ground, conn, campaign)
        looked += 1


async def _look(ground: Ground, conn: Any, campaign: Planned) -> None:
    now = ground.clock.now()
    if campaign.status == "scheduled":
        await _open(ground, conn, campaign, now)
    elif campaign.status == "running":
        await _keep_going(ground, conn, campaign, now)
    elif campaign.status == "closed":
        await end_waiting(conn, [campaign.id], "campaign closed", now)
        await recalls.of_campaign(conn, campaign.id, now)
        still_open = any(await campaign_life.open_units(conn, campaign.id))
        await campaign_life.look_again(conn, campaign.id, _soon(now) if still_open else None)
    else:
        await _rest(conn, campaign, now)


async def _rest(conn: Any, campaign: Planned, now: datetime) -> None:
    """A paused one: what lies at the carrier is had back. It closes when its days go by, or the last contact under way leaves
    nobody who could be asked after a pause."""
    await recalls.of_campaign(conn, campaign.id, now)
    document = document_of(campaign)
    if (why := _is_over(campaign, document, await _standing(conn, campaign, document), now)) is not None:
        await _close(conn, campaign, why, now)
        return
    _, in_contact = await campaign_life.open_units(conn, campaign.id)
    await campaign_life.look_again(conn, campaign.id, _soon(now) if in_contact else campaign.closes_at)


async def _open(ground: Ground, conn: Any, campaign: Planned, now: datetime) -> None:
    """The sample is drawn when a campaign opens first, from the list as it is then; after a pause it stands."""
    document = document_of(campaign)
    if not was_drawn(campaign.draw) and not await _draw(ground, conn, campaign, document, now):
        await _move(conn, campaign, "pause", "paused", TOO_SMALL, None, now)
        return
    await _move(conn, campaign, "open", "running", "its hour has come", now, now)


async def _move(
    conn: Any, campaign: Planned, event: str, enters: str, why: str, look: datetime | None, now: datetime
) -> None:
    moved = Moved(campaign.id, event, campaign.status, enters, "service", why, look)
    await campaign_life.move(conn, moved, now)
    log.info("campaign", centre=campaign.centre_code, campaign=campaign.code, to=enters, why=why)


# -- drawing --------------------------------------------------------------------------------------------------------


async def _draw(
    ground: Ground, conn: Any, campaign: Planned, document: CampaignDocument, now: datetime
) -> bool:
    plan = document.sample
    found = await draw_from_list(
        conn,
        campaign.centre_code,
        size=plan.size,
        rested_since=now - timedelta(days=plan.cooling_off_days),
        at=now,
        key_id=ground.vault.key_id,
        areas=plan.areas,
        replicate=plan.replicate,
    )
    if found is None:
        return False
    chosen, record = found
    cells = await _cells(conn, campaign.centre_code, chosen, quotas_of(document), now)
    await drawn.keep(conn, campaign.id, in_order_of_release(chosen, cells, plan.replicate))
    await draws.keep(conn, campaign.id, record.model_dump(mode="json"), record.number)
    return True


async def _cells(
    conn: Any, centre: str, chosen: Sequence[Taken], divisions: tuple[Quota, ...], now: datetime
) -> Mapping[int, dict[str, str]]:
    """Which cell of each quota a person is in, by person; nobody is looked up where there are no quotas."""
    if not divisions:
        return {}
    known = await frame_draw.details(conn, centre, [one.person_id for one in chosen])
    return {
        one.person_id: cells_of(divisions, known_of(one.area_code, known[one.person_id], now))
        for one in chosen
    }


def in_order_of_release(
    chosen: Sequence[Taken], cells: Mapping[int, dict[str, str]], size: int
) -> list[DrawnRow]:
    """Replicate after replicate, each of about `size` people, and inside of one by permanent random number, so that no township
    comes before another."""
    placed = in_replicates(len(chosen), size)
    ordered = sorted(zip(placed, chosen, strict=True), key=lambda pair: (pair[0], pair[1].prn))
    return [
        DrawnRow(
            position,
            replicate,
            one.person_id,
            one.area_code,
            one.stratum,
            one.prn,
            cells.get(one.person_id, {}),
        )
        for position, (replicate, one) in enumerate(ordered)
    ]


def quotas_of(document: CampaignDocument) -> tuple[Quota, ...]:
    """The divisions of a document by what the list says, as they are applied to a person."""
    return tuple(
        Quota(
            row.name,
            tuple(
                Cell(cell.name, cell.target, Condition(cell.when.areas, cell.when.ages, cell.when.attributes))
                for cell in row.cells
            ),
        )
        for row in document.quotas
        if not row.by_answers
    )


def known_of(area_code: str, listed: Details, now: datetime) -> Known:
    """What the list says of a person. The age is that of the year's end, as only the year of birth is known."""
    age = None if listed.birth_year is None else now.year - listed.birth_year
    return Known(area_code, age, listed.attributes)


# -- releasing ------------------------------------------------------------------------------------------------------


async def _keep_going(ground: Ground, conn: Any, campaign: Planned, now: datetime) -> None:
    document = document_of(campaign)
    standing = await _standing(conn, campaign, document)
    if (why := _is_over(campaign, document, standing, now)) is not None:
        await _close(conn, campaign, why, now)
    elif (why := await _must_pause(conn, campaign, now)) is not None:
        await _move(conn, campaign, "pause", "paused", why, now, now)
    else:
        wanted = to_release(standing)
        if document.kind == "wave":
            sizes = [r.size for r in await drawn.replicates(conn, campaign.id) if r.released == 0]
            wanted = whole_replicates(wanted, sizes)
        if wanted:
            await _release(ground, conn, campaign, wanted, now)
        await campaign_life.look_again(conn, campaign.id, _next_look(campaign, now))


async def _standing(conn: Any, campaign: Planned, document: CampaignDocument) -> Standing:
    counts = await drawn.counts(conn, campaign.id)
    return Standing(document.targets.total, counts.completes, counts.done, counts.open, counts.unreleased)


def _is_over(campaign: Planned, document: CampaignDocument, standing: Standing, now: datetime) -> str | None:
    """Why nobody is to be asked in it any more."""
    if campaign.closes_at is not None and campaign.closes_at <= now:
        return OVER
    end = finished(document.kind, standing)
    return None if end is None else {"reached": REACHED, "worked": WORKED}[end]


async def _must_pause(conn: Any, campaign: Planned, now: datetime) -> str | None:
    """Why nobody may be asked in it for the time being."""
    if (found := await _ill(conn, campaign, now)) is not None:
        return said(found)
    if set(campaign.modes) & {"voice", "text"} and await none_left(conn):
        return NONE_LEFT
    if not can_pay(await budgets.budget(conn, campaign.id), campaign.modes):
        return spending.WHY
    return None


async def _ill(conn: Any, campaign: Planned, now: datetime) -> Ill | None:
    going = await campaign_life.going_since(conn, campaign.id)
    stretch = stretch_at(now, going or campaign.opens_at)
    came_to = await campaign_life.outcomes(conn, campaign.id, stretch.since)
    return ill(sum(came_to.values()), came_to, health_policy().of_campaign, nth=stretch.nth)


async def _close(conn: Any, campaign: Planned, why: str, now: datetime) -> None:
    await _move(conn, campaign, "close", "closed", why, now, now)


def _soon(now: datetime) -> datetime:
    return now + timedelta(minutes=release_policy().look_every_minutes)


def _next_look(campaign: Planned, now: datetime) -> datetime:
    """In some minutes while people may be called; otherwise when they may be again, and at its end in any case."""
    soon = _soon(now)
    own = document_of(campaign).own_hours
    if window_at(soon, campaign.tz, "survey", own=own) is None:
        soon = next_open(soon, campaign.tz, "survey", own=own)
    return soon if campaign.closes_at is None else min(soon, campaign.closes_at)


async def _release(ground: Ground, conn: Any, campaign: Planned, n: int, now: datetime) -> None:
    """The next `n` people of the sample become units, each with a moment of their own to be asked at. Nobody is released for
    whom no calling hour is left."""
    new: list[NewUnit] = []
    positions: list[int] = []
    own = document_of(campaign).own_hours
    rows = await drawn.next_unreleased(conn, campaign.id, n)
    known = await frame_draw.details(conn, campaign.centre_code, [row.person_id for row in rows])
    for row in rows:
        plan = plan_for(campaign.modes, row.birth_year, row.landline, now)
        first = next_step("survey", plan, [], now, campaign.tz, campaign.closes_at, prn=row.prn, own=own)
        if isinstance(first, Stop):
            continue
        positions.append(row.position)
        new.append(
            NewUnit(
                ground.tokens(), row.person_id, row.area_code, f"person:{row.person_id}", row.prn, 1.0,
                _facts(known.get(row.person_id)),
                mode_of(first.mode), first.at, row.cells, row.stratum, row.replicate_no,
            )
        )  # fmt: skip
    await drawn.mark_released(conn, campaign.id, positions, now)
    await units.release(conn, campaign.centre_code, campaign.id, now, new)
    await drawn.weigh(conn, campaign.id, campaign.draw["frame"])


def _facts(listed: Details | None) -> dict[str, str]:
    """What the list lets an opening say of the sample; a person may have left it since they were drawn."""
    return {} if listed is None else frame_facts(listed.attributes)
