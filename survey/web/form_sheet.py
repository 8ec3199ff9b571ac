"""What stands on a page of the form: the door's Sheet made into fields, labels and a line that says how far it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.dialogue import route
from survey.dialogue.asking import worded
from survey.dialogue.moves import waiting_for
from survey.dialogue.normalise import LONGEST
from survey.dialogue.options import takes_several
from survey.dialogue.state import State
from survey.dialogue.turn import Field
from survey.filling import Sheet
from survey.questionnaire.model import Questionnaire, missing_label
from survey.questionnaire.parts import CLOSED, Item
from survey.questionnaire.wording import say
from survey.web.form_words import FormWords, words_in

MOST_SHOWN: Final = 12
"""Options that are laid out one below the other; a longer list, such as all townships, folds away."""
EMERGENCY: Final = re.compile(r"(?<!\d)(110|119|120)(?!\d)")


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Entry:
    """A note or a question. `look`: note, radios, checks, list, scale, line, date, moment, words. `anchor`: its id on the
    page. `quiet`: the ways not to answer. `ends`: the words at both ends of a scale."""

    anchor: str
    name: str
    look: str
    prompt: str
    hint: str = ""
    fault: str = ""
    focus: bool = False
    required: bool = False
    value: str = ""
    choices: tuple[Choice, ...] = ()
    quiet: tuple[Choice, ...] = ()
    ends: tuple[str, str] = ("", "")
    inputmode: str = "text"


@dataclass(frozen=True)
class View:
    """All that the page shows. `place`: "第 3 题,共 8 题", "" where several questions stand on it; `back`: the question
    to go back to, "" where there is none; `last`: nothing can come after this page; `done`: all was answered, and nothing
    ended it before; `calls`: numbers that help at once."""

    lang: str
    w: FormWords
    title: str
    centre: str
    stop: tuple[str, str, str]
    over: bool
    done: bool
    words: tuple[str, ...]
    entries: tuple[Entry, ...]
    step: int
    place: str
    answered: int
    total: int
    back: str
    last: bool
    calls: tuple[str, ...]
    longest: int = LONGEST

    @property
    def faults(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.fault)


def view_of(sheet: Sheet) -> View:
    """The page, in the respondent's language."""
    q, state, lang = sheet.questionnaire, sheet.state, sheet.state.lang
    w = words_in(lang)
    asking = () if sheet.over else waiting_for(q, state)[1]
    way = _way(q, state)
    ahead = [item_id for item_id in way if item_id not in state.answers]
    alone = len(asking) == 1
    return View(
        lang=lang,
        w=w,
        title=say(q.title, lang, "web"),
        centre=sheet.centre_zh if lang.startswith("zh") else sheet.centre_en,
        stop=w.stop_case if q.purpose == "case" else w.stop_survey,
        over=sheet.over,
        done=sheet.over and state.ended == "finished" and bool(sheet.turn.prompts),
        words=_last_words(sheet, w) if sheet.over else (),
        entries=() if sheet.over else _entries(sheet, asking),
        step=sheet.step,
        place=w.place.format(place=way.index(asking[0].id) + 1, total=len(way)) if alone else "",
        answered=len(way) - len(ahead),
        total=len(way),
        back=_before(way, state, asking[0].id) if asking else "",
        last=bool(asking) and not _after(q, state, asking),
        calls=_calls(sheet) if sheet.over else (),
    )


def _way(q: Questionnaire, state: State) -> list[str]:
    """The questions of this respondent that are answered or still ahead, as far as today's answers tell."""
    ahead = {item.id for item in route.ahead(q, state)}
    return [
        item_id
        for item_id in state.order
        if q.by_id[item_id].asks and (item_id in state.answers or item_id in ahead or item_id == state.asking)
    ]


def _after(q: Questionnaire, state: State, asking: Sequence[Item]) -> bool:
    """Whether a question may still come, also one that these answers have yet to call for."""
    shown = {item.id for item in asking}
    rest = state.order[max(state.order.index(item_id) for item_id in shown) + 1 :]
    waiting = {item.id for item in route.ahead(q, state) if item.asks}
    return bool(waiting - shown) or any(
        q.by_id[item_id].asks and item_id not in state.answers and q.relevance(q.by_id[item_id])
        for item_id in rest
    )


def _before(way: Sequence[str], state: State, asking: str) -> str:
    answered = [item_id for item_id in way[: way.index(asking)] if item_id in state.answers]
    return answered[-1] if answered else ""


def _last_words(sheet: Sheet, w: FormWords) -> tuple[str, ...]:
    if sheet.turn.prompts:
        return sheet.turn.prompts
    return (w.all_answered if sheet.state.status == "complete" else w.over,)


def _calls(sheet: Sheet) -> tuple[str, ...]:
    """The emergency numbers that the last words name, where somebody was in distress."""
    if not (sheet.state.ended or "").startswith("distress_"):
        return ()
    return tuple(dict.fromkeys(EMERGENCY.findall("".join(sheet.turn.prompts))))


def _entries(sheet: Sheet, asking: Sequence[Item]) -> tuple[Entry, ...]:
    known = {item.id for item in asking}
    fields = [field for field in sheet.turn.fields if field.kind == "note" or field.question_id in known]
    faulty = next((field.question_id for field in fields if field.fault), None)
    return tuple(
        Entry(f"q{place}", field.question_id, "note", field.prompt)
        if field.kind == "note"
        else _entry(sheet, f"q{place}", field, field.question_id == faulty)
        for place, field in enumerate(fields, 1)
    )


def _entry(sheet: Sheet, anchor: str, field: Field, focus: bool) -> Entry:
    q, state = sheet.questionnaire, sheet.state
    item = q.by_id[field.question_id]
    value = sheet.written.get(item.id, _answered(state, item.id))
    chosen = value.split() if item.kind not in ("text", "note") else []
    choices = tuple(Choice(o.code, o.label, o.code in chosen) for o in field.options)
    quiet = tuple(
        Choice(code, missing_label(code, state.lang), code in chosen)
        for code in field.missing
        if item.kind != "text"  # an open question may stay empty
    )
    typed = " ".join(one for one in chosen if one not in field.missing) if not choices else ""
    return Entry(
        anchor=anchor,
        name=item.id,
        look=_look(item, state, len(choices)),
        prompt=field.prompt,
        hint=field.hint,
        fault=field.fault,
        focus=focus,
        required=field.required,
        value=value if item.kind == "text" else typed,
        choices=choices,
        quiet=quiet,
        ends=_ends(q, state, item),
        inputmode={"integer": "numeric", "decimal": "decimal"}.get(item.kind, "text"),
    )


def _answered(state: State, question_id: str) -> str:
    answer = state.answers.get(question_id)
    return (answer.code or answer.text or "") if answer is not None else ""


def _look(item: Item, state: State, count: int) -> str:
    if item.kind in CLOSED:
        if takes_several(state, item):
            return "checks"
        return "radios" if count <= MOST_SHOWN else "list"
    looks = {"scale": "scale", "date": "date", "appointment": "moment", "text": "words"}
    return looks.get(item.kind, "line")


def _ends(q: Questionnaire, state: State, item: Item) -> tuple[str, str]:
    if item.range is None:
        return "", ""
    return worded(q, state, item.range.low_label), worded(q, state, item.range.high_label)
