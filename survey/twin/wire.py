"""Calls, texts and their lists as Twilio's REST answers show them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from .errors import ApiError
from .ledger import Call, Text
from .recordings import Recording
from .segments import segments

VERSION = "2010-04-01"
DEFAULT_PAGE, LONGEST_PAGE = 50, 1000
T = TypeVar("T")


def account_path(account: str) -> str:
    return f"/{VERSION}/Accounts/{account}"


def answer(body: dict[str, Any], status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/json")


def rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment.astimezone(UTC)) if moment is not None else None


def call_json(account: str, call: Call) -> dict[str, Any]:
    uri = f"{account_path(account)}/Calls/{call.sid}"
    started = call.answered_at or (call.ended_at and call.created_at)
    return {
        "sid": call.sid,
        "account_sid": account,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "status": call.status,
        "direction": "inbound" if call.kind == "inbound" else "outbound-api",
        "api_version": VERSION,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at or call.created_at),
        "start_time": rfc2822(started),
        "end_time": rfc2822(call.ended_at),
        "duration": str(call.seconds) if call.ended_at else None,
        "price": None,
        "price_unit": "USD",
        "queue_time": str(call.queued_ms),
        "answered_by": call.detected,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"events": f"{uri}/Events.json", "recordings": f"{uri}/Recordings.json"},
    }


def text_json(account: str, text: Text) -> dict[str, Any]:
    uri = f"{account_path(account)}/Messages/{text.sid}"
    directions = {"in": "inbound", "out": "outbound-reply" if text.reply else "outbound-api"}
    return {
        "sid": text.sid,
        "account_sid": account,
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "status": text.status,
        "direction": directions[text.direction],
        "api_version": VERSION,
        "num_segments": str(segments(text.body)),
        "num_media": "0",
        "date_created": rfc2822(text.at),
        "date_sent": rfc2822(text.sent_at),
        "date_updated": rfc2822(text.updated_at or text.at),
        "error_code": text.error_code,
        "error_message": None if text.error_code is None else f"error {text.error_code}",
        "messaging_service_sid": text.service_sid,
        "price": None,
        "price_unit": "USD",
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def recording_json(account: str, recording: Recording, origin: str) -> dict[str, Any]:
    """As the account's own list shows it; `origin` is where the file is fetched."""
    path = f"{account_path(account)}/Recordings/{recording.sid}"
    return _any_recording(account, recording) | {
        "media_url": f"{origin}{path}",
        "subresource_uris": {
            "add_on_results": f"{path}/AddOnResults.json",
            "transcriptions": f"{path}/Transcriptions.json",
        },
        "uri": f"{path}.json",
    }


def call_recording_json(account: str, recording: Recording) -> dict[str, Any]:
    """As the list of a call shows it."""
    uri = f"{account_path(account)}/Calls/{recording.call_sid}/Recordings/{recording.sid}.json"
    return _any_recording(account, recording) | {"track": "inbound", "uri": uri}


def _any_recording(account: str, recording: Recording) -> dict[str, Any]:
    ready = recording.ready_at is not None
    return {
        "sid": recording.sid,
        "account_sid": account,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "api_version": VERSION,
        "status": "deleted" if recording.deleted else "completed" if ready else "processing",
        "duration": str(recording.seconds) if ready else None,
        "start_time": rfc2822(recording.started_at),
        "date_created": rfc2822(recording.started_at),
        "date_updated": rfc2822(recording.ready_at or recording.at),
        "channels": 1,
        "source": "RecordVerb",
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
    }


# -- lists ------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A moment filter of a list: `after` and `before` inclusive, or a whole UTC day."""

    after: datetime | None = None
    before: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        if self.after is not None and moment < self.after:
            return False
        return self.before is None or moment <= self.before


def span(query: dict[str, str], name: str) -> Span:
    """The filter made of `Name`, `Name<` and `Name>`. Raises ApiError 20001 for what is no date."""
    if name in query:
        day = moment(query[name], name)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return Span(start, start + timedelta(days=1) - timedelta(microseconds=1))
    after, before = query.get(f"{name}>"), query.get(f"{name}<")
    return Span(moment(after, name) if after else None, moment(before, name) if before else None)


def moment(text: str, name: str) -> datetime:
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(400, 20001, f"{name} {text!r} is not a date or a moment in UTC") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def page(
    rows: Sequence[T],
    query: dict[str, str],
    path: str,
    key: str,
    sid: Callable[[T], str],
    show: Callable[[T], Any],
) -> web.Response:
    """One page of `rows` (newest first), with the address of the next; its token is the last sid shown,
    so that rows
    which arrive meanwhile shift nothing."""
    size = min(max(_whole(query, "PageSize", DEFAULT_PAGE), 1), LONGEST_PAGE)
    number = _whole(query, "Page", 0)
    start = number * size
    if token := query.get("PageToken"):
        last = token.removeprefix("PA")
        start = next((i + 1 for i, row in enumerate(rows) if sid(row) == last), len(rows))
    shown = rows[start : start + size]

    def address(at: int, token: str | None) -> str:
        own = {name: value for name, value in query.items() if name not in ("Page", "PageSize", "PageToken")}
        own |= {"PageSize": str(size), "Page": str(at)}
        if token:
            own["PageToken"] = token
        return f"{path}?{urlencode(own)}"

    more = start + size < len(rows)
    return answer(
        {
            key: [show(row) for row in shown],
            "page": number,
            "page_size": size,
            "start": start,
            "end": max(start + len(shown) - 1, start),
            "uri": address(number, query.get("PageToken")),
            "first_page_uri": address(0, None),
            "next_page_uri": address(number + 1, "PA" + sid(shown[-1])) if more else None,
            "previous_page_uri": address(number - 1, None) if number else None,
        }
    )


def _whole(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isdigit():
        raise ApiError(400, 20001, f"{name} {text!r} is not a whole number")
    return int(text)
