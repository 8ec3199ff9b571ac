"""Every morning: the callback report as it stands, and, frozen, that of the day before with the one-page sheet (晨报)."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from followup.issuing import AlreadyIssued, SomebodyIssued, issue, issued_for
from followup.reports.building import build
from followup.reports.document.model import Kind
from followup.reports.rendering.printed import Printed, printed
from followup.reports.report_policy import report_policy
from survey.ground import Ground
from survey.periods import Period
from survey.store import campaigns
from workers.report_files import write_files

DUTY = "callback_report"
FROZEN: tuple[Kind, ...] = ("callback", "morning")
ITSELF = "晨报(自动签发)"
"""Who issues what nobody has to sign: a machine."""

SELECT_CENTRES = """
SELECT z.code, a.tz FROM survey.centre z JOIN survey.area a ON a.code = z.area_code ORDER BY z.code"""


async def write_morning_reports(ground: Ground, data_dir: Path) -> list[Path]:
    """Write every centre's reports that today still owes; the files written: the callback report over the days of policy
    `reports` up to now, a draft, and, issued by the service itself, the callback report and the morning sheet of the day before.

    They lie in `data_dir`/reports/DAY, the day being the centre's own. A report that could not be written is
    owed again: it is marked as done in the transaction that ends after its files.
    """
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        centres = [(row["code"], row["tz"]) for row in await conn.fetch(SELECT_CENTRES)]
    written: list[Path] = []
    for code, tz in centres:
        day = now.astimezone(ZoneInfo(tz)).date()
        written += await _write_once(ground, code, day, now, data_dir / "reports" / day.isoformat())
    return written


async def _write_once(ground: Ground, centre_code: str, day: date, now: datetime, folder: Path) -> list[Path]:
    async with ground.pool.acquire() as conn, conn.transaction():
        if not await campaigns.claim_duty(conn, centre_code, DUTY, day, now):
            return []
        async with (
            ground.pool.acquire() as reading
        ):  # in a transaction of its own: one unmoving view of the rows
            morning = report_policy().morning
            period = Period(day - timedelta(days=morning.days - 1), day)
            document = await build(reading, "callback", centre_code, period, now)
            frozen = [await _frozen(reading, kind, centre_code, day, now) for kind in FROZEN]
        files = write_files(printed(document), folder, f"callbacks-{centre_code}", morning.formats, ("zh",))
        for made in frozen:
            files += write_files(made, folder, number_of(made), morning.formats, ("zh",))
        return files


async def _frozen(
    conn: asyncpg.Connection, kind: Kind, centre_code: str, day: date, now: datetime
) -> Printed:
    """Of the day before, issued now, unless it was before."""
    yesterday = Period(day - timedelta(days=1), day - timedelta(days=1))
    try:
        return await issue(conn, kind, centre_code, yesterday, by=ITSELF, now=now)
    except (AlreadyIssued, SomebodyIssued):
        return (await issued_for(conn, centre_code, kind, yesterday))[-1]


def number_of(made: Printed) -> str:
    """Under which it was issued."""
    assert made.document.header.issue is not None  # drafts are not frozen
    return made.document.header.issue.number
