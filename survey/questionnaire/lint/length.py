"""How long an interview takes, prompt by prompt: estimates, and what is too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.questionnaire.lint.finding import Found, Path, found
from survey.questionnaire.lint.policy import Bounds, limits
from survey.questionnaire.lint.said import Sayer
from survey.questionnaire.lint.view import Unit, View
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item
from survey.questionnaire.segments import alphabet, segments, units
from survey.questionnaire.wording import Mode


@dataclass(frozen=True, slots=True)
class Estimate:
    """An interview in which everything is asked and understood at once.

    `prompts`: questions, those of one message counted once; `seconds`: opening, questions, answers and closing;
    `messages`: texts that ask something, without the one that says goodbye; `segments`: the parts of these texts.
    """

    prompts: int
    seconds: float
    messages: int
    segments: int


def estimate(q: Questionnaire, mode: Mode, lang: str) -> Estimate:
    """In a mode in which nothing is asked, all four are 0."""
    return _estimate(View(q), mode, lang)


def _estimate(view: View, mode: Mode, lang: str, certain: bool = False) -> Estimate:
    """`certain`: of what is asked whatever is answered, alone."""
    sayer = Sayer(view, mode, lang)
    asked = [one for one in view.units.get(mode, ()) if not certain or not _depends(view, one)]
    if not asked:
        return Estimate(0, 0.0, 0, 0)
    seconds = sayer.spoken(sayer.script("opening")) + sayer.spoken(sayer.script("closing"))
    seconds += sum(
        sayer.spoken([*sayer.notes(one), *sayer.question(one)]) + _answering(one, mode) for one in asked
    )
    texts = [sayer.message(one, place == 0) for place, one in enumerate(asked)] if mode == "text" else []
    return Estimate(len(asked), round(seconds, 1), len(texts), sum(map(segments, texts)))


def _depends(view: View, unit: Unit) -> bool:
    return any(view.q.relevance(item) for item in unit.items)


def _answering(unit: Unit, mode: Mode) -> float:
    seconds = limits().answer_s[mode]
    return sum(seconds.get(item.kind, seconds["else"]) for item in unit.items)


def totals(view: View) -> Iterator[Found]:
    """Against the minutes that residents are told."""
    for mode, minutes in view.q.minutes.items():
        if mode not in view.modes:
            continue
        path = ("minutes", mode)
        least = max(
            (_estimate(view, mode, lang, certain=True).seconds for lang in view.languages), default=0.0
        )
        most = max((_estimate(view, mode, lang).seconds for lang in view.languages), default=0.0)
        if least > minutes * 60:
            yield found("total-too-long", path, mode=mode, seconds=round(least), minutes=f"{minutes:g}")
        elif most > minutes * 60:
            yield found("total-long", path, mode=mode, seconds=round(most), minutes=f"{minutes:g}")


def voice(view: View) -> Iterator[Found]:
    """Nobody remembers the first option of a prompt that goes on for half a minute."""
    if "voice" not in view.modes:
        return
    opening: list[tuple[float, str]] = []
    prompts: dict[Path, list[tuple[float, str]]] = {}
    for lang in view.languages:
        sayer = Sayer(view, "voice", lang)
        opening.append((sayer.spoken(sayer.script("opening")), lang))
        for unit in view.units["voice"]:
            for note in unit.notes:
                seconds = sayer.spoken([sayer.worded(note.prompt)])
                prompts.setdefault(view.path(note, "prompt"), []).append((seconds, lang))
            worded = (False, True) if any(item.again for item in unit.items) else (False,)
            seconds = max(sayer.spoken(sayer.question(unit, again)) for again in worded)
            prompts.setdefault(_path(view, unit), []).append((seconds, lang))
    yield from _over(limits().opening_s, ("scripts", "opening"), opening)
    for path, measured in prompts.items():
        yield from _over(limits().question_s, path, measured)


def _over(bounds: Bounds, path: Path, measured: list[tuple[float, str]]) -> Iterator[Found]:
    seconds, lang = max(measured, default=(0.0, ""))
    for rule, most in (("voice-too-long", bounds.error), ("voice-long", bounds.warning)):
        if seconds > most:
            yield found(rule, path, seconds=f"{seconds:.1f}", most=most, lang=lang)
            return


def texts(view: View) -> Iterator[Found]:
    """Each part of a text is paid for, and a long one is not read. What is sent only to who asks for it, or was not
    understood, may take a second part."""
    if "text" not in view.modes:
        return
    sayers = [Sayer(view, "text", lang) for lang in view.languages]
    bounds = limits().parts
    for place, unit in enumerate(view.units["text"]):
        asking = [(sayer.lang, sayer.message(unit, place == 0)) for sayer in sayers]
        again = [(sayer.lang, sayer.message_again(unit)) for sayer in sayers]
        yield from _first(_parts(_path(view, unit), asking, bounds), _parts(_path(view, unit), again, bounds))
    for name in view.q.scripts:
        bodies = [(sayer.lang, sayer.text(said)) for sayer in sayers if (said := sayer.script(name))]
        if name == "closing":
            yield from _first(_parts(("scripts", name), bodies, bounds))
        elif name != "opening":
            yield from _first(None, _parts(("scripts", name), bodies, bounds))


def _parts(path: Path, bodies: list[tuple[str, str]], bounds: Bounds) -> Found | None:
    """What is to be said of the longest of these texts."""
    parts, lang, body = max(((segments(body), lang, body) for lang, body in bodies), default=(0, "", ""))
    for rule, most in (("text-too-long", bounds.error), ("text-in-parts", bounds.warning)):
        if parts > most:
            return found(
                rule, path, parts=parts, most=most, lang=lang, units=units(body), alphabet=alphabet(body)
            )
    return None


def _first(always: Found | None, seldom: Found | None = None) -> Iterator[Found]:
    """Of a text that is seldom sent only that it is far too long."""
    if always is not None:
        yield always
    elif seldom is not None and seldom.rule == "text-too-long":
        yield seldom


def _path(view: View, unit: Unit) -> Path:
    if unit.page is not None:
        return ("pages", view.q.pages.index(unit.page), "prompt")
    item: Item = unit.items[0]
    return view.path(item, "prompt")
