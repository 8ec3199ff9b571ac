"""Reports that arrive by themselves: the callback report as it stands, every morning, and, frozen, every report that policy
`cadence` owes, also those of days on which no worker ran. On the first of a month the summary of the month before, as a draft:
its stars are somebody's to issue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from followup.clocks import office
from followup.issuing import AlreadyIssued, SomebodyIssued, issue, issued_for
from followup.reports.building import build, cut_off_of
from followup.reports.cadence import DRAFT_DUTY, FIRST_WORK, Owed, cadence, day_reached, owed
from followup.reports.document.model import Document
from followup.reports.monthly_facts import ending_in
from followup.reports.rendering.printed import Printed, printed
from followup.reports.report_policy import report_policy
from followup.store import counties
from survey import counting
from survey.ground import Ground
from survey.periods import Period
from survey.statistics.indicator_definitions import IndicatorError
from survey.store import campaigns
from workers.report_files import write_files

log = structlog.get_logger()
ITSELF = "晨报(自动签发)"
"""Who issues what nobody has to sign: a machine."""

SELECT_CENTRES = """
SELECT z.code, a.tz FROM survey.centre z JOIN survey.area a ON a.code = z.area_code ORDER BY z.code"""


async def write_morning_reports(ground: Ground, data_dir: Path) -> list[Path]:
    """Write every report that is still owed at this moment; the files written. May be asked often, and by several at once.

    They lie in `data_dir`/reports/DAY, the day on which they are written, by the centre's calendar: the callback report over
    the days of policy `reports` up to now, a draft; and what policy `cadence` owes, issued by the service itself. Each report
    is a transaction of its own that ends after its files, so whoever is interrupted goes on with the next one.
    """
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        centres = [(row["code"], row["tz"]) for row in await conn.fetch(SELECT_CENTRES)]
    written: list[Path] = []
    for code, tz in centres:
        local = now.astimezone(ZoneInfo(tz))
        day = day_reached(local, cadence().not_before)
        folder = data_dir / "reports" / local.date().isoformat()
        if day == local.date():
            written += await _write_draft(ground, code, day, now, folder)
        for one in await owed_by(ground, code, day):
            written += await _freeze(ground, code, one, now, folder)
    return written


async def owed_by(ground: Ground, centre_code: str, day: date) -> list[Owed]:
    """What a centre owes on a day, in the order of the policy, the oldest period first."""
    found: list[Owed] = []
    async with ground.pool.acquire() as conn:
        calendar = await office(conn, centre_code)
        in_a_city = bool(await counties.of_city(conn, centre_code))
        began = await campaigns.first_duty(conn, centre_code, FIRST_WORK)
        for rule in cadence().reports:
            if began is None or (rule.kind == "bulletin" and not in_a_city):
                continue
            done = await campaigns.days_of_duty(conn, centre_code, rule.duty)
            found += owed(rule, day, calendar.is_working_day, done, began)
    return found


async def _write_draft(
    ground: Ground, centre_code: str, day: date, now: datetime, folder: Path
) -> list[Path]:
    async with ground.pool.acquire() as conn, conn.transaction():
        if not await campaigns.claim_duty(conn, centre_code, DRAFT_DUTY, day, now):
            return []
        morning = report_policy().morning
        period = Period(day - timedelta(days=morning.days - 1), day)
        async with ground.pool.acquire() as reading:  # one unmoving view of the rows, not that of the claim
            await counting.refresh(reading)
            document = await build(reading, "callback", centre_code, period, now)
            summed_up = await _summed_up(reading, centre_code, day, now)
        files = write_files(printed(document), folder, f"callbacks-{centre_code}", morning.formats, ("zh",))
        if summed_up is not None:
            name = f"monthly-{centre_code}"
            files += write_files(printed(summed_up), folder, name, morning.formats, ("zh",))
        return files


async def _summed_up(conn: asyncpg.Connection, centre_code: str, day: date, now: datetime) -> Document | None:
    """The month that ended the evening before; None on other days."""
    if day.day != 1:
        return None
    month = ending_in(day - timedelta(days=1), 1)
    return await build(conn, "monthly", centre_code, month, await cut_off_of(conn, centre_code, month, now))


async def _freeze(ground: Ground, centre_code: str, one: Owed, now: datetime, folder: Path) -> list[Path]:
    """Issue a report and write its files. One that cannot be made is said in the log and owed again; the others go on."""
    try:
        async with ground.pool.acquire() as conn, conn.transaction():
            if not await campaigns.claim_duty(conn, centre_code, one.rule.duty, one.period.first, now):
                return []
            async with ground.pool.acquire() as reading:
                await counting.refresh(reading)
                made = await _issued(reading, centre_code, one, now)
            return write_files(made, folder, number_of(made), report_policy().morning.formats, ("zh",))
    except (LookupError, IndicatorError) as error:
        log.warning(
            "report not issued", centre=centre_code, report=one.rule.kind, first=one.period.first.isoformat(),
            why=str(error),
        )  # fmt: skip
        return []


async def _issued(conn: asyncpg.Connection, centre_code: str, one: Owed, now: datetime) -> Printed:
    """Issued now, unless somebody has issued it before: then theirs stands, with what they wrote."""
    try:
        return await issue(conn, one.rule.kind, centre_code, one.period, by=ITSELF, now=now)
    except (AlreadyIssued, SomebodyIssued):
        return (await issued_for(conn, centre_code, one.rule.kind, one.period))[-1]


def number_of(made: Printed) -> str:
    """Under which it was issued."""
    assert made.document.header.issue is not None  # drafts are not frozen
    return made.document.header.issue.number
