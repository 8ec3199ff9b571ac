"""How a question is put: read out with its keys, written in 70 characters, or as the operator's script."""

from collections.abc import Mapping, Sequence
from typing import Final

from survey.dialogue.speech import fill, joined, script
from survey.dialogue.state import State
from survey.dialogue.turn import Expect
from survey.dialogue.turn import Option as Shown
from survey.questionnaire.answer import DK
from survey.questionnaire.model import Item, Option, Page, Questionnaire
from survey.questionnaire.wording import Lang, say

_BETWEEN: Final[Mapping[Lang, tuple[str, str]]] = {"zh": ("、", ",还是"), "en": (", ", " or ")}


def options_of(q: Questionnaire, item: Item, facts: Mapping[str, str]) -> tuple[Option, ...]:
    """The options of a question for this respondent, in the order of their codes."""
    if item.choices_from is None:
        return q.options(item.id)
    pairs = (pair.partition("=") for pair in facts.get(item.choices_from, "").split(";") if pair)
    return tuple(Option(code=code.strip(), label={"zh": {"any": label.strip()}}) for code, _, label in pairs)


def offers_dk_key(state: State, item: Item) -> bool:
    """In writing, 8 means "I can't say" only where the message offered it: the second time."""
    return state.mode == "text" and state.not_understood > 0 and DK in item.missing


def put(q: Questionnaire, state: State, page: Page | None, asked: Sequence[Item]) -> list[str]:
    """The sentences that ask the question or questions; worded anew when they were not understood."""
    item = asked[0]
    again = state.not_understood + state.silences > 0
    if page is not None:
        return [fill(say(page.prompt, state.lang, state.mode), state.facts)]
    wording = item.again if again and item.again else item.prompt
    prompt = fill(say(wording, state.lang, state.mode), state.facts)
    options = options_of(q, item, state.facts)
    if not options or item.choices_from is not None:
        return [prompt]
    if state.mode == "text":
        return [joined(state, [prompt, _written(state, item, options)])]
    aloud = _read_order(state, item, options)
    return [prompt, _with_keys(q, state, item, aloud) if state.mode == "voice" else _in_words(state, aloud)]


def _read_order(state: State, item: Item, options: Sequence[Option]) -> list[Option]:
    """Half of the respondents hear a scale from its other end; what stands outside the scale stays last."""
    scale = [option for option in options if option.on_scale]
    if state.flipped and item.two_directions:
        scale.reverse()
    return [*scale, *(option for option in options if not option.on_scale)]


def _with_keys(q: Questionnaire, state: State, item: Item, options: Sequence[Option]) -> str:
    pairs = [(say(option.label, state.lang, "voice"), option.code) for option in options]
    if DK in item.missing and item.reads_dk:
        pairs.append((q.label(item.id, DK, state.lang), "8"))
    if state.lang == "zh":
        return ",".join(f"{label}请按{key}" for label, key in pairs) + "。"
    return "; ".join(f"{label}, press {key}" for label, key in pairs) + "."


def _written(state: State, item: Item, options: Sequence[Option]) -> str:
    labels = [(option.code, say(option.short or option.label, state.lang, "text")) for option in options]
    if offers_dk_key(state, item):
        labels.append(("8", "说不清" if state.lang == "zh" else "don't know"))
    sign = ")" if any(label[0].isdigit() for _, label in labels) else ""
    blank = " " if sign or state.lang == "en" else ""
    return blank.join(f"{code}{sign}{label}" for code, label in labels)


def _in_words(state: State, options: Sequence[Option]) -> str:
    comma, last = _BETWEEN[state.lang]
    labels = [say(option.label, state.lang, "operator") for option in options]
    return comma.join(labels[:-1]) + last + labels[-1] + "?"


def expect(q: Questionnaire, state: State, asked: Sequence[Item]) -> Expect:
    """What may come next, for the carrier's Gather and for the operator's buttons."""
    item = asked[0]
    options = tuple(_shown(state, option) for option in options_of(q, item, state.facts))
    closed = item.kind != "text"
    return Expect(
        question_id=item.id,
        kind="number" if len(asked) > 1 else "choice" if closed else "open",
        num_digits=len(asked) if closed else 0,
        options=options if len(asked) == 1 else (),
        missing=item.missing,
        question_ids=tuple(one.id for one in asked),
    )


def _shown(state: State, option: Option) -> Shown:
    key = option.code if len(option.code) == 1 else ""
    return Shown(option.code, say(option.label, state.lang, state.mode), key)


def with_instructions(q: Questionnaire, state: State, sentences: Sequence[str]) -> list[str]:
    """How to reply, at the end of the first text."""
    how = "".join(script(q, state, "how_to_reply")) if state.mode == "text" else ""
    return [*sentences[:-1], sentences[-1] + how]
