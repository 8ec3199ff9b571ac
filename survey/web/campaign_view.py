"""PURE. What stands on the campaign pages: the list, how one stands, and what was found in what somebody wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from survey.access.roles import Permission
from survey.campaign_progress import FirstAnswers
from survey.campaign_reading import Told
from survey.campaigning import State, document_of
from survey.field.campaign_document import CampaignDocument
from survey.field.dispositions import disposition
from survey.field.emptiness import REMEDIES, WORDS, Reason
from survey.field.lifecycle import MOVES
from survey.questionnaire import Questionnaire
from survey.questionnaire.wording import say
from survey.sampling.quotas import DAY, TOTAL, WHOLE
from survey.statistics.outcome_rates import count_groups, fractions
from survey.statistics.suppression import suppression_policy
from survey.store.campaign_life import Planned
from survey.tariff import THOUSANDTHS, tariff
from survey.web.campaign_words import (
    EVENTS,
    KEYS,
    KINDS,
    ON_PAGES,
    STATUSES,
    STEPS,
    TONES,
    WHYS,
    WITH_REASON,
    permission_of,
)
from survey.web.terms import words

Both = tuple[str, str]
RATES: Final[Mapping[str, Both]] = {
    "RR1": ("应答率 RR1", "Response rate RR1"),
    "COOP1": ("合作率 COOP1", "Cooperation rate COOP1"),
    "CON1": ("接触率 CON1", "Contact rate CON1"),
    "REF1": ("拒访率 REF1", "Refusal rate REF1"),
}
NOT_YET: Final = "not_attempted"


@dataclass(frozen=True)
class Line:
    """A campaign in the list."""

    code: str
    name: str
    kind: Both
    status: Both
    tone: str
    days: str


@dataclass(frozen=True)
class Why:
    """Why nobody can be called, until when where that is known, and what to do."""

    why: Both
    until: datetime | None
    remedy: Both


@dataclass(frozen=True)
class Bar:
    """Something of which so much may be used or filled; `held`: by contacts under way."""

    name: Both
    done: str
    most: str
    share: float | None
    held: int = 0


@dataclass(frozen=True)
class Rate:
    """An AAPOR rate with both of its numbers."""

    name: Both
    of: int
    base: int


@dataclass(frozen=True)
class Answered:
    """One answer to the question that progress is shown by."""

    label: Both
    n: int
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Found:
    """A line of what was written, with what the check found in it."""

    number: int
    text: str
    faults: tuple[Told, ...]


@dataclass(frozen=True)
class Happened:
    """A line of a campaign's history."""

    at: datetime
    what: Both
    to: Both
    by: Both
    why: Both


@dataclass(frozen=True)
class Button:
    """A move that this person can make now."""

    event: str
    name: Both
    key: str
    reason: bool
    first: bool


def lines(rows: Sequence[Planned]) -> list[Line]:
    """The list, in the order given."""
    return [
        Line(
            r.code,
            r.name_zh,
            words(KINDS, r.kind),
            words(STATUSES, r.status),
            TONES.get(r.status, ""),
            days(r),
        )
        for r in rows
    ]


def days(row: Planned) -> str:
    zone = ZoneInfo(row.tz)
    first = f"{row.opens_at.astimezone(zone):%Y-%m-%d}"
    return first if row.closes_at is None else f"{first} – {row.closes_at.astimezone(zone):%m-%d}"


def modes(row: Planned) -> list[Both]:
    return [words(STEPS, one) for one in (row.document or {}).get("modes", row.modes)]


def why_nobody(reasons: Sequence[Reason], zone: ZoneInfo) -> list[Why]:
    return [
        Why(WORDS[one.why], one.at.astimezone(zone) if one.at else None, REMEDIES[one.why]) for one in reasons
    ]


def targets(state: State) -> list[Bar]:
    """The whole, today and each cell of a quota, with their seats; a wave has none and is told by its sample."""
    bars = []
    for cell in state.cells:
        name = (f"{cell.quota} · {cell.cell}",) * 2
        if (cell.quota, cell.cell) == (TOTAL, WHOLE):
            name = ("总目标", "Target")
        elif cell.quota == DAY:
            name = (f"当日 {cell.cell}", f"Day {cell.cell}")
        share = (cell.filled / cell.target) if cell.target else None
        bars.append(Bar(name, f"{cell.filled:,}", f"{cell.target:,}", share, cell.held))
    return bars


def used(state: State) -> list[Bar]:
    """The budget: what is booked, of what may be; "" where there is no limit."""
    row = state.budget
    if row is None:
        return []
    currency = tariff().currency
    return [
        _bar(("通话", "Calls"), row.calls, row.most_calls, 1, ""),
        _bar(("短信条数", "Segments"), row.segments, row.most_segments, 1, ""),
        _bar(("费用", "Money"), row.money, row.most_money, THOUSANDTHS, f" {currency}"),
    ]


def _bar(name: Both, done: int, most: int | None, unit: int, after: str) -> Bar:
    share = None if not most else min(done / most, 1.0)
    return Bar(name, _said(done, unit, after), "" if most is None else _said(most, unit, after), share)


