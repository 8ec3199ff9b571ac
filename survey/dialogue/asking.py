"""How a question is put: read out with its keys, written in 70 characters, shown as a field, or as an operator's script."""

from collections.abc import Sequence
from typing import Final

from survey.dialogue import route
from survey.dialogue.options import digits_for, keys_of, options_of, read_order, takes_several
from survey.dialogue.route import known_of
from survey.dialogue.speech import fill, joined, script
from survey.dialogue.state import State
from survey.dialogue.turn import Expect, Wanted
from survey.dialogue.turn import Option as Shown
from survey.questionnaire.answer import DK
from survey.questionnaire.model import Questionnaire, missing_label
from survey.questionnaire.parts import CLOSED, Item, Option, Page
from survey.questionnaire.wording import Wording, pipes, say

ENDS = ("。", "?", "!", ".", "?", "!")


READ_ALOUD: Final = frozenset({"voice", "operator"})


def offers_dk_key(q: Questionnaire, state: State, item: Item) -> bool:
    """In writing, 8 means "I can't say" only where the message offered it: the second time, and where no option has
    that number."""
    asked_again = state.mode == "text" and state.not_understood > 0
    return (
        asked_again
        and DK in item.missing
        and item.kind in ("select_one", "select_multiple")
        and (len(options_of(q, state, item)) < 8)
    )


def put(q: Questionnaire, state: State, page: Page | None, asked: Sequence[Item]) -> Sequence[str]:
    """The sentences that ask the question or questions; worded anew when they were not understood. Where nothing that
    is known of the respondent comes into them they are composed once."""
    if page is not None:
        return [worded(q, state, page.prompt)]
    item = asked[0]
    again = state.not_understood + state.silences > 0
    if not _same_for_all(q, item):
        return _put(q, state, item, again)
    direction = state.dealt.get(item.id) or state.flipped
    key = ("put", item.id, state.mode, state.lang, direction, again, offers_dk_key(q, state, item))
    kept: Sequence[str] | None = q.memo.get(key)
    if kept is None:
        kept = q.memo[key] = tuple(_put(q, state, item, again))
    return kept


def put_plainly(q: Questionnaire, state: State, item: Item) -> tuple[tuple[str, ...], Expect] | None:
    """The prompts of a question that is read out alone, the first time, in the same words to everybody, and what it
    expects: composed once, since it is what nearly every step of a call or a talk ends with. None: compose it."""
    if state.mode not in READ_ALOUD or state.not_understood or state.silences:
        return None
    key = ("plain", item.id, state.mode, state.lang, state.dealt.get(item.id) or state.flipped)
    if key not in q.memo:
        page, asked = route.page(q, state, item)
        alone = page is None and len(asked) == 1 and _same_for_all(q, item)
        said = tuple(sentence for sentence in put(q, state, None, asked) if sentence) if alone else ()
        q.memo[key] = (said, expect(q, state, asked)) if alone else None
    kept: tuple[tuple[str, ...], Expect] | None = q.memo[key]
    return kept


def _same_for_all(q: Questionnaire, item: Item) -> bool:
    """Nothing is piped into the question or its options, and none of them depends on anything known."""
    key = ("same for all", item.id)
    kept: bool | None = q.memo.get(key)
    if kept is None:
        wordings = [item.prompt, item.again]
        wordings += [wording for option in q.options(item.id) for wording in (option.label, option.short)]
        if item.range is not None:
            wordings += [item.range.low_label, item.range.high_label]
        own_ways = any(name.startswith("how_") or name == "press" for name in q.scripts)
        filtered = item.choices_from is not None or item.choice_filter is not None
        kept = q.memo[key] = not filtered and not own_ways and not any(map(pipes, wordings))
    return kept


def _put(q: Questionnaire, state: State, item: Item, again: bool) -> list[str]:
    prompt = worded(q, state, item.again if again and item.again else item.prompt)
    options = options_of(q, state, item)
    if item.choices_from is not None or state.mode == "web":
        return [prompt]
    if state.mode == "text":
        return [joined(state, [part for part in (prompt, *_how(q, state, item, options)) if part])]
    return [prompt, *_how(q, state, item, options)]


def worded(q: Questionnaire, state: State, wording: Wording) -> str:
    return fill(say(wording, state.lang, state.mode), known_of(q, state), state.mode)


def _how(q: Questionnaire, state: State, item: Item, options: Sequence[Option]) -> list[str]:
    """How to answer: the options by their keys, or what kind of thing is wanted."""
    if item.kind == "scale":
        return _scale(q, state, item, options)
    if not options:
        spoken = "_spoken" if item.kind == "text" and item.speech and state.mode == "voice" else ""
        return list(script(q, state, f"how_{item.kind}{spoken}"))
    if state.mode == "text":
        written = _written(q, state, item, options)
        return [written, *script(q, state, "how_several")] if takes_several(state, item) else [written]
    aloud = read_order(state, item, options)
    if state.mode == "operator":
        return [_in_words(q, state, aloud)]
    how = script(q, state, "how_several") if takes_several(state, item) else ()
    return [*how, _with_keys(q, state, item, options, aloud)]


