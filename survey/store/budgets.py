"""What campaigns may use and have used. Booked before a contact, at its most, and corrected when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SET_BUDGET = """
INSERT INTO survey.campaign_budget (campaign_id, most_calls, most_segments, most_money) VALUES ($1, $2, $3, $4)
ON CONFLICT (campaign_id) DO UPDATE
SET most_calls = excluded.most_calls, most_segments = excluded.most_segments, most_money = excluded.most_money"""


async def set_budget(
    conn: Any, campaign: int, calls: int | None, segments: int | None, money: int | None
) -> None:
    """The limits of a campaign; None: no limit. Money in thousandths."""
    await conn.execute(SET_BUDGET, campaign, calls, segments, money)


LOCK_BUDGETS = """
SELECT campaign_id, most_calls, most_segments, most_money, calls, segments, money FROM survey.campaign_budget
WHERE campaign_id = ANY($1::bigint[]) ORDER BY campaign_id FOR UPDATE"""

SELECT_BUDGET = """
SELECT campaign_id, most_calls, most_segments, most_money, calls, segments, money FROM survey.campaign_budget
WHERE campaign_id = $1"""


@dataclass(frozen=True)
class BudgetRow:
    """Limits and use so far; money in thousandths of the tariff's currency."""

    campaign_id: int
    most_calls: int | None
    most_segments: int | None
    most_money: int | None
    calls: int
    segments: int
    money: int

    def room_for(self, calls: int, segments: int, money: int) -> bool:
        """Whether so much more may be booked."""
        return (
            _within(self.calls + calls, self.most_calls)
            and _within(self.segments + segments, self.most_segments)
            and _within(self.money + money, self.most_money)
        )


def _within(used: int, most: int | None) -> bool:
    return most is None or used <= most


async def lock_budgets(conn: Any, campaigns: Sequence[int]) -> dict[int, BudgetRow]:
    """The budgets of those campaigns that have one, locked, always in the same order, until the transaction ends."""
    rows = await conn.fetch(LOCK_BUDGETS, sorted(set(campaigns)))
    return {row["campaign_id"]: BudgetRow(**row) for row in rows}


async def budget(conn: Any, campaign: int) -> BudgetRow | None:
    """The budget of a campaign, if it has one."""
    row = await conn.fetchrow(SELECT_BUDGET, campaign)
    return BudgetRow(**row) if row is not None else None


BOOK = """
UPDATE survey.campaign_budget b SET calls = b.calls + t.calls, segments = b.segments + t.segments, money = b.money + t.money
FROM unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[]) AS t(campaign_id, calls, segments, money)
WHERE b.campaign_id = t.campaign_id"""


@dataclass(frozen=True)
class Use:
    """What is booked for the contacts of one campaign in one batch."""

    campaign_id: int
    calls: int
    segments: int
    money: int


async def book(conn: Any, uses: Sequence[Use]) -> None:
    """Book it, one row a campaign; the caller has locked the budgets and seen that there is room."""
    await conn.execute(
        BOOK,
        [u.campaign_id for u in uses],
        [u.calls for u in uses],
        [u.segments for u in uses],
        [u.money for u in uses],
    )


SETTLE_COST = """
WITH real AS (
    UPDATE survey.attempt a SET cost_money = least($2, before.cost_money) FROM survey.attempt before
    WHERE a.id = $1 AND before.id = a.id AND before.cost_money > $2
    RETURNING a.unit_id, a.cost_money - before.cost_money AS more
)
UPDATE survey.campaign_budget b SET money = b.money + real.more
FROM real JOIN survey.sample_unit u ON u.id = real.unit_id WHERE b.campaign_id = u.campaign_id"""


async def settle(conn: Any, attempt_id: int, money: int) -> None:
    """What an attempt really cost, in thousandths, in place of the more that was booked for it."""
    await conn.execute(SETTLE_COST, attempt_id, money)


BOOK_ATTEMPTS = """
UPDATE survey.attempt a SET cost_money = t.money FROM unnest($1::bigint[], $2::bigint[]) AS t(id, money) WHERE a.id = t.id"""


async def book_attempts(conn: Any, costs: Sequence[tuple[int, int]]) -> None:
    """(attempt, money booked for it in thousandths)."""
    await conn.execute(BOOK_ATTEMPTS, [attempt for attempt, _ in costs], [money for _, money in costs])