def _said(n: int, unit: int, after: str) -> str:
    return f"{n / unit:,.2f}{after}" if unit > 1 else f"{n:,}"


def rates(codes: Mapping[str, int]) -> list[Rate]:
    """AAPOR rates over those released who were tried at all: while it runs, whoever was not tried yet is no non-response."""
    tried = {code: n for code, n in codes.items() if code != NOT_YET}
    counts = count_groups(list(tried), [float(n) for n in tried.values()])
    of = fractions(counts, None)
    return [Rate(name, round(of[code][0]), round(of[code][1] or 0)) for code, name in RATES.items()]


def codes(state: State) -> list[tuple[Both, str, int]]:
    """(words, AAPOR number, units), the most frequent first."""
    rows = sorted(state.codes.items(), key=lambda one: (-one[1], one[0]))
    return [((d.zh, d.en), d.aapor, n) for code, n in rows for d in [disposition(code)]]


def answered(found: FirstAnswers, instrument: Questionnaire) -> tuple[Both, list[Answered], Both | None]:
    """(the question, its answers, why they are kept back)."""
    prompt = instrument.by_id[found.question].prompt
    asked = (say(prompt, "zh", "operator"), say(prompt, "en", "operator"))
    rows = [
        Answered(
            (
                instrument.label(found.question, one.code, "zh"),
                instrument.label(found.question, one.code, "en"),
            ),
            one.n,
            one.share,
            one.interval.low if one.interval else None,
            one.interval.high if one.interval else None,
        )
        for one in found.shares
    ]
    said = suppression_policy().words[found.kept_back] if found.kept_back else None  # type: ignore[index]
    return asked, rows, (said.zh, said.en) if said else None


def history(state: State, zone: ZoneInfo) -> list[Happened]:
    """The latest first."""
    return [
        Happened(
            e.at.astimezone(zone),
            words(EVENTS, e.event),
            words(STATUSES, e.to_status),
            words(WHYS, e.by_whom),
            words(WHYS, e.why),
        )
        for e in reversed(state.events)
    ]


def buttons(state: State, may: frozenset[Permission]) -> list[Button]:
    """The moves that there are from here for somebody with these permissions, the way on first."""
    if state.campaign.document is None:
        return []
    found = [
        move.event
        for move in MOVES
        if move.event in ON_PAGES
        and state.campaign.status in move.leaves
        and permission_of(move.event) in may
    ]
    return [
        Button(one, words(EVENTS, one), KEYS[one], one in WITH_REASON, place == 0 and one not in WITH_REASON)
        for place, one in enumerate(found)
    ]


def found_lines(text: str, told: Sequence[Told]) -> list[Found]:
    """What was written, line by line; what has no line of its own stands with the first, the end with the last."""
    written = text.splitlines() or [""]
    by_line: dict[int, list[Told]] = {}
    for one in told:
        by_line.setdefault(min(one.place.line or 1, len(written)), []).append(one)
    return [Found(n, line, tuple(by_line.get(n, ()))) for n, line in enumerate(written, start=1)]


def as_yaml(row: Planned) -> str:
    """A campaign's document as somebody would write it: without what goes without saying."""
    return _dumped(document_of(row).model_dump(mode="json", exclude_defaults=True))


MODES: Final[Mapping[str, Both]] = {
    "text voice operator": ("短信,再语音,再人工", "text, then voice, then operators"),
    "pre_notice voice operator": ("预告短信,再语音,再人工", "a text before, then voice, then operators"),
    "voice operator": ("语音,再人工", "voice, then operators"),
    "operator": ("只用人工", "operators only"),
}
"""The usual orders; any other is written in the file."""


def composed(given: Mapping[str, str]) -> str:
    """The file that the small form stands for. What is no number and no day is left as it was typed: the check says so."""
    body: dict[str, Any] = {
        "code": given.get("code", ""),
        "name": {"zh": given.get("name_zh", ""), "en": given.get("name_en") or given.get("code", "")},
        "kind": given.get("kind", "poll"),
        "questionnaire": given.get("questionnaire", ""),
        "opens": _day(given.get("opens", "")),
        "closes": _day(given.get("closes", "")),
        "modes": given.get("modes", "").split(),
        "sample": {"size": _number(given.get("size", ""))},
    }
    if body["kind"] == "wave":
        body["calibration"] = ["township", "sex", "age"]
    targets = {name: _number(given[name]) for name in ("total", "daily") if given.get(name)}
    if targets:
        body["targets"] = targets
    if given.get("money"):
        body["budget"] = {"money": _number(given["money"])}
    for name in ("scoring", "notice"):
        if given.get(name):
            body[name] = given[name]
    return _dumped(body)


def _dumped(body: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(body), allow_unicode=True, sort_keys=False, width=100)
    return text


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def is_quota(row: Planned) -> bool:
    """Whether every figure of it must be called 配额样本."""
    return row.document is not None and CampaignDocument.model_validate(row.document).label_zh is not None
