"""DOOR. What was said in a recording, written down by the carrier's recogniser or by one of the staff.

The words become a revision of the recorded answer. Danger in them goes to a person at once; a child's are forgotten.
"""

from datetime import timedelta
from typing import Any, Final

from survey.channels.base import Caller
from survey.concluding import TELLING
from survey.dialogue.alarm import alarm, says_minor
from survey.dialogue.normalise import normalised, storable
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.handing import Raised, raise_
from survey.store import answers, interviews, recordings
from survey.store.recordings import Recording

AT_ONCE: Final = 100
"""Recordings that one job has deleted, one after the other."""
CARRIER: Final = "carrier"
"""Who writes down where the carrier's recogniser does; a person may write over it."""


async def take_words(ground: Ground, sid: str, words: str, *, by: str = CARRIER) -> bool:
    """False: no recording has this id, or it was deleted, or there are no words. The same words again change nothing."""
    async with ground.pool.acquire() as conn, conn.transaction():
        recording = await recordings.lock(conn, sid)
        said = storable(words)
        if recording is None or recording.deleted_at is not None or not said:
            return False
        if recording.words == said:
            return True
        now = ground.clock.now()
        written = await recordings.write_down(conn, sid, said, by, now, over=by != CARRIER)
        if written and recording.interview_id is not None:
            await _act_on(ground, conn, recording, recording.interview_id, said)
        return True


async def delete_at_carrier(ground: Ground, carrier: Caller) -> int:
    """Have the carrier delete what may not be kept; what it does not answer is asked again later. How many are gone."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        wanted = await recordings.to_delete(conn, now, AT_ONCE)
    gone = 0
    for sid in wanted:
        deleted = await carrier.delete_recording(sid)
        async with ground.pool.acquire() as conn:
            if deleted:
                await recordings.gone(conn, sid, now)
            else:
                again = now + timedelta(seconds=dispatch_policy().check_again_s)
                await recordings.delete_later(conn, sid, again)
        gone += deleted
    return gone


async def _act_on(ground: Ground, conn: Any, recording: Recording, interview_id: int, said: str) -> None:
    now = ground.clock.now()
    whose = await interviews.head(conn, interview_id)
    danger = alarm(normalised(said))
    if danger is not None:  # whoever it is: danger comes before everything else
        reason = f"distress_{danger}"
        await raise_(ground, conn, Raised(whose.person_id, interview_id, reason, True, said, recording.sid))
    elif says_minor(normalised(said)):
        await answers.forget(conn, interview_id, now, "minor")
        return
    if recording.words is None and whose.purpose == "survey" and whose.status in TELLING:
        # a problem whose words were missing when the interview ended may be registered now
        await interviews.announce(
            conn, "words_written", whose.unit_id, interview_id, whose.purpose, now, None
        )
