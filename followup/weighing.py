"""How far a closing in doubt looks like a false one, from what is kept beside it; it orders the list and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import asyncpg

from followup.casework.false_closing import Channel, History, Suspicion, suspicion
from followup.casework.false_closing_evidence import evidence
from followup.casework.working_time import working_time
from followup.store import evidence as rows
from followup.store.suspicions import SuspicionRow

AN_HOUR = timedelta(hours=1)


async def weigh(conn: asyncpg.Connection, doubt: SuspicionRow) -> Suspicion:
    """The probability, and what speaks for and against, of one closing in doubt.

    Its unit's history counts closings that two people decided to be false, among all for which it claimed contact.
    """
    said: Mapping[str, Any] = doubt.evidence["resident_says"]
    false_ones, closings = await rows.found_so_far(conn, doubt.unit_code)
    known = evidence(
        said["codes"],
        words=said["words"],
        confirmed={item: given[0] for item, given in doubt.verified.items()} if doubt.verified else None,
        proof=_proof(doubt.evidence["unit_claims"]),
        working_hours=await _pace(conn, doubt),
        round_=doubt.round,
    )
    return suspicion(known, cast(Channel, said["mode"]), History(closings, false_ones))


def _proof(claim: Mapping[str, Any]) -> str:
    """As the detector names it: our own masked call, a date, no more than a word, or none that could be asked for."""
    if claim.get("proof") == "waived":
        return "missing"
    if claim.get("proof") == "bridged":
        return "bridged"
    return "dated" if claim.get("contact_at") else "bare"


async def _pace(conn: asyncpg.Connection, doubt: SuspicionRow) -> float | None:
    between = await rows.worked_between(conn, doubt.case_id, doubt.round)
    if between is None or between[0] >= between[1]:
        return None
    return working_time().between(*between) / AN_HOUR
