"""The morning report (晨报): how the callbacks of every centre stand, as files, once a day."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from followup.reports.callback_report import CallbackReport, read_callback_report
from followup.reports.documents import to_csv, to_html, to_json
from survey.ground import Ground
from survey.store import campaigns

DUTY = "callback_report"
FORMATS: Mapping[str, Callable[[CallbackReport], str]] = {"csv": to_csv, "html": to_html, "json": to_json}

SELECT_CENTRES = """
SELECT z.code, a.tz FROM survey.centre z JOIN survey.area a ON a.code = z.area_code ORDER BY z.code"""


async def write_morning_reports(ground: Ground, data_dir: Path) -> list[Path]:
    """Write every centre's callback report that today still owes; the files written.

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
            report = await read_callback_report(reading, centre_code, now)
        return _write(report, folder)


def _write(report: CallbackReport, folder: Path) -> list[Path]:
    """Each file whole or not at all; the residents' own words are for the centre's eyes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for ending, render in FORMATS.items():
        path = folder / f"callbacks-{report.centre.code}.{ending}"
        draft = path.with_suffix(f".{ending}.draft")
        draft.write_text(render(report), encoding="utf-8", newline="")
        draft.replace(path)
        written.append(path)
    return written
