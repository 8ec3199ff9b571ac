"""After a recording: the file is ready, its status is reported, and a transcript comes; with the faults on the way."""

from urllib.parse import urlsplit

from . import dice, progress
from .carrier import Carrier
from .line import Line
from .orders import CallOrder
from .recordings import Recording, Transcript
from .verbs import Record

_LATE_S = (1800.0, 7200.0)


async def follow(
    line: Line, verb: Record, recording: Recording, report: str | None, transcript: str | None
) -> None:
    """What goes on by itself once the recording has ended, whether or not the call does; `report` and `transcript`
    are where its status and its words go."""
    carrier, who = line.carrier, (*line.call.who, recording.n)
    u = line.resident.person.draw("recording ready", line.call.nth, recording.n)
    await carrier.wait(dice.between(u, *carrier.town.recordings.ready_s))
    recording.ready_at = carrier.clock.now()
    if report is not None:
        params = _status(carrier, line.order, recording)
        await progress.deliver(carrier, line.call.sid, report, params, verb.status_method)
        if carrier.faults.hit("recording_repeat", *who, "status"):
            progress.later(carrier, line.call.sid, report, params, progress.SHORT_S[0], verb.status_method)
    if verb.transcribe and not recording.deleted:
        await _transcribe(line, recording, transcript, who)


def recording_url(carrier: Carrier, order: CallOrder, recording: Recording) -> str:
    """Where the file is, as the service reaches this carrier; without an extension it is a WAV."""
    account = carrier.account_of(order.call.account)
    return f"{order.origin}/{progress.API_VERSION}/Accounts/{account.sid}/Recordings/{recording.sid}"


def _status(carrier: Carrier, order: CallOrder, recording: Recording) -> dict[str, str]:
    return {
        "AccountSid": carrier.account_of(order.call.account).sid,
        "CallSid": recording.call_sid,
        "ErrorCode": "0",
        "RecordingChannels": "1",
        "RecordingDuration": str(recording.seconds),
        "RecordingSid": recording.sid or "",
        "RecordingSource": "RecordVerb",
        "RecordingStartTime": progress.rfc2822(recording.started_at),
        "RecordingStatus": "completed",
        "RecordingTrack": "inbound",
        "RecordingUrl": recording_url(carrier, order, recording),
    }


async def _transcribe(line: Line, recording: Recording, url: str | None, who: tuple[object, ...]) -> None:
    """The words come later, or the transcription fails, or the webhook is held back or lost."""
    carrier, person = line.carrier, line.resident.person
    delay = carrier.town.recordings.transcript_min
    u = person.draw("transcript", *who[1:])
    wait = 60 * dice.lognormal(u, delay.median, delay.sigma, delay.longest)
    if carrier.faults.hit("transcript_delay", *who):
        wait += dice.between(dice.uniform(carrier.seed, "transcript_delay", *who), *_LATE_S)
    await carrier.wait(wait)
    clear = _intelligible(line, recording, who)
    transcript = recording.transcript = Transcript(
        sid=carrier.sid("TR", *who),
        status="completed" if clear else "failed",
        text=(recording.words or "") if clear else "",
        at=carrier.clock.now(),
    )
    if url is None:
        return
    params = progress.call_params(carrier, line.call) | _said(carrier, line.order, recording, transcript)
    if carrier.faults.hit("transcript_loss", *who):
        carrier.record(line.call.sid, url, params, None)
        return
    answer = await carrier.poster_for(line.call.account).send(url, params)
    transcript.came_to(answer)
    carrier.record(line.call.sid, url, params, answer.status)
    if not answer.ok:
        line.complain(progress.WARNING, f"{urlsplit(url).path} was answered {answer.status or 'not at all'}")


def _intelligible(line: Line, recording: Recording, who: tuple[object, ...]) -> bool:
    """Too short and too long a recording is not transcribed, nor one without words, nor one with too much noise."""
    policy, person = line.carrier.town.recordings, line.resident.person
    shortest, longest = policy.transcribed_s
    if recording.words is None or not shortest < recording.seconds < longest:
        return False
    return not (person.slips and person.draw("unintelligible", *who[1:]) < policy.unintelligible)


def _said(carrier: Carrier, order: CallOrder, recording: Recording, transcript: Transcript) -> dict[str, str]:
    url = recording_url(carrier, order, recording)
    return {
        "RecordingSid": recording.sid or "",
        "RecordingUrl": url,
        "TranscriptionSid": transcript.sid,
        "TranscriptionStatus": transcript.status,
        "TranscriptionText": transcript.text,
        "TranscriptionType": "fast",
        "TranscriptionUrl": f"{url}/Transcriptions/{transcript.sid}",
    }
