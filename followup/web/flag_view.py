"""PURE. What stands on the page of a flag: two columns of words, and what can be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from followup.casework.verdict import verdict_table
from followup.explaining import policy as rejection_policy
from followup.flag_file import FlagFile, WaitingDecision
from followup.redaction import redacted
from followup.refusals import CaseRefusal
from followup.web.flag_words import POSTS, PROOFS, REFUSED, Both
from survey.field.dispositions import dispositions
from survey.questionnaire import library
from survey.questionnaire.model import missing_label
from survey.questionnaire.wording import say
from survey.web.terms import MODES

RATED: Final = ("C1", "C2", "C3", "C6", "C7")


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    number: str
    short: str
    place: Both
    unit: str
    tags: tuple[Both, ...]
    words: str
    since: datetime
    due: datetime | None
    late: bool
    call_until: datetime | None
    proposed: bool


@dataclass(frozen=True)
class Call:
    """One contact of ours, or of the unit through the centre."""

    at: str
    mode: Both
    outcome: Both


@dataclass(frozen=True)
class Page:
    """One file, in words."""

    number: str
    short: str
    round: int
    content: str
    place: str
    unit: str
    tags: tuple[Both, ...]
    said: tuple[tuple[Both, Both], ...]
    words: str
    objection: str
    mode: Both
    said_at: datetime | None
    heard: Both | None
    heard_answers: tuple[tuple[Both, Both], ...]
    result: str
    reported_at: datetime | None
    claims: bool
    contact_at: datetime | None
    proof: Both
    resident_view: str
    our_calls: tuple[Call, ...]
    unit_calls: tuple[Call, ...]
    probability: str
    grounds_for: tuple[Both, ...]
    before: tuple[str, ...]
    sign_by: datetime | None
    handle_by: datetime | None
    next_round: int
    due: datetime | None
    post: Both
    call_until: datetime | None
    suggested: str
    called: bool
    draft: Draft | None
    grounds: tuple[tuple[str, Both], ...]


@dataclass(frozen=True)
class Draft:
    """A rejection that waits. `mine`: whoever looks has proposed it."""

    ground: Both
    words: str
    by: str
    at: datetime
    mine: bool


def lines(found: Sequence[WaitingDecision], now: datetime, zone: ZoneInfo) -> list[Line]:
    """The list, in the order given."""
    return [
        Line(
            number=one.number,
            short=one.short_number,
            place=(one.area_zh, one.area_en),
            unit=one.unit_zh or "-",
            tags=tags(one.reasons) if one.kind == "flag" else (("提出异议", "Objects to the ending"),),
            words=redacted(one.words) if one.words and not one.apart else "",
            since=one.since.astimezone(zone),
            due=one.decision_due_at.astimezone(zone) if one.decision_due_at else None,
            late=one.decision_due_at is not None and one.decision_due_at < now,
            call_until=one.call_until.astimezone(zone) if one.call_until else None,
            proposed=one.proposed,
        )
        for one in found
    ]


def tags(reasons: Sequence[str]) -> tuple[Both, ...]:
    """The reasons of a verdict in words."""
    words = verdict_table().words
    return tuple((words[one].zh, words[one].en) if one in words else (one, one) for one in reasons)


def page_of(file: FlagFile, zone: ZoneInfo, sign: str) -> Page:
    """The file in words; nothing that leads to the resident is in it. `sign`: of whoever looks."""
    callback, result, due = file.callback, file.result, file.next_due
    objection = file.objection
    reasons = callback.reasons if callback is not None and callback.flagged else ()
    waits = objection or callback
    return Page(
        number=file.case.number,
        short=file.case.short_number,
        round=file.case.round,
        content=redacted(file.case.content),
        place=file.area_zh,
        unit=file.unit_zh,
        tags=tags(reasons),
        said=answers(callback.answers if callback else None),
        words=redacted(callback.words) if callback and callback.words else "",
        objection=redacted(objection.words) if objection else "",
        mode=MODES.get(callback.mode or "", ("-", "-")) if callback else ("-", "-"),
        said_at=callback.settled_at.astimezone(zone) if callback and callback.settled_at else None,
        heard=_outcome(callback.verify_outcome) if callback and callback.verify_outcome else None,
        heard_answers=answers(callback.verified_answers if callback else None),
        result=redacted(result.result_summary) if result else "",
        reported_at=result.reported_at.astimezone(zone) if result else None,
        claims=bool(result and result.claimed_contact),
        contact_at=result.contact_at.astimezone(zone) if result and result.contact_at else None,
        proof=PROOFS.get(result.proof, (result.proof, result.proof)) if result else PROOFS["none"],
        resident_view=redacted(result.resident_view) if result and result.resident_view else "",
        our_calls=tuple(
            Call(
                f"{one.at.astimezone(zone):%m-%d %H:%M}",
                MODES.get(one.mode, (one.mode, one.mode)),
                _outcome(one.disposition),
            )
            for one in file.our_calls
        ),
        unit_calls=tuple(_unit_call(one, zone) for one in file.unit_calls),
        probability=_share(file),
        grounds_for=tuple((one.zh, one.en) for one in file.look.suspicion.reasons) if file.look else (),
        before=tuple(str(one) for one in file.before),
        sign_by=due.sign_by.astimezone(zone) if due else None,
        handle_by=due.handle_by.astimezone(zone) if due else None,
        next_round=file.case.round + 1,
        due=waits.decision_due_at.astimezone(zone) if waits and waits.decision_due_at else None,
        post=POSTS.get((waits.decision_post if waits else None) or "", ("-", "-")),
        call_until=file.call_until.astimezone(zone) if file.call_until else None,
        suggested=_suggested(reasons, objection is not None),
        called=callback is not None,
        draft=_draft(file, zone, sign),
        grounds=tuple((code, (one["zh"], one["en"])) for code, one in rejection_policy()["grounds"].items()),
    )


def answers(given: Mapping[str, Any] | None) -> tuple[tuple[Both, Both], ...]:
    """Question and answer, of those that the verdict rests on."""
    shown = []
    questionnaire = library("callback")
    for item_id in RATED:
        code = (given or {}).get(item_id, [None])[0]
        if code is None:
            continue
        item = questionnaire.by_id[item_id]
        label = next((one.label for one in questionnaire.options(item_id) if one.code == code), None)
        asked = (say(item.prompt, "zh", "operator"), say(item.prompt, "en", "operator"))
        said = (
            (say(label, "zh", "operator"), say(label, "en", "operator"))
            if label
            else (missing_label(code, "zh"), missing_label(code, "en"))
        )
        shown.append((asked, said))
    return tuple(shown)


def refusal(no: CaseRefusal) -> Both:
    """Why it was not done, in words for a page."""
    known = next((words for kind, words in REFUSED.items() if isinstance(no, kind)), None)
    return known or (str(no), str(no))


def _outcome(code: str | None) -> Both:
    row = dispositions().get(code or "")
    return (row.zh, row.en) if row else (code or "-", code or "-")


def _unit_call(call: Mapping[str, Any], zone: ZoneInfo) -> Call:
    at = call.get("begun_at") or call["asked_at"]
    seconds = call.get("seconds")
    talked = (f"通话 {seconds} 秒", f"{seconds} s") if seconds else ("没有通话", "not spoken")
    return Call(
        f"{datetime.fromisoformat(at).astimezone(zone):%m-%d %H:%M}",
        ("单位经中心转接", "the unit through the centre"),
        talked,
    )


def _share(file: FlagFile) -> str:
    if file.look is None or not (file.look.denied or file.look.suspicion.listed):
        return ""
    probability = file.look.suspicion.probability
    return ">99%" if probability > 0.99 else f"{probability:.0%}"


def _suggested(reasons: Sequence[str], objects: bool) -> str:
    """The reason that stands in the field before anybody writes: what the resident said."""
    if objects:
        return "本人提出异议"
    return "群众反映:" + "、".join(zh for zh, _ in tags(reasons)) if reasons else ""


def _draft(file: FlagFile, zone: ZoneInfo, sign: str) -> Draft | None:
    draft = file.draft
    if draft is None:
        return None
    ground = rejection_policy()["grounds"][draft.ground]
    return Draft(
        (ground["zh"], ground["en"]),
        draft.words,
        draft.proposed_by,
        draft.proposed_at.astimezone(zone),
        draft.proposed_by == sign,
    )
