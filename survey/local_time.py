"""Moments of a local day."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def start_of_day(day: date, tz: str) -> datetime:
    """Midnight of a local day; `tz` is the IANA name of the area's zone."""
    return datetime.combine(day, time(0), ZoneInfo(tz))
