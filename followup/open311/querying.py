"""What a client asks to list: read out of the query, by the rules of the standard. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from followup.api.fields import CASE_NAME
from followup.api.policy import api_policy
from followup.open311.errors import Open311Error

STATUSES: Final = {"open": True, "closed": False}
NAMES: Final = frozenset(
    {
        "jurisdiction_id",
        "api_key",
        "service_request_id",
        "service_code",
        "start_date",
        "end_date",
        "status",
        "page",
        "page_size",
    }
)
MOST_IDS: Final = 1000


@dataclass(frozen=True)
class RequestQuery:
    """`numbers` overrides all others. `is_open` of None: both."""

    numbers: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None
    start: datetime | None = None
    end: datetime | None = None
    is_open: bool | None = None
    page: int = 1
    page_size: int = 1000


def read_query(values: Mapping[str, str], now: datetime) -> RequestQuery:
    """Raises Open311Error (400). Without dates: the last 90 days; never more than 90 days or 1,000 requests."""
    ids = _listed(values.get("service_request_id", ""))
    most = api_policy().open311_rows
    page = _whole(values, "page", 1, 10_000)
    size = _whole(values, "page_size", most, most)
    if ids:
        if len(ids) > MOST_IDS:
            raise Open311Error(400, f"service_request_id: at most {MOST_IDS} at once.")
        return RequestQuery(
            numbers=tuple(one for one in ids if re.fullmatch(CASE_NAME, one)), page=page, page_size=size
        )
    start, end = _span(values, now)
    codes = _listed(values.get("service_code", ""))
    return RequestQuery(
        codes=tuple(codes) or None, start=start, end=end, is_open=_status(values), page=page, page_size=size
    )


def _span(values: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    longest = timedelta(days=api_policy().open311_days)
    start, end = _moment(values, "start_date"), _moment(values, "end_date")
    if start is None:
        end = end or now
        return end - longest, end
    end = end or min(start + longest, max(now, start))
    if end < start:
        raise Open311Error(400, "start_date is later than end_date. Exchange the two.")
    if end - start > longest:
        raise Open311Error(400, f"start_date and end_date span more than {longest.days} days. Ask in parts.")
    return start, end


def _moment(values: Mapping[str, str], name: str) -> datetime | None:
    text = values.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not 1990 <= moment.year <= 2200:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Open311Error(400, f"{name} is no date of the form 2026-03-09T00:00:00Z.") from None


def _status(values: Mapping[str, str]) -> bool | None:
    named = set(_listed(values.get("status", "")))
    if wrong := named - set(STATUSES):
        raise Open311Error(400, f"status: {len(wrong)} of the values are neither open nor closed.")
    return STATUSES[named.pop()] if len(named) == 1 else None


def _whole(values: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    text = values.get(name, "")
    if not text:
        return otherwise
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text) or int(text) > most:
        raise Open311Error(400, f"{name} is a whole number from 1 to {most}.")
    return int(text)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
