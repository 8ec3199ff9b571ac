"""What the score of a centre is made of, read at one moment: counts of its own work, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from followup.assessment.centre_score import CentreScore, Measure, centre_policy, score
from followup.casework import states
from followup.casework.working_time import WorkingTime
from followup.centre_findings import INSPECTION
from followup.clocks import office
from followup.reports.cadence import FIRST_WORK
from followup.reports.callback_report import UNREACHED, CallbackReport, make_report
from followup.reports.callback_rows import CentreNames, callback_lines, centre_names
from followup.store import centre_findings, centre_work
from followup.store.centre_findings import FoundRow
from followup.store.centre_work import CaseWork, Step, SurveyWork
from survey.periods import Period, preceding, quarters
from survey.store import campaigns

DAYS_OF_A_QUARTER = 91


@dataclass(frozen=True)
class CentreWork:
    """One centre in one period. `findings`: what stands of what was found, the inspection left out."""

    centre: CentreNames
    period: Period
    measures: Mapping[str, Measure]
    findings: Sequence[FoundRow]
    callbacks: CallbackReport

    @property
    def score(self) -> CentreScore:
        """What it comes to."""
        return score(self.measures, [one.kind for one in self.findings])


@dataclass(frozen=True)
class CentreFacts:
    """`before`: the period before. `quarters`: of a year; `inspection`: of it, None: there was none."""

    cut_off: datetime
    now: CentreWork
    before: CentreWork
    quarters: Sequence[CentreWork]
    inspection: FoundRow | None


async def read_centre_facts(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> CentreFacts:
    """Raises LookupError for an unknown centre."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        found = await centre_findings.standing(conn, centre_code, period, cut_off)
        inspections = [one for one in found if one.kind == INSPECTION]
        return CentreFacts(
            cut_off,
            await read_work(conn, centre_code, period, cut_off),
            await read_work(conn, centre_code, preceding(period), cut_off),
            [await read_work(conn, centre_code, days, cut_off) for days in quarters(period)],
            inspections[-1] if inspections else None,
        )


async def read_work(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> CentreWork:
    """A centre's work of a period, as it stood at the end of that period or at the cut-off, whichever was first.
    Inside a transaction that sees one state. Raises LookupError for an unknown centre."""
    centre = await centre_names(conn, centre_code)
    after = period.last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(centre.tz))
    moment = min(end, cut_off)
    calendar = await office(conn, centre_code)
    asked = (conn, centre_code, period, moment)
    lines = await callback_lines(*asked)
    report = make_report(centre, period, moment, lines)
    measures = {
        **_survey(
            await centre_work.survey_work(*asked, centre_policy().parts_of_day), period, moment, centre.tz
        ),
        **_steps(await centre_work.steps(*asked), calendar, moment),
        **_cases(await centre_work.case_work(*asked)),
        **_callbacks(report),
        "analysis.weekly": await _weeks(conn, centre_code, period, moment, centre.tz),
        "integrity.sealed": Measure(*reversed(await centre_work.sealed(*asked))),
        "integrity.logins": Measure(0, 0),
    }
    findings = [
        one
        for one in await centre_findings.standing(conn, centre_code, period, cut_off)
        if one.kind != INSPECTION
    ]
    return CentreWork(centre, period, measures, findings, report)


def _survey(work: SurveyWork, period: Period, moment: datetime, tz: str) -> dict[str, Measure]:
    """Without a call there was no survey that could have reached anything; then only the target is held against the
    centre if it had a sample."""
    target = target_of(period, moment, tz) if work.numbers else 0
    return {
        "daily_survey.target": Measure(min(work.completes, target), target),
        "daily_survey.contact": Measure(work.spoken, work.numbers),
        "daily_survey.spread": Measure(work.spread, work.days),
        "sample_quality.sound": Measure(work.sound, work.heard),
        "sample_quality.heard": Measure(min(work.heard, work.completes), work.completes),
        "sample_quality.final": Measure(work.final, work.released),
    }


def target_of(period: Period, moment: datetime, tz: str) -> int:
    """Interviews that the days of a period ask for, of those that are over at this moment."""
    last = min(period.last, (moment.astimezone(ZoneInfo(tz)) - timedelta(seconds=1)).date())
    days = (last - period.first).days + 1
    return round(centre_policy().completes_a_quarter * days / DAYS_OF_A_QUARTER)


def _steps(found: Sequence[Step], calendar: WorkingTime, moment: datetime) -> dict[str, Measure]:
    """Steps whose limit has passed, or that were taken: how many of them within it."""
    names = {
        "registered": "intake.accepted",
        "accepted": "dispatch.submitted",
        "submitted": "dispatch.dispatched",
    }
    part, whole = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for step in found:
        due = states.due(step.state, step.since, calendar)
        if due is None or (step.until is None and due >= moment):
            continue
        whole[step.state] += 1
        part[step.state] += step.until is not None and step.until <= due
    return {name: Measure(part[state], whole[state]) for state, name in names.items()}


def _cases(work: CaseWork) -> dict[str, Measure]:
    return {
        "intake.classified": Measure(work.kept, work.accepted),
        "dispatch.right_unit": Measure(work.dispatched - work.returned, work.dispatched),
        "callback.asked": Measure(work.asked, work.callbacks),
        "information.acknowledged": Measure(work.acknowledged, work.majors),
        "analysis.meeting": Measure(work.decided, work.met),
    }


def _callbacks(report: CallbackReport) -> dict[str, Measure]:
    fewest = centre_policy().fewest_tries
    unreached = [line for line in report.callbacks if line.status == "settled" and line.verdict in UNREACHED]
    solved = report.total.codes["C2"]
    return {
        "callback.coverage": Measure(report.funnel.reached, report.funnel.due - report.funnel.waiting),
        "callback.tries": Measure(sum(line.attempts >= fewest for line in unreached), len(unreached)),
        "solving.solved": Measure(solved.get("1", 0), report.total.asked("C2")),
    }


async def _weeks(
    conn: asyncpg.Connection, centre_code: str, period: Period, moment: datetime, tz: str
) -> Measure:
    """Weeks whose Monday after lies in the period, since the centre began."""
    began = await campaigns.first_duty(conn, centre_code, FIRST_WORK)
    issued = await centre_work.weeks_issued(conn, centre_code, moment)
    today = moment.astimezone(ZoneInfo(tz)).date()
    monday = period.first + timedelta(days=-period.first.weekday() % 7)
    whole = part = 0
    while monday <= period.last and monday < today:
        sunday = monday - timedelta(days=1)
        if began is not None and began <= sunday:
            whole += 1
            part += sunday in issued and issued[sunday] <= monday
        monday += timedelta(days=7)
    return Measure(part, whole)
