"""Reading a form body of a request: repeated fields, whole numbers, telephone numbers."""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import web

from . import numbers
from .errors import ApiError

FORM = "application/x-www-form-urlencoded"
LONGEST_HANG_S = 60.0
_LOOK_S = 0.02


class Form:
    """The fields of one request, each with all its values in order."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = fields

    @classmethod
    async def of(cls, request: web.Request) -> "Form":
        """Raises ApiError 20001 when the body is not a form."""
        if request.content_type != FORM:
            raise ApiError(400, 20001, f"the content type is {request.content_type}, not {FORM}")
        fields: dict[str, list[str]] = {}
        for name, value in parse_qsl(await request.text(), keep_blank_values=True):
            fields.setdefault(name, []).append(value)
        return cls(fields)

    def one(self, name: str) -> str | None:
        values = self._fields.get(name)
        return values[-1] if values and values[-1] != "" else None

    def many(self, name: str) -> list[str]:
        return self._fields.get(name, [])


def whole(form: Form, name: str, default: int, most: int, least: int = 1) -> int:
    """Raises ApiError 20001 for what is no number from `least` to `most`."""
    text = form.one(name)
    if text is None:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ApiError(400, 20001, f"{name} {text!r} is not a whole number from {least} to {most}")
    return int(text)


def endpoint(form: Form, name: str, *, missing: tuple[int, str], wrong: int, abroad: int | None) -> str:
    """A telephone number of the form; `abroad` is the code for one outside the town, None where any
    will do."""
    number = form.one(name)
    if number is None:
        raise ApiError(400, *missing)
    if not numbers.is_e164(number):
        raise ApiError(400, wrong, f"Invalid '{name}' Phone Number")
    if abroad is not None and not numbers.in_town(number):
        raise ApiError(400, abroad, f"This account may not reach '{name}': the carrier serves +86154 alone")
    return number


async def hang(request: web.Request) -> None:
    """Never answer: hold the request open, in real time, until the client gives up."""
    for _ in range(int(LONGEST_HANG_S / _LOOK_S)):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(_LOOK_S)
