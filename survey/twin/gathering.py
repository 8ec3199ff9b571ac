"""<Gather>: keys, speech, barge-in, silence."""

from urllib.parse import urlsplit

from .acts import Act, Ears, KeyKind
from .answering import react
from .hearing import hear_voice
from .ledger import KeyPress
from .line import Line
from .listening import hear
from .utterance import Utterance, spoken_s
from .verbs import Gather, Verb

MACHINE_LISTENS_S = 45.0


async def gather(line: Line, verb: Gather) -> tuple[Verb, ...] | None:
    """The document that follows; None when there was no input and the next verb is next."""
    prompt = await hear(line, verb.prompts)
    act = _act(line, verb, prompt)
    if act.hangs_up:
        await line.leave(prompt.pauses_s + act.after_s)
    starts = act.after_s if verb.barge_in else max(act.after_s, prompt.seconds + 1.0)
    nothing = not act.keys and act.speech is None
    if nothing or starts > prompt.seconds + verb.timeout_s:
        await line.let_pass(line.unplayed_s + prompt.pauses_s + prompt.seconds + verb.timeout_s)
        return await _post(line, verb, prompt, Act(0.0), "") if verb.action_on_empty else None
    digits, complete = _collected(act.keys, verb)
    takes = 0.0 if complete else verb.timeout_s
    if act.speech is not None:
        ends = line.carrier.town.speech.ends_s if verb.speech_timeout_s is None else verb.speech_timeout_s
        takes = spoken_s(line.carrier.town, act.said) + ends
    await line.let_pass(line.unplayed_s + prompt.pauses_s + starts + takes)
    return await _post(line, verb, prompt, act, digits)


def _act(line: Line, verb: Gather, prompt: Utterance) -> Act:
    if line.by_machine:
        if line.answered_for_s >= MACHINE_LISTENS_S:
            return Act(1.0, hangs_up=True)
        return Act(prompt.seconds + verb.timeout_s)
    if line.order.keys:
        return _planted(line, prompt)
    ears = Ears(verb.keys, verb.speech, verb.language)
    act = react(line.carrier.town, line.resident, line.ear, line.call.nth, prompt, verb.timeout_s, ears)
    if act.puzzled:
        line.not_understood(prompt.shown)
    return act


def _planted(line: Line, prompt: Utterance) -> Act:
    """The next key that was planted, with what it means at this prompt."""
    key, heard = line.order.keys.pop(0), hear_voice(prompt.text)
    line.ear.hears(heard)
    kind: KeyKind = "never" if heard.reserved.get("never") == key else "planted"
    labels = {option.key: option.label for question in heard.questions for option in question.options}
    return Act(prompt.seconds + 1.0, key, kind, labels.get(key))


async def _post(line: Line, verb: Gather, prompt: Utterance, act: Act, digits: str) -> tuple[Verb, ...]:
    url = line.absolute(verb.action)
    pressed = KeyPress(
        n=len(line.call.keys),
        url_path=urlsplit(url).path,
        digits=digits,
        prompt=prompt.shown,
        meant=act.meant,
        at=line.carrier.clock.now(),
        kind=act.kind,
        slip=act.slip,
        speech=act.speech,
        confidence=act.confidence,
    )
    line.call.keys.append(pressed)
    if act.kind == "never" and not act.slip:
        line.opt_out(act.speech or digits)
    lost = line.carrier.faults.hit("gather_response_lost", *line.call.who, pressed.n)
    return await line.fetch(url, verb.method, _input(verb, act, digits), pressed, lose_response=lost)


def _input(verb: Gather, act: Act, digits: str) -> dict[str, str]:
    """Speech or keys, never both; no input shows as an empty one of the kind that was waited for."""
    if act.speech is not None:
        return {"SpeechResult": act.speech, "Confidence": str(act.confidence)}
    return {"Digits": digits} if verb.keys else {"SpeechResult": ""}


def _collected(keys: str, verb: Gather) -> tuple[str, bool]:
    """What Gather makes of the keys, and whether it stops listening at once."""
    if verb.finish_on_key and verb.finish_on_key in keys:
        return keys.split(verb.finish_on_key)[0], True
    if verb.num_digits and len(keys) >= verb.num_digits:
        return keys[: verb.num_digits], True
    return keys, False
