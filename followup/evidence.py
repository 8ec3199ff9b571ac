"""What speaks for and against a claimed contact, side by side: the unit's claim, the resident's words, calls and their times."""

from __future__ import annotations

from typing import Any

import asyncpg

from followup.redaction import redacted
from followup.store import evidence as rows
from followup.store.callbacks import PendingCallback
from survey.interviewing import Finished

CONTACTED, WORDS = "C1", "C5"


async def gather(conn: asyncpg.Connection, callback: PendingCallback, said: Finished) -> dict[str, Any]:
    """The evidence at the moment at which the contact was denied, to be kept as it is. No number is in it."""
    claim = await rows.claim_of(conn, callback.case_id, callback.round)
    calls = await rows.calls_of(conn, said.unit_ref)
    words = said.answers.get(WORDS, (None, None))[1]
    return {
        "unit_claims": claim,
        "resident_says": {
            "contacted": said.answers.get(CONTACTED, (None, None))[0],
            "codes": {question: code for question, (code, _) in said.answers.items() if code},
            "words": redacted(words) if words else None,
            "mode": said.mode,
            "at": said.at.isoformat(),
        },
        "our_calls": [call.as_json() for call in calls],
        "unit_calls": await rows.bridged_calls(conn, callback.case_id, callback.round),
    }
