"""What a written message means: a text message, or words that an operator typed."""

import re
from collections.abc import Sequence
from typing import Final

from survey.dialogue.asking import offers_dk_key, options_of
from survey.dialogue.match import AMBIGUOUS, Reader, choose, in_doubt, nothing_to_say, reader
from survey.dialogue.meaning import Given, Meaning, Unclear
from survey.dialogue.normalise import bare, normalised, storable, whole
from survey.dialogue.pages import read_page
from survey.dialogue.reserved import reserved
from survey.dialogue.state import State
from survey.questionnaire.answer import DK, NO_ANSWER, Answer
from survey.questionnaire.model import Item, Questionnaire

_READERS: Final[dict[tuple[str, str], Reader]] = {}
"""One for each question of each version of a questionnaire that this process has asked in writing."""


def read(q: Questionnaire, state: State, asked: Sequence[Item], body: str) -> Meaning:
    """`asked`: the questions that wait. A word that is an option here is that option first of all."""
    readers = [_reader(q, state, item) for item in asked]
    if len(asked) == 1 and (code := _is_option(readers[0], body)):
        return Given({asked[0].id: Answer(code)})
    open_question = asked[0].kind == "text"
    found = reserved(body, open_question=open_question, case=q.purpose == "case")
    if found is not None:
        return found
    if open_question:
        return _read_open(asked[0], body)
    if len(asked) > 1:
        return read_page(asked, readers, body)
    return _read_closed(state, asked[0], readers[0], body)


def _reader(q: Questionnaire, state: State, item: Item) -> Reader:
    if item.choices_from is not None:
        return reader(options_of(q, item, state.facts), item.missing)
    kept = _READERS.get((q.sha256, item.id))
    if kept is None:
        kept = _READERS[q.sha256, item.id] = reader(q.options(item.id), item.missing)
    return kept


def _is_option(reads: Reader, body: str) -> str | None:
    plain = normalised(body)
    if in_doubt(plain):
        return None
    message = bare(plain)
    code = message if message in reads.keys else reads.codes.get(message)
    return code if code and code != AMBIGUOUS else None


def _read_closed(state: State, item: Item, reads: Reader, body: str) -> Meaning:
    code = choose(reads, body)
    if code is None and offers_dk_key(state, item) and bare(normalised(body)) == "8":
        code = DK
    return Unclear(body) if code is None else Given({item.id: Answer(code)})


def _read_open(item: Item, body: str) -> Meaning:
    """Any words are an answer; a lone number or sign is none."""
    plain = normalised(body)
    for kind in item.missing:
        if kind != NO_ANSWER and bare(plain) in whole("missing", kind):
            return Given({item.id: Answer(kind)})
    if nothing_to_say(plain):
        return Given({item.id: Answer(NO_ANSWER)})
    if not re.search(r"[^\W\d_]", plain):
        return Unclear(body)
    return Given({item.id: Answer(None, storable(body))})
