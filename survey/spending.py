"""Budgets of campaigns: booked with the claim. A campaign whose budget does not cover its next contact pauses in that write."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from survey.store import budgets, campaign_life
from survey.store.budgets import BudgetRow, Use
from survey.store.due_units import DueUnit
from survey.tariff import tariff

WHY = "budget used 预算用完"


async def affordable(conn: Any, due: Sequence[DueUnit], now: datetime) -> list[DueUnit]:
    """Those whose campaign can pay for the contact. The campaign of the others pauses, and they wait in it as they are.

    The gate of these campaigns is closed already (`survey.seating.hold_seats`).
    """
    wanting = [unit.campaign_id for unit in due if unit.has_budget]
    if not wanting:
        return list(due)
    left = await budgets.lock_budgets(conn, wanting)
    may: list[DueUnit] = []
    spent: set[int] = set()
    for unit in due:
        row = left.get(unit.campaign_id)
        after = _with(row, unit) if row is not None else None
        if row is None:
            may.append(unit)
        elif after is not None:
            left[unit.campaign_id] = after
            may.append(unit)
        else:
            spent.add(unit.campaign_id)
    if spent:
        await campaign_life.pause_at_once(conn, sorted(spent), WHY, now)
    return may


def can_pay(row: BudgetRow | None, modes: Sequence[str]) -> bool:
    """Whether the budget has room for one more contact by any of these modes."""
    return row is None or any(row.room_for(*at_most(mode)) for mode in modes)


def _with(row: BudgetRow, unit: DueUnit) -> BudgetRow | None:
    """The budget with room made for one more contact at its most; None where there is no room."""
    calls, segments, money = at_most(unit.mode)
    if not row.room_for(calls, segments, money):
        return None
    return BudgetRow(
        row.campaign_id, row.most_calls, row.most_segments, row.most_money,
        row.calls + calls, row.segments + segments, row.money + money,
    )  # fmt: skip


def at_most(mode: str) -> tuple[int, int, int]:
    """(calls, segments, money in thousandths) of one contact at its most. An operator's desk phone is not ours to bill."""
    rates = tariff()
    if mode == "text":
        return 0, rates.most_segments, rates.text_money(rates.most_segments)
    return 1, 0, rates.booked_call_money if mode == "voice" else 0


async def book(conn: Any, contacted: Sequence[DueUnit], segments_of: Mapping[int, int]) -> dict[int, int]:
    """Book these contacts, `segments_of` being each text's segments by unit id. Returns the money booked by unit id."""
    rates = tariff()
    money: dict[int, int] = {}
    uses: dict[int, Use] = {}
    for unit in contacted:
        if not unit.has_budget:
            continue
        segments = segments_of.get(unit.id, 0)
        calls = 0 if unit.mode == "text" else 1
        cost = rates.text_money(segments) if unit.mode == "text" else at_most(unit.mode)[2]
        money[unit.id] = cost
        before = uses.get(unit.campaign_id, Use(unit.campaign_id, 0, 0, 0))
        uses[unit.campaign_id] = Use(
            unit.campaign_id, before.calls + calls, before.segments + segments, before.money + cost
        )
    if uses:
        await budgets.book(conn, list(uses.values()))
    return money
