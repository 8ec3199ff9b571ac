"""DOOR. Dialling for operators who wait: claimed like any call, and no more than they can take (survey.field.operator_pacing)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from survey.claiming import Claimed, claim
from survey.dialing import LINES_AGAIN_S, Line, bucket_of, going_of, hand_over, next_moment
from survey.field.operator_pacing import Lately, Today, operator_pacing, predictive, progressive
from survey.field.shares import OurNumber
from survey.ground import Ground
from survey.sharing import Sharing, keep, open_sharing
from survey.store import callers, linked_calls, pace


@dataclass(frozen=True)
class Wanted:
    """So many calls, of campaigns that dial in one of these ways."""

    calls: int
    dialling: tuple[str, ...]


async def dial_linked(ground: Ground, line: Line, taken: Callable[[], None]) -> int:
    """Claim who is due in campaigns whose operators are connected, as many as the rule allows, and hand them to the
    carrier. How many. `taken`: as of `dialing.dial_due`."""
    async with ground.pool.acquire() as conn, conn.transaction():
        claimed = await _claim(ground, conn, line)
    taken()
    await hand_over(ground, line, claimed)
    return len(claimed)


async def _claim(ground: Ground, conn: Any, line: Line) -> list[Claimed]:
    """The channel's lock is held from the first count on: no other tick places a call for the same operators meanwhile."""
    now = ground.clock.now()
    channel = await pace.lock(conn, "voice")
    if channel.next_at > now or await linked_calls.lock_pace(conn) > now:
        return []
    await linked_calls.keep_pace(conn, now + timedelta(seconds=LINES_AGAIN_S))
    wanted = await _wanted(conn, now)
    if wanted.calls <= 0:
        return []
    bucket = bucket_of(channel, line.calls_per_second).filled(now)
    sharing = await open_sharing(conn, channel, "voice", bucket, now)
    sharing.numbers = await _where_operators_wait(conn, sharing)
    most = min(wanted.calls, sharing.most)
    if most <= 0:
        return []
    others = await linked_calls.campaigns_but(conn, wanted.dialling)
    lease = ground.real_now() + timedelta(seconds=line.timeout_s + 2)
    claimed = await claim(
        ground, conn, "operator", limit=most, lease_real=lease, sharing=sharing, not_of=others
    )
    going = [going_of(one) for one in claimed]
    sharing.charge(going)
    await keep(conn, "voice", sharing, going, next_moment(sharing, now))
    return claimed


async def _wanted(conn: Any, now: datetime) -> Wanted:
    """For each operator who waits a call of either kind; once those are under way, of predictive campaigns as many more as the
    rule allows. None more while one is under way whose person must find somebody."""
    standing = await linked_calls.standing(conn)
    alone = progressive(standing.free, standing.under_way)
    if alone > 0 or standing.promised:
        return Wanted(alone, ("progressive", "predictive"))
    past = await linked_calls.experience(conn, now, operator_pacing().window_calls)
    lately, today = Lately(past.calls, past.answered_lately), Today(past.answered, past.abandoned)
    return Wanted(predictive(standing.free, standing.under_way, lately, today), ("predictive",))


async def _where_operators_wait(conn: Any, sharing: Sharing) -> list[OurNumber]:
    """Numbers of the account whose rooms they are in: no other account's calls get into those. Operators are called from the
    first."""
    known = await callers.rows(conn)
    return [one for one in sharing.numbers if one.account == known[0].account] if known else []
