"""The call of a person that a flag by text brings (settled.md §3), which the closing text promises.

It is put into survey in the write of the flag. What is said in it is kept beside the first rating, as help for
the supervisor's decision; it is no callback of its own, and never changes the rating.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from followup import clocks
from followup.casework import decision_clock
from followup.casework.verdict import verdict
from followup.casework.working_time import WorkingTime
from followup.reaching import reach_of
from followup.store import verifications as rows
from followup.store.callbacks import PendingCallback
from followup.store.verifications import Verification
from survey.fielding import VERIFICATION, put_in, standing_campaign, withdraw
from survey.ids import Tokens
from survey.interviewing import Finished

__all__ = ["call_off", "contented", "is_brought_by", "is_verification", "keep", "owe"]

KEY = "verify:"
IN_WRITING = frozenset({"text", "web"})


def is_brought_by(mode: str | None) -> bool:
    """Whether a flag that was given in this mode brings a verification call."""
    return mode in IN_WRITING


def is_verification(finished: Finished) -> bool:
    """Whether this is what a verification call came to, and no callback."""
    return finished.external_key.startswith(KEY)


async def owe(
    conn: asyncpg.Connection, callback: PendingCallback, flagged: Finished, *, now: datetime, tokens: Tokens
) -> str | None:
    """Owe the resident behind a flag a person's call in the next open window, once per case and round.

    Returns the reference of its sample unit, or None when it was there already.
    """
    reach = await reach_of(conn, callback.case_id)
    campaign = await standing_campaign(
        conn, flagged.centre_code, now=now, seed=callback.seed, standing=VERIFICATION
    )
    unit_ref = await put_in(
        conn,
        campaign_id=campaign,
        person_id=flagged.person_id,
        area_code=flagged.area_code,
        external_key=f"{KEY}{callback.number}:{callback.round}",
        facts=flagged.facts,
        earliest=now,
        ref=tokens(),
        prn=callback.prn,
        hours=reach.hours,
        not_by=reach.not_by,
    )
    if unit_ref is not None:
        await rows.link(conn, callback.id, unit_ref)
    return unit_ref


async def keep(conn: asyncpg.Connection, finished: Sequence[Finished]) -> int:
    """Keep what verification calls came to, reached or not; how many. A second ending of one changes nothing."""
    offices = {code: await clocks.office(conn, code) for code in {one.centre_code for one in finished}}
    return sum([await rows.keep(conn, _verification(one, offices[one.centre_code])) for one in finished])


def _verification(finished: Finished, office: WorkingTime) -> Verification:
    ended_by_talk = finished.topic == "interview_finished" and finished.status is not None
    return Verification(
        unit_ref=finished.unit_ref,
        at=finished.at,
        answers={question: list(given) for question, given in finished.answers.items()},
        mode=finished.mode,
        interview_id=finished.interview_id,
        # the unit has its code only when the call is over, which may be a moment after the talk is
        outcome=finished.status if ended_by_talk and finished.status else finished.disposition,
        goes_on_at=decision_clock.waiting(finished.at, finished.at, office).goes_on_at,
    )


async def call_off(conn: asyncpg.Connection, unit_ref: str, *, now: datetime) -> None:
    """The flag is decided: nobody need be called about it any more, unless the call is going on."""
    await withdraw(conn, unit_ref, now=now)


def contented(answers: Mapping[str, Any], *, claimed_contact: bool) -> bool:
    """Whether the verification call shows a solved matter and a satisfied resident after all.

    `answers` are [code, words] by question, as they are stored.
    """
    codes = {question: given[0] for question, given in answers.items()}
    return verdict(codes, claimed_contact=claimed_contact, reached=True).verdict == "closed"
