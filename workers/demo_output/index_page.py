"""index.html: the day told on one self-contained page, in both languages, without script and without a
number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from followup.reading import Identity
from followup.reports import terms as case_terms
from followup.reports.callback_report import CallbackReport
from survey.field.dispositions import disposition, dispositions
from survey.reporting import DispositionTable
from survey.statistics.proportions import Estimate
from survey.web import terms as field_terms
from survey.web.shell import both, templates_of
from workers.demo_output.hours import HourStrip
from workers.demo_output.stories import Story
from workers.demo_output.summary import Summary
from workers.demo_output.terms import GROUP_TONES, GROUPS, IDENTITIES
from workers.demo_output.timelines import CaseStory

WEEKDAYS = "一二三四五六日"
OPEN_CASES = 4  # timelines that stand open when the page is first seen


@dataclass(frozen=True)
class Scale:
    """A stretch of the percent axis, so that an interval near 100 % can be seen."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Percent of the width, 0 to 100."""
        return 100 * min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class RateLine:
    """One rate with its interval, as a line of the picture."""

    name: Markup
    rate: Estimate


@dataclass(frozen=True)
class IdentityLine:
    """A sum with its numbers, in both languages."""

    zh: str
    en: str
    holds: bool


def index_page(
    summary: Summary,
    report: CallbackReport,
    stories: Sequence[Story],
    cases: Sequence[CaseStory],
    strip: HourStrip,
) -> str:
    """The whole page."""
    rates = _rate_lines(summary)
    zone = ZoneInfo(report.centre.tz)
    return (
        templates_of("workers.demo_output")
        .get_template("index.html")
        .render(
            summary=summary,
            facts=summary.facts,
            field=summary.field,
            circle=summary.circle,
            report=report,
            stories=stories,
            cases=cases,
            strip=strip,
            rates=rates,
            scale=_scale(rates, summary.facts.planted_safe),
            tables=_tables(summary),
            identities=[identity_line(identity) for identity in summary.identities],
            weekday_zh=f"星期{WEEKDAYS[summary.facts.day.weekday()]}",
            open_cases=OPEN_CASES,
            local=lambda at: _local(at, zone),
            local_time=lambda at, tz: f"{at.astimezone(ZoneInfo(tz)):%H:%M}",
            field_term=lambda table, code: field_terms.term(getattr(field_terms, table), code),
            case_term=lambda table, code: both(*case_terms.words(table, code)),
            case_terms=case_terms,
            group_term=lambda code: both(*GROUPS[code]),
            tones=GROUP_TONES,
            effect_tones=field_terms.EFFECT_TONES,
            keys=_keys,
        )
    )


def identity_line(identity: Identity) -> IdentityLine:
    """The sum in words and numbers; parts that are 0 are left out of long sums."""
    parts = [part for part in identity.parts if part[1] or len(identity.parts) <= 4] or list(identity.parts)
    sign = "=" if identity.holds else "≠"
    zh = " + ".join(f"{_zh(name)} {n:,}" for name, n in parts)
    en = " + ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in parts)
    return IdentityLine(
        f"{_zh(identity.name)} {identity.whole:,} {sign} {zh}",
        f"{identity.name} {identity.whole:,} {sign} {en}",
        identity.holds,
    )


def _zh(name: str) -> str:
    if name in IDENTITIES:
        return IDENTITIES[name]
    if name in case_terms.VERDICTS:
        return case_terms.VERDICTS[name][0]
    return disposition(name).zh if name in dispositions() else name


def _rate_lines(summary: Summary) -> list[RateLine]:
    safety = summary.field.safety
    lines = [RateLine(both("各方式合计", "All modes"), safety.together)]
    lines += [RateLine(field_terms.term(field_terms.MODES, m), rate) for m, rate in safety.by_mode.items()]
    return [line for line in lines if line.rate.estimate is not None]  # none of so few that it points to them


def _scale(rates: Sequence[RateLine], planted: float | None) -> Scale:
    """From the ten below the lowest end shown up to 100 %."""
    ends = [line.rate.low for line in rates if line.rate.low is not None]
    ends += [] if planted is None else [planted]
    lowest = min(ends, default=0.0)
    return Scale(max(0.0, int(lowest * 10 - 0.2) / 10), 1.0)


def _tables(summary: Summary) -> list[tuple[Markup, DispositionTable]]:
    field = summary.field
    return [
        (both("平安调查", "Safety survey"), field.survey),
        (both("事项回访", "Case callbacks"), field.callbacks),
    ]


def _keys(words: str) -> list[str]:
    """The keys of a telephone, if that is all that was said."""
    return list(words) if words and all(char in "0123456789*#" for char in words) else []


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"
