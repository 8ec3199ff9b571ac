"""Verdicts of callbacks, as they are drawn."""

from __future__ import annotations

from followup.api.models import CallbackOut, Callbacks, Since
from followup.api.operations import Answer, Call
from followup.outside_view import visible
from followup.store import exchange


async def settled(call: Call) -> Answer:
    """Since the cursor. What the resident said in words does not go out, nor who it is."""
    query: Since = call.query
    until = await exchange.horizon(call.conn)
    rows = await exchange.settled(
        call.conn, call.key.centre_code, call.key.unit_code, int(query.since), until, query.limit
    )
    told = [
        CallbackOut(
            number=row.number,
            external_number=row.external_number,
            round=row.round,
            unit=row.unit,
            verdict=row.verdict,
            counted_as=row.counted_as,
            flagged=row.flagged,
            reasons=list(row.reasons),
            mode=row.mode,
            settled_at=row.settled_at.isoformat(),
            decision=row.decision,
        )
        for row in rows
        if await visible(call.conn, row.number, call.key.centre_code, call.key.unit_code)
    ]
    following = str(rows[-1].event) if rows else query.since
    return Answer(
        Callbacks(callbacks=told, next=following),
        list({row.case_id for row in rows if row.number in {one.number for one in told}}),
    )
