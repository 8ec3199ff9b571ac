"""How cases read on a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from followup.reading import CallbackRow, CaseLine, CasePassport, FlaggedLine
from followup.reports.terms import ANSWERS, words

LOCAL = ZoneInfo("Asia/Shanghai")


def as_json(value: Any) -> str:
    """Rows as JSON, moments in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def moment(at: datetime | None) -> str:
    """A moment in the centre's own time, to the minute."""
    return at.astimezone(LOCAL).strftime("%m-%d %H:%M") if at else "-"


def list_lines(lines: Sequence[CaseLine], flagged: Sequence[FlaggedLine]) -> Iterator[str]:
    """One line a case; a case whose flag waits for a decision says so."""
    waiting = {line.number: line for line in flagged}
    for line in lines:
        flag = waiting.get(line.number)
        state = line.ending or line.status
        yield f"{line.number}  {line.source:8}  round {line.round}  {state:22}  {line.content[:30]}"
        if flag:
            yield (
                f"    flagged ({', '.join(flag.reasons)}) {moment(flag.settled_at)}, "
                f"waits for the {flag.decision_post}: {flag.words or 'no words'}"
            )


def passport_lines(passport: CasePassport) -> Iterator[str]:
    """The life of one case, oldest first."""
    case = passport.case
    yield f"{case.number}  {case.content}"
    yield f"source {case.source}, round {case.round}, {case.ending or case.status}, due {moment(case.due_at)}"
    yield ""
    for event in passport.events:
        reason = f": {event.reason}" if event.reason else ""
        step = f"round {event.round}  {event.event} -> {event.to_status}"
        yield f"{moment(event.at)}  {step}  ({event.actor}){reason}"
    for result in passport.results:
        contact = "says it spoke" if result.claimed_contact else "did not speak"
        yield ""
        yield f"round {result.round}, {result.unit_code}: {result.result_summary}"
        yield f"  the unit {contact} with the resident"
        for callback in passport.callbacks:
            if callback.round != result.round:
                continue
            mode = callback.mode or "no contact"
            yield f"  callback {callback.status}, {mode}, told {moment(callback.told_at)}"
            if callback.verdict:
                flag = f", flagged: {', '.join(callback.reasons)}" if callback.flagged else ""
                yield f"  verdict {callback.verdict} (line {callback.verdict_line}){flag}"
            if callback.words:
                yield f"  in the resident's words: {callback.words}"
            yield from _verification_lines(callback)
            if callback.decision:
                yield f"  {callback.decision} by {callback.decided_by}: {callback.decision_reason}"


def _verification_lines(callback: CallbackRow) -> Iterator[str]:
    """The person's call that a flag by text brings: owed, or what it came to."""
    if callback.verify_unit_ref is None:
        return
    if callback.verified_at is None:
        yield f"  a person calls to verify; the decision waits for it until {moment(callback.waits_since)}"
        return
    by = f" by {callback.verified_by}" if callback.verified_by else ""
    yield f"  verification call{by}, over {moment(callback.verified_at)}: {callback.verify_outcome}"
    said = _said(callback.verified_answers or {})
    if said:
        yield f"    said there: {said}"


def _said(answers: Mapping[str, Any]) -> str:
    """Answers in words: `Not solved, Dissatisfied, Wants it again`."""
    return ", ".join(
        text or words(ANSWERS[question], code)[1]
        for question, (code, text) in sorted(answers.items())
        if question in ANSWERS or text
    )


def passport_record(passport: CasePassport) -> dict[str, Any]:
    """The same as JSON values, without the keys that stay inside the store."""
    record = asdict(passport)
    hidden = ("id", "case_id", "person_id", "interview_id", "batch_id")
    record["case"] = _without(record["case"], hidden)
    for part in ("events", "assignments", "results", "callbacks"):
        record[part] = [_without(row, hidden) for row in record[part]]
    return record


def _without(row: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}
