"""<Record>: the beep, what the resident says, how it ends, and the webhook that says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from urllib.parse import urlsplit

from .gathering import MACHINE_LISTENS_S
from .line import Line
from .recording_reports import follow, recording_url
from .recordings import Recording
from .telling import HANGS_UP, SILENCE, WAITS, Told, tell
from .utterance import Utterance, spoken_s
from .verbs import Record, Verb

_A_MOMENT_S = 1.0


async def record(line: Line, verb: Record, aloud: Sequence[Utterance]) -> tuple[Verb, ...] | None:
    """The document that follows; None when nobody spoke and the next verb is next, as Twilio has it.

    `aloud` is what was said before in the same document, by which the resident knows what is wanted."""
    told = await _told(line, verb, aloud)
    prompt = "".join(one.shown for one in aloud)
    beep = line.carrier.town.speech.beep_s if verb.play_beep else 0.0
    patience = min(verb.timeout_s, verb.max_length_s)
    if (told.words is None and told.ends == WAITS) or told.after_s >= patience:
        told, ended_by, took = SILENCE, "silence", patience
    else:
        told, ended_by, took = _course(line, verb, told)
    await line.let_pass(line.unplayed_s + beep + took)
    seconds = _kept_s(line, verb, told, took)
    entry = _entry(line, verb, prompt, told, ended_by, took, seconds)
    if seconds == 0:
        line.unspoken = entry
        return None
    report = line.absolute(verb.status_callback) if verb.status_callback else None
    transcript = line.absolute(verb.transcribe_callback) if verb.transcribe_callback else None
    line.carrier.spawn(follow(line, verb, entry, report, transcript), f"recording {entry.sid}")
    if told.kind == "never":
        line.opt_out(entry.digits)
    return await _post(line, verb, entry)


async def _told(line: Line, verb: Record, aloud: Sequence[Utterance]) -> Told:
    if line.by_machine:
        if line.answered_for_s >= MACHINE_LISTENS_S:
            await line.leave(_A_MOMENT_S)
        return SILENCE
    prompt = "".join(one.text for one in aloud)
    told = tell(line.carrier.town, line.resident, line.ear, line.call.nth, prompt, verb.finish_on_key)
    if told.puzzled:
        line.not_understood("".join(one.shown for one in aloud))
    return told


def _course(line: Line, verb: Record, told: Told) -> tuple[Told, str, float]:
    """What was said within the greatest length, by what it ended, and how long after the beep."""
    town = line.carrier.town
    talking = spoken_s(town, told.words or "")
    tail = verb.timeout_s if told.ends == WAITS else _A_MOMENT_S if told.words is not None else 0.0
    took = told.after_s + talking + tail
    if took <= verb.max_length_s:
        return told, {WAITS: "silence", HANGS_UP: "hangup"}.get(told.ends, told.ends), took
    room = verb.max_length_s - told.after_s
    if told.words is not None and talking > room:
        words = told.words[: int(len(told.words) * room / talking)] or None
        told = replace(told, words=words, meant=words if told.meant == told.words else told.meant)
    return told, "limit", verb.max_length_s


def _kept_s(line: Line, verb: Record, told: Told, took: float) -> int:
    """How long the recording is, in whole seconds; 0 when there is nothing on it, as after a key alone on a quiet
    line. A reserved key always leaves a second of noise, so that it is heard of."""
    if told.kind == "silence":
        return 0
    noise = line.resident.person.draw("noise", line.call.nth, len(line.call.recordings))
    if told.kind == "nothing" and verb.trim and noise >= line.carrier.town.recordings.noise:
        return 0
    return max(1, ceil(spoken_s(line.carrier.town, told.words or "") if verb.trim else took))


def _entry(
    line: Line, verb: Record, prompt: str, told: Told, ended_by: str, took: float, seconds: int
) -> Recording:
    """The row of the ledger; of no seconds there is no recording."""
    call, now = line.call, line.carrier.clock.now()
    n = len(call.recordings)
    entry = Recording(
        sid=line.carrier.sid("RE", *call.who, n) if seconds else None,
        call_sid=call.sid,
        n=n,
        url_path=urlsplit(line.absolute(verb.action)).path,
        prompt=prompt,
        kind=told.kind,
        words=told.words,
        meant=told.meant,
        ended_by=ended_by,
        seconds=seconds,
        started_at=now - timedelta(seconds=round(took)),
        at=now,
    )
    call.recordings.append(entry)
    if entry.sid is not None:
        line.carrier.ledger.recordings[entry.sid] = entry
    return entry


async def _post(line: Line, verb: Record, entry: Recording) -> tuple[Verb, ...]:
    """The recording goes to the action, whose answer is the next document; of one who hung up it goes there too."""
    url = line.absolute(verb.action)
    params = {
        "Digits": entry.digits,
        "RecordingDuration": str(entry.seconds),
        "RecordingSid": entry.sid or "",
        "RecordingUrl": recording_url(line.carrier, line.order, entry),
    }
    lost = line.carrier.faults.hit("recording_repeat", *line.call.who, entry.n, "action")
    if entry.ended_by == "hangup":
        line.call.hung_up_by = "resident"
        await line.post(url, verb.method, params | {"CallStatus": "completed"}, entry, lose_response=lost)
        await line.end("completed")
    return await line.fetch(url, verb.method, params, entry, lose_response=lost)
