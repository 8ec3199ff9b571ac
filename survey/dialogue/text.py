"""What words mean: a text message, a spoken answer that was recognised, or what an operator typed."""

import re
from collections.abc import Sequence
from typing import Final

from survey.dialogue import values
from survey.dialogue.alarm import alarm, says_minor, year_minor
from survey.dialogue.asking import offers_dk_key
from survey.dialogue.dates import read_date, read_moment
from survey.dialogue.match import Reader, choose, choose_several, is_option, nothing_to_say, reader
from survey.dialogue.meaning import Distress, Given, Meaning, Minor, Unclear
from survey.dialogue.normalise import bare, normalised, storable, whole
from survey.dialogue.numbers import read_number
from survey.dialogue.options import codes_by_key, options_of, takes_several
from survey.dialogue.pages import read_page
from survey.dialogue.reserved import reserved
from survey.dialogue.route import ahead
from survey.dialogue.several import may_be_several, read_several
from survey.dialogue.state import State
from survey.questionnaire.answer import DK, NO_ANSWER, Answer
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import CLOSED, NUMERIC, Item

_READERS: Final[dict[tuple[str, str], Reader]] = {}
"""One for each question of each version of a questionnaire that this process has asked in writing."""
_AGE: Final = re.compile(r"\D*(?P<years>\d{1,2})\s*(?P<unit>周岁|岁|years? old|yo)?\D*")
MOST_AT_ONCE: Final = 6
"""Questions ahead that one message may answer."""


def read(q: Questionnaire, state: State, asked: Sequence[Item], body: str) -> Meaning:
    """`asked`: the questions that wait. A word that is an option here is that option first of all; then danger, then
    the reserved words, then what the question wants."""
    item = asked[0]
    listed = item.kind in CLOSED or item.kind == "scale"
    plain = normalised(body)
    if len(asked) == 1 and listed and (code := is_option(reader_of(q, state, item), body)):
        return Given({item.id: Answer(code)})
    if (danger := alarm(plain)) is not None:
        words = storable(body)
        return Distress(danger, words, {item.id: Answer(None, words)} if item.kind == "text" else {})
    if says_minor(plain) or _too_young(q, state, asked, plain):
        return Minor()
    open_question = item.kind == "text"
    found = reserved(body, open_question=open_question, case=q.purpose == "case")
    if found is not None and not (item.kind in (*NUMERIC, "scale") and plain.strip().isdecimal()):
        return found
    if len(asked) > 1:
        return read_page(asked, [reader_of(q, state, one) for one in asked], body)
    if open_question:
        return _read_open(item, body, plain)
    return _read_closed(q, state, item, body, plain) if listed else _read_value(state, item, body, plain)


def reader_of(q: Questionnaire, state: State, item: Item) -> Reader:
    """The compiled words of a closed question."""
    if item.choices_from is not None or item.choice_filter is not None:
        options = options_of(q, state, item)
        return reader(options, item.missing, codes_by_key(q, state, item))
    kept = _READERS.get((q.sha256, item.id))
    if kept is None:
        codes = codes_by_key(q, state, item)
        kept = _READERS[q.sha256, item.id] = reader(q.options(item.id), item.missing, codes)
    return kept


def _read_closed(q: Questionnaire, state: State, item: Item, body: str, plain: str) -> Meaning:
    reads = reader_of(q, state, item)
    if takes_several(state, item):
        alone = frozenset(o.code for o in options_of(q, state, item) if o.excludes_others)
        codes = choose_several(reads, body, alone)
        return Unclear(body) if codes is None else Given({item.id: Answer(" ".join(codes))})
    if may_be_several(plain) and (several := _read_several(q, state, item, body)) is not None:
        return several
    code = choose(reads, body)
    if code is None and offers_dk_key(q, state, item) and bare(plain) == "8":
        code = DK
    if (
        code is None
        and item.kind == "scale"
        and (points := read_number(plain, decimals=False)) in reads.order
    ):
        code = points
    return Unclear(body) if code is None else Given({item.id: Answer(code)})


def _read_several(q: Questionnaire, state: State, item: Item, body: str) -> Given | None:
    """Perhaps the message answers this question and some of those that would come next."""
    following: list[Item] = []
    for one in ahead(q, state):
        if len(following) < MOST_AT_ONCE and _may_share(q, one, {before.id for before in following}):
            following.append(one)
    if len(following) < 2 or following[0].id != item.id:
        return None
    codes = read_several([(one.id, reader_of(q, state, one)) for one in following], body)
    return None if codes is None else Given({one: Answer(code) for one, code in codes.items()})


def _may_share(q: Questionnaire, item: Item, before: set[str]) -> bool:
    """Whether a message may answer this question besides those before it: whether it is asked, and with which options,
    must not hang on an answer that stands in the same message."""
    if item.kind != "select_one" or item.choices is None:
        return False
    filtered = (item.choice_filter,) if item.choice_filter is not None else ()
    worked_out = q.calculations.keys() | q.scores_by_id.keys()
    return not any(when.names & (before | worked_out) for when in (*q.relevance(item), *filtered))


def _too_young(q: Questionnaire, state: State, asked: Sequence[Item], plain: str) -> bool:
    """An age below the adult one where age is asked: "15岁", or a bare "15" that cannot be keys."""
    said = _AGE.fullmatch(plain)
    if said is None or not year_minor(int(said["years"])):
        return False
    if not any(option.between for one in asked for option in q.options(one.id)):
        return False
    bare_age = len(asked) == 1 and len(said["years"]) == 2 and said["years"] == bare(plain)
    return bool(said["unit"]) or (bare_age and said["years"] not in reader_of(q, state, asked[0]).keys)


def _read_value(state: State, item: Item, body: str, plain: str) -> Meaning:
    """A number, a date or a moment, in one of the spellings that people use."""
    now = values.now_of(state)
    if (missing := _said_missing(item, plain)) is not None:
        return Given({item.id: missing})
    if item.kind == "date":
        answer = values.day(read_date(plain, now.date() if now is not None else None))
    elif item.kind == "appointment":
        answer = values.moment(read_moment(plain, now))
    else:
        written = read_number(plain, decimals=item.kind == "decimal")
        answer = values.number(item, written) if written is not None else None
    return Unclear(body) if answer is None else Given({item.id: answer})


def _said_missing(item: Item, plain: str) -> Answer | None:
    return next(
        (
            Answer(kind)
            for kind in item.missing
            if kind != NO_ANSWER and bare(plain) in whole("missing", kind)
        ),
        None,
    )


def _read_open(item: Item, body: str, plain: str) -> Meaning:
    """Any words are an answer; a lone number or sign is none."""
    if (missing := _said_missing(item, plain)) is not None:
        return Given({item.id: missing})
    if nothing_to_say(plain):
        return Given({item.id: Answer(NO_ANSWER)})
    if not re.search(r"[^\W\d_]", plain):
        return Unclear(body)
    return Given({item.id: Answer(None, storable(body))})
