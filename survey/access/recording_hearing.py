"""DOOR. A resident's recording, for a person with a reason. That they asked to hear it is kept before the carrier is asked.

There is no other way to hear one: pages come through here. Contractors hear nothing.
"""

from dataclasses import dataclass

from survey.access.refusals import NoReasonToHear, NotPermitted, RecordingGone
from survey.access.roles import may
from survey.access.signing_in import spelled
from survey.channels.base import Caller
from survey.ground import Ground
from survey.store import accounts, recording_reads


@dataclass(frozen=True)
class Heard:
    """A sound as the carrier keeps it. `media_type`: audio/mpeg or audio/wav."""

    sound: bytes
    media_type: str


async def hear(ground: Ground, carrier: Caller, staff: str, sid: str, reason: str) -> Heard:
    """The recording `sid`, asked for by the account `staff`.

    Raises NoReasonToHear; NotPermitted for a contractor, a disabled account, another role or another area; RecordingGone;
    CarrierAway, with the record kept: that the sound came cannot be known for certain either way.
    """
    why = reason.strip()
    if not why:
        raise NoReasonToHear
    async with ground.pool.acquire() as conn, conn.transaction():
        account = await accounts.account(conn, spelled(staff))
        recording = await recording_reads.where(conn, sid)
        if recording is None or recording.deleted_at is not None or recording.area_code is None:
            raise RecordingGone
        if (
            account is None
            or account.disabled_at is not None
            or account.employment == "contractor"
            or not may(account.grants, "recordings.hear", recording.area_code)
        ):
            raise NotPermitted(f"recordings.hear {recording.area_code}")
        await recording_reads.record(conn, sid, account.id, account.name, why, ground.clock.now())
    sound = await carrier.recording(sid)
    if sound is None:
        raise RecordingGone
    return Heard(sound, "audio/wav" if sound[:4] == b"RIFF" else "audio/mpeg")
