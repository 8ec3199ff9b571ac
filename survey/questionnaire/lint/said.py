"""What a resident would hear or read, with values of usual length where something is piped in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from survey.questionnaire.answer import DK
from survey.questionnaire.expressions import Expression
from survey.questionnaire.known import Known
from survey.questionnaire.lint.policy import in_language, limits
from survey.questionnaire.lint.standard import phrases
from survey.questionnaire.lint.view import Unit, View, keys_of
from survey.questionnaire.model import Questionnaire, missing_label
from survey.questionnaire.parts import Item, Line, Option
from survey.questionnaire.wording import PLACE, Mode, Wording, say

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def may_hold(q: Questionnaire, condition: Expression | None, facts: Mapping[str, str], lang: str) -> bool:
    """Whether a line is said where nothing is answered yet. What cannot be worked out may hold."""
    if condition is None:
        return True
    try:
        return condition.holds(Known(q, {}, facts, lang))
    except RecursionError:
        return True


def typical_facts(lang: str) -> Mapping[str, str]:
    facts = limits().typical.facts
    return in_language(facts, lang) or facts["en"]


class Sayer:
    """Words for one mode and language."""

    def __init__(self, view: View, mode: Mode, lang: str) -> None:
        self.view, self.q, self.mode, self.lang = view, view.q, mode, lang
        self.facts = {**typical_facts(lang), "mode": mode, "lang": lang}
        self._zh = lang.startswith("zh")

    def worded(self, wording: Wording) -> str:
        text = say(wording, self.lang, self.mode)
        return PLACE.sub(lambda place: self._typical(place[1]), text) if "${" in text else text

    def script(self, name: str, **more: str) -> list[str]:
        """The sentences of a script before anything is answered; the document's own, or those of every interview."""
        lines = self.q.scripts.get(name) or phrases().get(name, ())
        return [text for line in self.lines(lines) if (text := self._filled(line, more))]

    def lines(self, lines: Sequence[Line]) -> Iterator[Line]:
        return (line for line in lines if may_hold(self.q, line.when, self.facts, self.lang))

    def _filled(self, line: Line, more: Mapping[str, str]) -> str:
        text = say(line.say, self.lang, self.mode)
        return PLACE.sub(lambda place: more.get(place[1]) or self._typical(place[1]), text)

    def _typical(self, name: str) -> str:
        typical = limits().typical
        item = self.q.by_id.get(name)
        if item is None:
            known = self.facts.get(name)
            return known if known is not None else in_language(typical.fact, self.lang) or typical.fact["en"]
        options = self.q.options(item.id)
        if options:
            return max((say(option.label, self.lang, self.mode) for option in options), key=len)
        if item.kind == "text":
            return in_language(typical.text, self.lang) or typical.text["en"]
        return {"date": typical.date, "appointment": typical.appointment}.get(item.kind, typical.number)

    # -- questions

    def question(self, unit: Unit, again: bool = False) -> list[str]:
        """The sentences of one turn, without the notes before it."""
        if unit.page is not None:
            return [self.worded(unit.page.prompt)]
        item = unit.items[0]
        prompt = self.worded(item.again if again and item.again else item.prompt)
        if item.choices_from is not None or self.mode == "web":
            return [prompt]
        return [part for part in (prompt, *self._how(item, again)) if part]

    def _how(self, item: Item, again: bool) -> list[str]:
        options = self.q.options(item.id)
        if item.range is not None:
            low, high = item.range.low, item.range.high
            ends = {
                "low_label": self.worded(item.range.low_label),
                "high_label": self.worded(item.range.high_label),
            }
            name = "how_scale" if low >= 1 and high <= limits().options.voice else "how_scale_hash"
            return self.script(name, low=str(low), high=str(high), **ends)
        if not options:
            spoken = "_spoken" if self.mode == "voice" and item.kind == "text" and item.speech else ""
            return self.script(f"how_{item.kind}{spoken}")
        several = item.kind == "select_multiple" and self.mode in item.several_in
        how = self.script("how_several") if several and self.mode != "operator" else []
        if self.mode == "text":
            return [self._written(item, options, again), *how]
        return [*how, self._with_keys(item, options)] if self.mode == "voice" else [self._in_words(options)]

    def _with_keys(self, item: Item, options: Sequence[Option]) -> str:
        keys = keys_of(item, options)
        wide = 2 if len(options) > limits().options.voice else 1
        pairs = [(self.worded(option.label), keys[option.code].zfill(wide)) for option in options]
        if DK in item.missing and item.reads_dk:
            pairs.append((missing_label(DK, self.lang), "8"))
        read = ("".join(self.script("press", label=label, key=key)) for label, key in pairs)
        return ",".join(read) + "。" if self._zh else "; ".join(read) + "."

    def _written(self, item: Item, options: Sequence[Option], again: bool) -> str:
        keys = keys_of(item, options)
        labels = [(keys[option.code], self.worded(option.short or option.label)) for option in options]
        if again and DK in item.missing and len(options) < 8:
            labels.append(("8", missing_label(DK, self.lang)))
        sign = ")" if len(labels) > 9 or any(label[:1].isdigit() for _, label in labels) else ""
        return ("" if self._zh and not sign else " ").join(f"{key}{sign}{label}" for key, label in labels)

    def _in_words(self, options: Sequence[Option]) -> str:
        comma, last = ("、", ",还是") if self._zh else (", ", " or ")
        *firsts, end = (self.worded(option.label) for option in options)
        return comma.join(firsts) + (last if firsts else "") + end + "?"

    # -- whole messages

    def text(self, sentences: Sequence[str]) -> str:
        """One signed text message."""
        signature = self.facts["signature"]
        return f"【{signature}】" + ("" if self._zh else " ").join(one for one in sentences if one)

    def notes(self, unit: Unit) -> list[str]:
        return [self.worded(note.prompt) for note in unit.notes]

    def message(self, unit: Unit, first: bool) -> str:
        """The text message that asks this, the first one with the opening and how to reply."""
        question = ("" if self._zh else " ").join(self.question(unit))
        if not first:
            return self.text([*self.notes(unit), question])
        how = "".join(self.script("how_to_reply"))
        return self.text([*self.script("opening"), *self.notes(unit), question + how])

    def message_again(self, unit: Unit) -> str:
        """The text that asks it once more, in other words."""
        plain = unit.page is None and unit.items[0].kind != "text"
        why = self.script("again" if plain else "again_in_words")
        return self.text([*why, *self.question(unit, again=True)])

    def spoken(self, sentences: Sequence[str]) -> float:
        """Seconds that this takes to say, or to read."""
        text = "".join(sentences)
        chinese = len(_CHINESE.findall(text))
        pace = limits().pace[self.mode]
        return chinese / pace.zh_per_s + (len(text) - chinese) / pace.other_per_s
