"""What was said in one contact, in order, as a person would read it: prompts, keys, texts, and what each
came to.

Nobody's number is in the tables that this reads, and runs of digits that a resident wrote are masked.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import asyncpg

from survey.form_traces import as_filled_in, without_secret
from survey.masking import without_numbers
from survey.questionnaire import Questionnaire, from_json
from survey.store.reports import conversations
from survey.store.reports.conversations import ContactHead, KeptAnswer, SaidInput, SentText

Speaker = Literal["centre", "resident"]


@dataclass(frozen=True)
class Line:
    """One thing said. `kept_zh`, `kept_en`: the meaning that was stored for it; "" where nothing was."""

    at: datetime
    speaker: Speaker
    words: str
    effect: str = ""
    kept_zh: str = ""
    kept_en: str = ""


@dataclass(frozen=True)
class Conversation:
    """A call or a text thread with everything said in it, texts that came after its end too."""

    head: ContactHead
    lines: tuple[Line, ...]


async def read_conversations(conn: asyncpg.Connection, contact_ids: Sequence[int]) -> dict[int, Conversation]:
    """Conversations by contact id; a contact in which nothing was attempted is left out."""
    heads = await conversations.contact_heads(conn, contact_ids)
    said = await conversations.inputs(conn, contact_ids)
    sent = await conversations.sent_texts(conn, contact_ids)
    documents = {row.id: _questionnaire(row.body) for row in await conversations.questionnaires(conn)}
    return {
        head.contact_id: Conversation(
            head,
            _lines(
                head.mode,
                [one for one in said if one.contact_id == head.contact_id],
                [text for text in sent if text.contact_id == head.contact_id],
                documents,
            ),
        )
        for head in heads
    }


def _questionnaire(body: object) -> Questionnaire:
    if not isinstance(body, Mapping):
        raise TypeError(
            f"survey.questionnaire.body is {type(body).__name__}, not an object; restore it from a backup"
        )
    return from_json(body)


def _lines(
    mode: str, said: Sequence[SaidInput], sent: Sequence[SentText], documents: Mapping[int, Questionnaire]
) -> tuple[Line, ...]:
    """A thread in the order of its texts; a call as input and reply, input and reply."""
    if mode != "text":
        return tuple(line for one in said for line in _turn(one, documents))
    moments = [(one.arrived_at, 0, one.input_id, _heard(one, documents)) for one in said]
    moments += [
        (text.at, 1, text.input_id or 0, Line(text.at, "centre", without_secret(without_numbers(text.body))))
        for text in sent
    ]
    return tuple(line for *_, line in sorted(moments, key=lambda moment: moment[:3]))


def _turn(one: SaidInput, documents: Mapping[int, Questionnaire]) -> list[Line]:
    reply = without_numbers(spoken(one.reply))
    lines = [] if one.effect == "opened" else [_heard(one, documents)]
    return [*lines, Line(one.arrived_at, "centre", reply)] if reply else lines


def _heard(one: SaidInput, documents: Mapping[int, Questionnaire]) -> Line:
    document = documents.get(one.questionnaire_id or 0)
    unkept = one.said if one.channel == "operator" and not one.answers else ""
    return Line(
        at=one.arrived_at,
        speaker="resident",
        words=as_said(one.channel, one.said) or without_numbers(unkept),
        effect=one.inbox_reason or one.effect,
        kept_zh="、".join(_meaning(document, answer, "zh", one.facts) for answer in one.answers),
        kept_en=", ".join(_meaning(document, answer, "en", one.facts) for answer in one.answers),
    )


def _meaning(
    document: Questionnaire | None, answer: KeptAnswer, lang: Literal["zh", "en"], facts: Mapping[str, str]
) -> str:
    if answer.code is None or document is None:
        return without_numbers(answer.words or answer.code or "")
    return document.label(answer.question_id, answer.code, lang, facts=facts)


def as_said(channel: str, said: str) -> str:
    """What was pressed, written or said, as a person reads it; "" for silence, for a choice noted
    without words, and for what was recorded: it is heard with its reason, and its id is no word of theirs.

    An operator's input is stored as `choice:2 (比较安全吧)`: what was chosen, and the resident's own words
    where they were noted.
    """
    if is_recorded(said):
        return ""
    if channel == "web":
        return without_numbers(as_filled_in(said))
    if channel != "operator":
        return without_numbers(said)
    noted = _OPERATOR_INPUT.fullmatch(said)
    if noted is None:
        return without_numbers(said)
    heard = noted["heard"] or (
        noted["value"] if noted["kind"] == "words" else BUTTONS.get(noted["value"] or "", "")
    )
    return without_numbers(heard)


def is_recorded(said: str) -> bool:
    """Whether what is stored of an input is the id of a recording, and how long it is."""
    return _RECORDED.fullmatch(said) is not None


_RECORDED: Final = re.compile(r"RE[0-9a-f]{32} \d+s")
_OPERATOR_INPUT: Final = re.compile(r"(?P<kind>[a-z]+)(?::(?P<value>.*?))?(?: \((?P<heard>.*)\))?", re.DOTALL)

BUTTONS: Final = {
    "again": "(请再说一遍)",
    "person": "(要和工作人员说)",
    "stop": "(不要再联系)",
    "declined": "(婉拒)",
    "declined_hard": "(拒绝)",
    "later": "(以后再说)",
    "minor": "(未成年)",
}
"""The buttons of the operator's screen, as what the resident meant by them."""


def spoken(reply: str) -> str:
    """The words of a stored reply: what a call's reply says, an operator's turn asks, or a text as it was
    sent.
    """
    if not reply.startswith("{"):
        return reply
    body = json.loads(reply)
    return " ".join(body["say"] if "say" in body else body["prompts"])
