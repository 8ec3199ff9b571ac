"""A callback report as a file: CSV for a spreadsheet, HTML for reading and printing, JSON for machines."""

import csv
import io
import json
from dataclasses import asdict
from typing import Any, Final
from zoneinfo import ZoneInfo

from followup.reports import terms
from followup.reports.callback_report import CallbackReport, Tally
from followup.reports.callback_rows import CallbackLine
from followup.reports.ratings import FEWEST_RATINGS, half_weight_interval, suppressed
from survey.masking import without_numbers
from survey.web.shell import both, percent, templates_of

COLUMNS: Final = (
    ("unit", "承办单位 unit"),
    ("due", "应访 due"),
    ("reached", "已访 reached"),
    ("contacted_pct", "联系率% contacted"),
    ("solved_pct", "解决率% solved"),
    ("satisfied", "满意 S"),
    ("fairly", "基本满意 B"),
    ("dissatisfied", "不满意 D"),
    ("strict_pct", "严口径% strict"),
    ("half_weight_pct", "半权% half weight"),
    ("low_pct", "下限% low"),
    ("high_pct", "上限% high"),
    ("broad_pct", "宽口径% broad"),
    ("redispatch_pct", "再次转办% re-dispatched"),
    ("denied_contact", "否认联系 denied contact"),
    ("later_rounds_open", "二轮以上在办 round ≥ 2 open"),
)
SUPPRESSED: Final = f"n<{FEWEST_RATINGS}"


def unit_cells(name: str, tally: Tally) -> dict[str, str]:
    """One line of the unit table as printed: with fewer than ten ratings no rate and no single answer is
    shown.
    """
    ratings = tally.ratings
    low, high = half_weight_interval(ratings) or (None, None)
    hidden = suppressed(ratings)
    rates = {
        "contacted_pct": percent(tally.contacted),
        "solved_pct": percent(tally.solved),
        "satisfied": str(ratings.satisfied),
        "fairly": str(ratings.basically),
        "dissatisfied": str(ratings.dissatisfied),
        "strict_pct": percent(ratings.strict),
        "half_weight_pct": percent(ratings.half_weight),
        "low_pct": percent(low),
        "high_pct": percent(high),
        "broad_pct": percent(ratings.broad),
        "redispatch_pct": percent(tally.redispatch_rate),
    }
    return {
        "unit": name,
        "due": str(tally.due),
        "reached": str(tally.reached),
        **(dict.fromkeys(rates, SUPPRESSED) if hidden else rates),
        "denied_contact": SUPPRESSED if hidden else str(tally.denied_contact),
        "later_rounds_open": str(tally.later_rounds_open),
    }


def table(report: CallbackReport) -> list[dict[str, str]]:
    """All lines of the unit table, the total first."""
    lines = [unit_cells("合计 total", report.total)]
    return lines + [unit_cells(unit.unit_zh or unit.unit_code, unit.tally) for unit in report.units]


def shown_distributions(report: CallbackReport) -> dict[str, dict[str, int]]:
    """Answers by code, of the questions that at least ten people answered."""
    return {
        question: dict(sorted(codes.items()))
        for question, codes in report.distributions.items()
        if sum(codes.values()) >= FEWEST_RATINGS
    }


def to_csv(report: CallbackReport) -> str:
    """The unit table, with a byte order mark so that a spreadsheet opens the Chinese as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading for _, heading in COLUMNS)
    writer.writerows([_inert(line[key]) for key, _ in COLUMNS] for line in table(report))
    return "\ufeff" + out.getvalue()


def _inert(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is made text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def to_json(report: CallbackReport) -> str:
    """Counts and printed cells; the same suppression as on paper."""
    funnel: dict[str, Any] = asdict(report.funnel)
    body = {
        "report": "callback",
        "centre": report.centre.code,
        "cut_off": report.cut_off.isoformat(),
        "funnel": funnel,
        "median_hours_result_to_callback": report.median_hours,
        "channels": {mode: unit_cells(mode, tally) for mode, tally in report.channels.items()},
        "distributions": shown_distributions(report),
        "flagged_reasons": report.reasons,
        "rounds": [asdict(line) for line in report.rounds],
        "verification_calls": [asdict(line) for line in report.conversions],
        "units": table(report),
        "flagged": [_flagged_json(line) for line in report.flagged],
        "fewest_ratings": FEWEST_RATINGS,
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _flagged_json(line: CallbackLine) -> dict[str, object]:
    return {
        "case": line.number,
        "round": line.round,
        "unit": line.unit_zh,
        "mode": line.mode,
        "reasons": list(line.reasons),
        "words": without_numbers(line.words or ""),
        "decision": line.decision,
        "decision_reason": line.decision_reason,
        "decision_due_at": line.decision_due_at.isoformat() if line.decision_due_at else None,
        "decision_post": line.decision_post,
    }


def to_html(report: CallbackReport) -> str:
    """One self-contained page, Chinese first with English beside, made to be printed."""
    return (
        templates_of("followup.reports")
        .get_template("callback_report.html")
        .render(
            report=report,
            local_cut_off=f"{report.cut_off.astimezone(ZoneInfo(report.centre.tz)):%Y-%m-%d %H:%M}",
            cells=table(report),
            distributions=shown_distributions(report),
            channel_cells=[
                (both(*terms.words(terms.CHANNELS, mode)), unit_cells(mode, tally))
                for mode, tally in report.channels.items()
            ],
            terms=terms,
            both=both,
            fewest=FEWEST_RATINGS,
            suppressed=SUPPRESSED,
        )
    )
