"""Our cases as requests of the standard. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from followup.casework.lifecycle import is_open
from followup.open311.services import name_of
from followup.store.published import PublishedCase


def request_of(case: PublishedCase, status_name: str) -> dict[str, Any]:
    """A case as anybody may read it. The resident's words are never published, nor coordinates, which are not kept."""
    state = "open" if is_open(case.status) else "closed"
    notes = status_name if state == "open" or not case.result else f"{status_name}:{case.result}"
    if state == "closed" and case.result and case.own:
        notes = case.result  # whoever posted it tells their own resident what was done
    places = (case.village, case.township, case.county)
    return {
        "service_request_id": case.number,
        "status": state,
        "status_notes": notes,
        "service_name": name_of(case.category),
        "service_code": case.category,
        "description": None,
        "agency_responsible": case.agency,
        "service_notice": None,
        "requested_datetime": _moment(case.requested_at),
        "updated_datetime": _moment(case.updated_at),
        "expected_datetime": _moment(case.expected_at) if case.expected_at and state == "open" else None,
        "address": ",".join(place for place in places if place) or None,
        "address_id": case.area_code,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
