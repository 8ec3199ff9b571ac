"""PURE. What stands on the pages of callbacks: the list behind a number of the report, and one of them whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from followup.callback_file import CallbackFile
from followup.redaction import redacted
from followup.reports import terms
from followup.reports.callback_rows import CallbackLine
from followup.reports.passport_terms import actor_words, event_words, is_person, state_words
from followup.web.flag_view import answers, tags
from survey.field.dispositions import dispositions
from survey.store.recording_reads import Recorded
from survey.transcripts import Line as Spoken
from survey.web.terms import EFFECTS, MODES, words

Both = tuple[str, str]
STATUSES: Final = {
    "pending": ("等待中", "waiting"),
    "not_suitable": ("不宜回访", "not suitable"),
}


@dataclass(frozen=True)
class Line:
    """One callback in the list."""

    number: str
    round: int
    unit: str
    verdict: Both
    said: tuple[Both, ...]
    mode: Both
    attempts: int
    flagged: bool
    decision: Both | None


def lines(found: Sequence[CallbackLine]) -> list[Line]:
    """In the order given."""
    return [
        Line(
            one.number,
            one.round,
            one.unit_zh or "-",
            _ended(one.status, one.verdict),
            tuple(
                terms.words(terms.ANSWERS[question], code)
                for question in ("C1", "C2", "C3")
                if (code := one.code(question)) in ("1", "2", "3")
            ),
            words(MODES, one.mode) if one.mode else ("-", "-"),
            one.attempts,
            one.flagged,
            terms.words(terms.DECISIONS, one.decision) if one.decision else None,
        )
        for one in found
    ]


def _ended(status: str, verdict: str | None) -> Both:
    if status in STATUSES:
        return STATUSES[status]
    return terms.words(terms.VERDICTS, verdict or "open")


@dataclass(frozen=True)
class Try:
    """One attempt in words. `seconds`: of the talk; None: there was none."""

    at: datetime
    mode: Both
    outcome: Both
    operator: str
    seconds: int | None
    verifies: bool


@dataclass(frozen=True)
class Talk:
    """One contact: what was said, in order."""

    at: datetime
    mode: Both
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Said:
    """One thing said. `ours`: by the centre; `meant`: the answer that was kept of it, "" where none was; `came_to`: what else it
    did."""

    at: datetime
    ours: bool
    words: str
    meant: Both
    came_to: Both | None


@dataclass(frozen=True)
class Step:
    """One step in the life of the case."""

    at: datetime
    round: int
    event: Both
    to: Both | None
    by: Both
    reason: Both


@dataclass(frozen=True)
class Page:
    """One callback, in words."""

    number: str
    short: str
    round: int
    place: str
    unit: str
    content: str
    ended: Both
    tags: tuple[Both, ...]
    told: str
    result: str
    said: tuple[tuple[Both, Both], ...]
    verified: tuple[tuple[Both, Both], ...]
    words: str
    decision: Both | None
    decided: str
    tries: tuple[Try, ...]
    talks: tuple[Talk, ...]
    recordings: tuple[Recorded, ...]
    steps: tuple[Step, ...]
    others: tuple[int, ...]
    in_full: bool


def page_of(file: CallbackFile, zone: ZoneInfo) -> Page:
    """The file in words; no number is in it. Who may not read the words as they were said reads them as units do."""
    case, callback = file.passport.case, file.callback
    whole = file.sight.original
    return Page(
        number=case.number,
        short=case.short_number,
        round=callback.round,
        place=file.area_zh,
        unit=file.unit_zh,
        content=case.content if whole else redacted(case.content),
        ended=_ended(callback.status, callback.verdict),
        tags=tags(callback.reasons) if callback.flagged else (),
        told=redacted(callback.told_text) if callback.told_text else "",
        result=redacted(file.result.result_summary) if file.result else "",
        said=answers(callback.answers),
        verified=answers(callback.verified_answers),
        words=(callback.words if whole else redacted(callback.words)) if callback.words else "",
        decision=terms.words(terms.DECISIONS, callback.decision) if callback.decision else None,
        decided=" ".join(filter(None, (callback.decided_by, callback.decision_reason))),
        tries=tuple(
            Try(
                one.at.astimezone(zone),
                words(MODES, one.mode),
                _outcome(one.disposition),
                one.operator or "",
                round((one.ended_at - one.answered_at).total_seconds())
                if one.answered_at and one.ended_at
                else None,
                one.verifies,
            )
            for one in file.attempts
        ),
        talks=tuple(
            Talk(
                talk.head.opened_at.astimezone(zone),
                words(MODES, talk.head.mode),
                tuple(_said(one, zone) for one in talk.lines),
            )
            for talk in file.conversations
        ),
        recordings=tuple(file.recordings),
        steps=tuple(
            Step(
                one.at.astimezone(zone),
                one.round,
                event_words(one.event),
                state_words(one.to_status) if one.to_status != one.from_status else None,
                actor_words(one.actor),
                _reason(one.actor, one.reason),
            )
            for one in file.passport.events
        ),
        others=tuple(file.others),
        in_full=whole,
    )


def _said(one: Spoken, zone: ZoneInfo) -> Said:
    told = words(EFFECTS, one.effect) if one.effect and not one.kept_zh else None
    return Said(one.at.astimezone(zone), one.speaker == "centre", one.words, (one.kept_zh, one.kept_en), told)


def _reason(actor: str, written: str | None) -> Both:
    """The reasons of a flag are kept as codes; of the rest only a person's words are for people."""
    codes = (written or "").split(", ")
    if all(code in terms.VERDICTS for code in codes):
        named = [terms.VERDICTS[code] for code in codes]
        return "、".join(zh for zh, _ in named), ", ".join(en for _, en in named)
    return (redacted(written), redacted(written)) if written and is_person(actor) else ("", "")


def _outcome(code: str | None) -> Both:
    row = dispositions().get(code or "")
    return (row.zh, row.en) if row else (code or "-", code or "-")
