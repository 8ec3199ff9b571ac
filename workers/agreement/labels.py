"""The words that a resident may have heard, read or said for a stored code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from survey.questionnaire import MISSING, Item, Lang, Option, Questionnaire
from workers.agreement.rows import InterviewRow

PLACEHOLDER = re.compile(r"\{[^}]*\}")
UNHEARD = re.compile(r"[\s'’,。.、:;!?“”\"]|周岁|岁")


class Labels:
    """Labels by instrument, its version, question and code; worked out once for each.

    An option has a full label and, where space is short, a short one, each perhaps worded for the ear or
    the eye, and other words that mean it: whichever of them the resident had in mind means the same code.
    """

    def __init__(self, documents: Iterable[Questionnaire]) -> None:
        self._documents = {(one.code, one.version): one for one in documents}
        self._known: dict[tuple[str, int, str, str, Lang], frozenset[str]] = {}
        self._prompts: dict[tuple[str, int, Lang], tuple[tuple[str, str], ...]] = {}

    def mean(self, interview: InterviewRow, question_id: str, code: str, meant: str) -> bool:
        """Whether these words mean this stored code (several codes: all of them, in any order)."""
        said = {plain(word) for word in meant.split("、")}
        codes = code.split()
        own = [self._of(interview, question_id, one) for one in codes]
        return all(words & said for words in own) and all(
            any(word in words for words in own) for word in said
        )

    def shown(self, interview: InterviewRow, question_id: str, code: str) -> str:
        """A stored code with its label, for a person to read."""
        document = self._asked(interview)
        return f"{code} {document.label(question_id, code, _lang(interview), facts=interview.facts)}"

    def question_in(self, prompt: str, interview: InterviewRow) -> str | None:
        """The question that this prompt asks: the one whose wording stands last in it; None: none of this
        instrument.
        """
        key = (interview.questionnaire, interview.version, _lang(interview))
        if key not in self._prompts:
            self._prompts[key] = tuple(_wordings_of_questions(self._asked(interview), _lang(interview)))
        heard = plain(prompt)
        ends = [
            (place + len(words), len(words), question_id)
            for question_id, words in self._prompts[key]
            if (place := heard.rfind(words)) >= 0
        ]
        return max(ends)[2] if ends else None

    def _of(self, interview: InterviewRow, question_id: str, code: str) -> frozenset[str]:
        document, lang = self._asked(interview), _lang(interview)
        key = (document.code, document.version, question_id, code, lang)
        if key not in self._known:
            self._known[key] = frozenset(plain(word) for word in _words(document, question_id, code, lang))
        return self._known[key] | {plain(document.label(question_id, code, lang, facts=interview.facts))}

    def _asked(self, interview: InterviewRow) -> Questionnaire:
        """The document as it was when it was asked: what a code stands for may change with a version."""
        return self._documents[interview.questionnaire, interview.version]


def meanings(document: Questionnaire, question_id: str, meant: str, lang: Lang) -> tuple[str, ...]:
    """The codes of a question that these words can mean: one, if the instrument and the town understand
    each other.
    """
    return tuple(
        code
        for code in document.codes[question_id]
        if plain(meant) in {plain(word) for word in _words(document, question_id, code, lang)}
    )


def _words(document: Questionnaire, question_id: str, code: str, lang: Lang) -> Iterator[str]:
    yield document.label(question_id, code, lang)
    if code not in MISSING and question_id in document.by_id:
        for option in document.options(question_id):
            if option.code == code:
                yield from _wordings(option, lang)
        yield from town_words().get(document.code, {}).get(question_id, {}).get(code, ())


@cache
def town_words() -> Mapping[str, Any]:
    """Words of the rehearsal's residents that no instrument knows (town_words.yaml)."""
    words: Mapping[str, Any] = yaml.safe_load(
        (files("workers.agreement") / "town_words.yaml").read_text("utf-8")
    )
    return words


def plain(words: str) -> str:
    """Words for comparison: one width, lower case, without spaces, punctuation and "years old"."""
    return UNHEARD.sub("", unicodedata.normalize("NFKC", words).lower())


def _lang(interview: InterviewRow) -> Lang:
    return "en" if interview.lang == "en" else "zh"


def _wordings(option: Option, lang: Lang) -> Iterator[str]:
    for wording in (option.label, option.short):
        yield from wording.get(lang, {}).values()
    yield from option.also.get(lang, ())


def _wordings_of_questions(document: Questionnaire, lang: Lang) -> Iterator[tuple[str, str]]:
    for item in document.questions:
        for words in _wordings_of(item, lang):
            fixed = max((plain(part) for part in PLACEHOLDER.split(words)), key=len)
            if fixed:
                yield item.id, fixed


def _wordings_of(item: Item, lang: Lang) -> Iterator[str]:
    for wording in (item.prompt, item.again):
        yield from wording.get(lang, {}).values()
