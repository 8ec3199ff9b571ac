"""A request that is posted: read out of a form, and registered as an appeal. Numbers and names are never said back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from followup.api.fields import BLOCK, LINE
from followup.open311.errors import Open311Error
from followup.open311.policy import open311_policy
from followup.open311.services import name_of

ATTRIBUTE: Final = re.compile(r"attribute\[([A-Za-z0-9_]{1,40})\](?:\[\])?")
LONGEST: Final[Mapping[str, int]] = {"description": 2000, "address_string": 200}
LONGEST_FIELD: Final = 200
IGNORED: Final = ("email", "device_id", "account_id", "media_url", "zipcode", "lat", "long")
"""Fields of the standard that are not kept here: nobody is answered by mail, and coordinates of residents are never stored."""


@dataclass(frozen=True)
class Posted:
    """A request as it was posted, checked as far as that goes without the database."""

    service_code: str
    description: str
    address_string: str | None
    address_id: str | None
    name: str | None
    phone: str | None
    anonymity: str
    no_texts: bool
    occurred_at: datetime | None


def read_form(pairs: Sequence[tuple[str, str]]) -> Posted:
    """Raises Open311Error (400), which names the field, what is wrong with it and what to do."""
    values, attributes = _apart(pairs)
    code = values.get("service_code", "").strip()
    if not code:
        raise Open311Error(400, "service_code was not provided. GET services lists them.")
    if name_of(code) is None:
        raise Open311Error(404, "service_code was not found. GET services lists them.")
    _check_attributes(attributes)
    anonymity = attributes.get("anonymity", "named")
    posted = Posted(
        service_code=code,
        description=_text(values, "description"),
        address_string=_text(values, "address_string") or None,
        address_id=_text(values, "address_id") or None,
        name=" ".join(filter(None, (_text(values, "last_name"), _text(values, "first_name")))) or None,
        phone=_text(values, "phone") or None,
        anonymity=anonymity,
        no_texts=attributes.get("no_texts") == "yes",
        occurred_at=_moment(attributes.get("occurred_at")),
    )
    _check(posted, values)
    return posted


def _apart(pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for name, text in pairs:
        found = ATTRIBUTE.fullmatch(name)
        (attributes if found else values)[found[1] if found else name] = text.strip()
    return values, attributes


def _check_attributes(attributes: Mapping[str, str]) -> None:
    for one in open311_policy().attributes:
        value = attributes.get(one.code, "")
        if not value and one.required:
            raise Open311Error(400, f"attribute[{one.code}] was not provided. {one.description}")
        if value and one.values and value not in one.values:
            raise Open311Error(400, f"attribute[{one.code}] is none of {', '.join(one.values)}.")


def _text(values: Mapping[str, str], name: str) -> str:
    text = values.get(name, "")
    most = LONGEST.get(name, LONGEST_FIELD)
    if len(text) > most:
        raise Open311Error(400, f"{name} is longer than {most} characters. Shorten it.")
    if text and not re.fullmatch(BLOCK if name == "description" else LINE, text):
        raise Open311Error(400, f"{name} has characters that cannot be kept. Write plain text.")
    return text


def _check(posted: Posted, values: Mapping[str, str]) -> None:
    if not posted.description:
        raise Open311Error(400, "description was not provided. Say in words what it is about.")
    if not posted.address_string and not posted.address_id:
        also = " Coordinates are not kept here." if values.get("lat") or values.get("long") else ""
        raise Open311Error(
            400, f"address_string or address_id was not provided.{also} Name township and village."
        )
    if posted.anonymity == "anonymous" and posted.phone:
        raise Open311Error(
            400, "phone was provided although the request is anonymous. Leave one of the two out."
        )
    if posted.anonymity != "anonymous" and not posted.phone:
        raise Open311Error(
            400, "phone was not provided. The result is told by it; or send attribute[anonymity]=anonymous."
        )


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Open311Error(
            400, "attribute[occurred_at] is no date of the form 2026-03-09T08:30:00+08:00."
        ) from None
