"""PURE. What stands on the pages of quality control: what waits, one interview without its surveyor, the error rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from survey.checking import Sheet
from survey.field.audit_policy import audit_policy
from survey.field.quality import WORDS, Checked, ErrorRate, error_rate
from survey.questionnaire import Questionnaire
from survey.questionnaire.wording import say
from survey.store.quality import Waiting
from survey.store.recording_reads import Recorded
from survey.web.terms import MODES, words

Both = tuple[str, str]
VERDICTS: Final[Mapping[str, Both]] = {
    "pass": ("合格", "as it should be"),
    "corrected": ("有错,可更正", "wrong, can be put right"),
    "void": ("废卷", "void"),
}
METHODS: Final[Mapping[str, Both]] = {
    "listen": ("听了录音", "by listening"),
    "recontact": ("回访核实", "by ringing again"),
    "records": ("看答案和用时", "by answers and times"),
}


@dataclass(frozen=True)
class Line:
    """One pick in the list."""

    ref: str
    mode: Both
    about: str
    place: Both
    ended: datetime
    by_lot: bool
    findings: tuple[Both, ...]
    state: Both


@dataclass(frozen=True)
class RateRow:
    """The error rate of a surveyor, of a mode, or of all. `above`: by more than chance above what may be wrong."""

    who: Both
    rate: ErrorRate
    above: bool


@dataclass(frozen=True)
class Answer:
    """A question, what was answered, when, and how many seconds after what came before. `changed`: it was answered before."""

    asked: Both
    said: Both
    at: datetime
    after_s: int
    changed: bool
    recording: Recorded | None


@dataclass(frozen=True)
class Verdict:
    """One verdict; `stands`: no later one supersedes it."""

    at: datetime
    by: str
    method: Both
    verdict: Both
    why: str
    stands: bool


def lines(found: Sequence[Waiting], zone: ZoneInfo) -> list[Line]:
    """The list, in the order given."""
    return [
        Line(
            one.ref,
            words(MODES, one.mode),
            one.campaign,
            (one.area_zh, one.area_en),
            one.ended_at.astimezone(zone),
            one.by_lot,
            findings(one.findings),
            _state(one),
        )
        for one in found
    ]


def _state(one: Waiting) -> Both:
    if one.recorded:
        return ("有录音", "recorded")
    if one.rung_at is not None:
        return ("已回访,等结论", "rung about, waits for a verdict")
    if one.rung:
        return ("等人回访", "somebody is to ring")
    return ("要先回访", "to be rung about first") if one.ring else ("看答案和用时", "answers and times")


def findings(codes: Sequence[str]) -> tuple[Both, ...]:
    """What the automatic checks found, in words."""
    return tuple(both for code, both in WORDS.items() if code in codes)


def rates(checked: Sequence[Checked]) -> list[RateRow]:
    """Everybody who held an interview together, then one by one, then the machine's by mode."""
    strata = sorted({one.stratum for one in checked}, key=lambda one: (one.startswith("mode:"), one))
    manned = [one for one in checked if not one.stratum.startswith("mode:")]
    rows = [_row(("全部调查员", "All surveyors"), manned)] if manned else []
    for stratum in strata:
        mode = stratum.removeprefix("mode:")
        who = words(MODES, mode) if mode != stratum else (stratum, stratum)
        rows.append(_row(who, [one for one in checked if one.stratum == stratum]))
    return rows


def _row(who: Both, checked: Sequence[Checked]) -> RateRow:
    rate = error_rate(checked)
    return RateRow(who, rate, rate.limits is not None and rate.limits.low > audit_policy().most_wrong)


def answers(sheet: Sheet, document: Questionnaire, zone: ZoneInfo) -> list[Answer]:
    """In the order in which they were given, each with its recording where there is one."""
    shown, before = [], sheet.file.opened_at
    recordings = {one.question_id: one for one in sheet.recordings}
    facts = {key: str(value) for key, value in sheet.file.facts.items()}
    for one in sheet.answers:
        item = document.by_id.get(one.question_id)
        prompt = (say(item.prompt, "zh", "operator"), say(item.prompt, "en", "operator")) if item else None
        said = (
            (one.words or "", one.words or "")
            if one.code is None
            else (
                document.label(one.question_id, one.code, "zh", facts=facts),
                document.label(one.question_id, one.code, "en", facts=facts),
            )
        )
        shown.append(
            Answer(
                prompt or (one.question_id, one.question_id),
                said,
                one.at.astimezone(zone),
                round((one.at - before).total_seconds()),
                one.revision > 1,
                recordings.get(one.question_id),
            )
        )
        before = one.at
    return shown


def verdicts(sheet: Sheet, zone: ZoneInfo) -> list[Verdict]:
    """The oldest first; all but the last are superseded."""
    last = len(sheet.said) - 1
    return [
        Verdict(
            one.at.astimezone(zone),
            one.by_whom,
            words(METHODS, one.method),
            words(VERDICTS, one.verdict),
            one.why,
            place == last,
        )
        for place, one in enumerate(sheet.said)
    ]
