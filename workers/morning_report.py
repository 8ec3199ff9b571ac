"""The morning report (晨报): how the callbacks of every centre stand, as files, once a day."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from followup.reports.building import build
from followup.reports.rendering.printed import printed
from followup.reports.report_policy import report_policy
from survey.ground import Ground
from survey.periods import Period
from survey.store import campaigns
from workers.report_files import write_files

DUTY = "callback_report"

SELECT_CENTRES = """
SELECT z.code, a.tz FROM survey.centre z JOIN survey.area a ON a.code = z.area_code ORDER BY z.code"""


async def write_morning_reports(ground: Ground, data_dir: Path) -> list[Path]:
    """Write every centre's callback report that today still owes, over the days of policy `reports` up to now; the files written.

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
        return write_files(printed(document), folder, f"callbacks-{centre_code}", morning.formats, ("zh",))
