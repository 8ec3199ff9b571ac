"""Making a report of any kind: what commands, the cron and the door that issues reports share. Reads only."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from followup.reports.bulletin_document import bulletin_document
from followup.reports.bulletin_facts import read_bulletin_facts
from followup.reports.callback_document import callback_document
from followup.reports.callback_report import read_callback_report
from followup.reports.callback_rows import centre_names
from followup.reports.centre_document import centre_document
from followup.reports.centre_facts import read_centre_facts
from followup.reports.document.model import Document, Kind
from followup.reports.monthly_document import monthly_document
from followup.reports.monthly_facts import read_monthly_facts
from followup.reports.morning_document import morning_document, read_morning_facts
from followup.reports.remarks import Remarks
from followup.reports.surveyor_document import read_surveyor_facts, surveyor_document
from followup.reports.unit_document import read_unit_facts, unit_document
from followup.reports.village_document import village_document
from followup.reports.village_facts import read_village_facts
from followup.reports.weekly_document import weekly_document
from followup.reports.weekly_facts import read_weekly_facts
from survey.periods import Period


async def build(
    conn: asyncpg.Connection,
    kind: Kind,
    centre_code: str,
    period: Period,
    cut_off: datetime,
    remarks: Remarks | None = None,
    issued_before: int | None = None,
) -> Document:
    """A draft. `issued_before`: of issued reports it goes on from, only those are seen that were there before the one of this id;
    None: all. Raises LookupError for an unknown centre, IndicatorError for definitions that do not fit the answers."""
    if kind == "weekly":
        return weekly_document(await read_weekly_facts(conn, centre_code, period, cut_off), remarks)
    if kind == "monthly":
        seen = await read_monthly_facts(conn, centre_code, period, cut_off, issued_before)
        return monthly_document(seen, remarks)
    if kind == "unit":
        return unit_document(await read_unit_facts(conn, centre_code, period, cut_off))
    if kind == "bulletin":
        read = await read_bulletin_facts(conn, centre_code, period, cut_off, issued_before)
        return bulletin_document(read, remarks)
    if kind == "morning":
        return morning_document(await read_morning_facts(conn, centre_code, period, cut_off))
    if kind == "village":
        return village_document(await read_village_facts(conn, centre_code, period, cut_off))
    if kind == "centre":
        return centre_document(await read_centre_facts(conn, centre_code, period, cut_off))
    if kind == "surveyor":
        entered = remarks.entered if remarks else None
        return surveyor_document(await read_surveyor_facts(conn, centre_code, period, cut_off, entered))
    return callback_document(await read_callback_report(conn, centre_code, period, cut_off))


async def cut_off_of(conn: asyncpg.Connection, centre_code: str, period: Period, now: datetime) -> datetime:
    """The end of the period at the centre, or now where that is earlier; so a report of the past is the same whenever it is made.

    Raises LookupError for an unknown centre.
    """
    zone = ZoneInfo((await centre_names(conn, centre_code)).tz)
    after = period.last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return min(end, now).replace(microsecond=0)
