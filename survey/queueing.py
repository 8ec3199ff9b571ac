"""Why nobody can be called: in a campaign as a whole, or from one operator's desk. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.concluding import SOFT_REFUSALS
from survey.field.calling_hours import Purpose, local_day, next_open, window_at
from survey.field.campaign_document import CampaignDocument
from survey.field.emptiness import Reason, Situation, why_empty
from survey.ground import Ground
from survey.sampling.quotas import DAY, TOTAL
from survey.spending import can_pay
from survey.store import budgets, campaign_life, desk, quotas
from survey.store.budgets import BudgetRow
from survey.store.campaign_life import Planned
from survey.store.quotas import CellRow


@dataclass(frozen=True)
class Line:
    """Who stands in a queue: how many wait, how many are in a contact, when the next falls due."""

    waiting: int
    in_contact: int
    next_due: datetime | None


@dataclass(frozen=True)
class Queue:
    """A campaign that has work for operators, and why none of it can be done from this desk just now."""

    title: str
    reasons: tuple[Reason, ...]


async def why_nobody(ground: Ground, operator: str) -> tuple[Queue, ...]:
    """Campaign by campaign, those that run first; none: in no campaign does anybody wait for an operator."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        rows = await desk.queues(conn, operator, SOFT_REFUSALS, now)
        return tuple([Queue(row.title, await _reasons(conn, row, now)) for row in rows])


async def _reasons(conn: Any, row: desk.QueueRow, now: datetime) -> tuple[Reason, ...]:
    campaign = await campaign_life.planned(conn, row.centre_code, row.code)
    assert campaign is not None  # it has just been read
    drawn, released = await campaign_life.sizes(conn, campaign.id)
    line = Line(row.waiting, row.in_contact, row.next_due)
    cells, budget = await quotas.cells(conn, campaign.id), await budgets.budget(conn, campaign.id)
    found = why_empty(situation(campaign, line, drawn - released, cells, budget, now, modes=("operator",)))
    not_theirs = found == (Reason("something_due"),) and row.said_no == row.due
    return (Reason("said_no_to_you"),) if not_theirs else found


def situation(
    campaign: Planned,
    line: Line,
    unreleased: int,
    cells: Sequence[CellRow],
    budget: BudgetRow | None,
    now: datetime,
    modes: Sequence[str] | None = None,
) -> Situation:
    """All that the answer depends on. `modes`: those by which somebody is to be contacted, if not all of the campaign's."""
    return Situation(
        status=campaign.status,
        now=now,
        closes_at=campaign.closes_at,
        waiting=line.waiting,
        in_contact=line.in_contact,
        unreleased=unreleased,
        next_due=line.next_due,
        opens=_opens_again(campaign, now),
        standing=campaign.kind == "standing",
        can_pay=can_pay(budget, modes or campaign.modes),
        **_seats(campaign, cells, now),
    )


def _opens_again(campaign: Planned, now: datetime) -> datetime | None:
    purpose: Purpose = "case" if campaign.kind == "standing" else "survey"
    document = campaign.document
    own = None if document is None else CampaignDocument.model_validate(document).own_hours
    if window_at(now, campaign.tz, purpose, own=own) is not None:
        return None
    return next_open(now, campaign.tz, purpose, own=own)


def _seats(campaign: Planned, cells: Sequence[CellRow], now: datetime) -> dict[str, Any]:
    """Free and held seats, and what is left of the targets, over the quota that leaves the least."""
    today = str(local_day(now, campaign.tz))
    standing = [cell for cell in cells if cell.quota != DAY or cell.cell == today]
    by_quota: dict[str, list[CellRow]] = {}
    for cell in standing:
        by_quota.setdefault(cell.quota, []).append(cell)
    free = [sum(c.target - c.held - c.filled for c in of) for of in by_quota.values()]
    left = {name: sum(c.target - c.filled for c in of) for name, of in by_quota.items()}
    return {
        "free_seats": min(free, default=None),
        "held": max((sum(c.held for c in of) for of in by_quota.values()), default=0),
        "day_left": left.get(DAY, campaign.daily_target),
        "total_left": left.get(TOTAL),
    }
