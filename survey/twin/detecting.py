"""Whether a person or a machine has answered, as the carrier makes it out: after some seconds, and not always rightly."""

from . import dice, progress
from .line import Line
from .orders import Detection
from .person import Person
from .town import Town

UNKNOWN = "unknown"


def verdict(town: Town, person: Person, nth: int, truth: str, wanted: Detection) -> tuple[str, float]:
    """Twilio's word for who answered (human, machine_start, machine_end_beep, …, unknown), and the seconds until it is known.

    `truth` is human or machine. Whoever is planted without slips is made out rightly, unless planted otherwise."""
    policy = town.machine_detection
    seen = person.detected_as
    if seen is None:
        seen = dice.choose(person.draw("detected", nth), policy.says[truth]) if person.slips else truth
    u = person.draw("detected after", nth)
    if seen == UNKNOWN:
        takes, word = wanted.silence_s, UNKNOWN
    elif seen == "human":
        takes, word = dice.between(u, *policy.human_s), seen
    elif wanted.until_end:
        takes = dice.between(u, *policy.greeting_s)
        word = dice.choose(person.draw("greeting ends", nth), policy.ends)
    else:
        takes, word = dice.between(u, *policy.machine_s), "machine_start"
    return (UNKNOWN, wanted.timeout_s) if takes > wanted.timeout_s else (word, takes)


async def detect(line: Line) -> None:
    """Find out who answered, if that was asked for: before anything is played, or while it is."""
    wanted = line.order.detection
    if wanted is None:
        return
    word, takes = verdict(
        line.carrier.town, line.resident.person, line.call.nth, line.call.answered_by or "human", wanted
    )
    if wanted.background:
        line.carrier.spawn(_tell(line, wanted, word, takes), f"detection {line.call.sid}")
        return
    await line.let_pass(takes)
    line.call.detected, line.call.detected_ms = word, round(takes * 1000)


async def _tell(line: Line, wanted: Detection, word: str, takes: float) -> None:
    """Nothing is told of a call that is over by then."""
    await line.carrier.wait(takes)
    if line.order.over:
        return
    call = line.call
    call.detected, call.detected_ms = word, round(takes * 1000)
    if wanted.callback is None:
        return
    params = {
        "AccountSid": line.carrier.account_of(call.account).sid,
        "AnsweredBy": word,
        "CallSid": call.sid,
        "MachineDetectionDuration": str(call.detected_ms),
    }
    await progress.report(line.carrier, call.sid, wanted.callback, params, (*call.who, "detected"))