def _scale(q: Questionnaire, state: State, item: Item, options: Sequence[Option]) -> list[str]:
    assert item.range is not None
    low, high = str(item.range.low), str(item.range.high)
    ends = (worded(q, state, item.range.low_label), worded(q, state, item.range.high_label))
    name = "how_scale" if digits_for(item, options) else "how_scale_hash"
    return list(script(q, state, name, low=low, high=high, low_label=ends[0], high_label=ends[1]))


def _with_keys(
    q: Questionnaire, state: State, item: Item, options: Sequence[Option], aloud: Sequence[Option]
) -> str:
    keys = keys_of(item, options)
    wide = 2 if len(options) > 6 else 1
    pairs = [(_label(q, state, option.label), keys[option.code].zfill(wide)) for option in aloud]
    if DK in item.missing and item.reads_dk:
        pairs.append((missing_label(DK, state.lang), "8"))
    read = ("".join(script(q, state, "press", label=label, key=key)) for label, key in pairs)
    return ",".join(read) + "。" if state.lang.startswith("zh") else "; ".join(read) + "."


def _written(q: Questionnaire, state: State, item: Item, options: Sequence[Option]) -> str:
    keys = keys_of(item, options)
    labels = [(keys[option.code], _label(q, state, option.short or option.label)) for option in options]
    if offers_dk_key(q, state, item):
        labels.append(("8", missing_label(DK, state.lang)))
    touching = any(label[:1].isdigit() or label[-1:].isdigit() for _, label in labels)
    sign = ")" if len(labels) > 9 or touching else ""
    blank = "" if not sign and state.lang.startswith("zh") else " "
    return blank.join(f"{key}{sign}{label}" for key, label in labels)


def _label(q: Questionnaire, state: State, wording: Wording) -> str:
    text = say(wording, state.lang, state.mode)
    return fill(text, known_of(q, state), state.mode) if "${" in text else text


def _in_words(q: Questionnaire, state: State, options: Sequence[Option]) -> str:
    comma, last = ("、", ",还是") if state.lang.startswith("zh") else (", ", " or ")
    labels = [_label(q, state, option.label) for option in options]
    return (comma.join(labels[:-1]) + last if len(labels) > 1 else "") + labels[-1] + "?"


def expect(q: Questionnaire, state: State, asked: Sequence[Item]) -> Expect:
    """What may come next, for the carrier's Gather and Record, for a page, and for the operator's buttons."""
    if len(asked) != 1 or not _same_for_all(q, asked[0]):
        return _expect(q, state, asked)
    item = asked[0]
    key = ("expect", item.id, state.mode, state.lang, state.dealt.get(item.id) or state.flipped)
    kept: Expect | None = q.memo.get(key)
    if kept is None:
        kept = q.memo[key] = _expect(q, state, asked)
    return kept


def _expect(q: Questionnaire, state: State, asked: Sequence[Item]) -> Expect:
    asked = [one for one in asked if one.asks]
    item = asked[0]
    alone = len(asked) == 1
    options = options_of(q, state, item)
    voice = state.mode == "voice"
    return Expect(
        question_id=item.id,
        kind=_wanted(state, item) if alone else "several",
        num_digits=_keys_wanted(state, item, options) if alone else len(asked),
        options=shown(q, state, item, options) if alone and item.kind != "scale" else (),
        missing=item.missing,
        question_ids=tuple(one.id for one in asked),
        speech=voice and item.speech,
        record_s=item.record_s if voice and item.kind == "text" and not item.speech else 0,
    )


def _wanted(state: State, item: Item) -> Wanted:
    if item.kind in ("select_one", "select_multiple"):
        return "choices" if takes_several(state, item) else "choice"
    wanted: dict[str, Wanted] = {"date": "date", "appointment": "moment", "text": "open"}
    return wanted.get(item.kind, "number")


def _keys_wanted(state: State, item: Item, options: Sequence[Option]) -> int:
    if item.kind == "scale" or item.kind == "select_one":
        return digits_for(item, options)
    return (
        digits_for(item, options) if item.kind == "select_multiple" and not takes_several(state, item) else 0
    )


def shown(q: Questionnaire, state: State, item: Item, options: Sequence[Option]) -> tuple[Shown, ...]:
    """The options as a page and an operator see them: in the order in which a respondent hears them."""
    keys = keys_of(item, options)
    listed = read_order(state, item, options) if state.mode == "web" else options
    return tuple(Shown(o.code, _label(q, state, o.label), keys[o.code]) for o in listed)


def with_instructions(
    q: Questionnaire, state: State, asked: Sequence[Item], sentences: Sequence[str]
) -> list[str]:
    """How to reply, at the end of the first text. A question that says itself what is wanted needs no word of digits."""
    if state.mode != "text":
        return list(sentences)
    *before, question = sentences
    if len(asked) == 1 and asked[0].kind in CLOSED:
        return [*before, question + "".join(script(q, state, "how_to_reply"))]
    mark = "" if question.endswith(ENDS) else "。" if state.lang.startswith("zh") else "."
    how = "".join(script(q, state, "how_to_stop"))
    return [*before, joined(state, [question + mark, how]) if how else question]
