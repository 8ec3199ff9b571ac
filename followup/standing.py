"""Where a matter stands, for whoever has its query code: plain words, nobody's name, no unit's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import asyncpg
from pydantic import BaseModel, ConfigDict

from followup import moves
from followup.casework.numbering import QUERY_ALPHABET, QUERY_LENGTH
from followup.move_refusals import UnknownQueryCode
from followup.not_accepted import Words
from followup.store import cases, places
from survey.policies import packaged

__all__ = ["Standing", "status_by_query_code"]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    states: Mapping[str, Words]
    undated: Words


@cache
def _policy() -> _Body:
    return _Body.model_validate(packaged("followup.policies", "standing").body)


@dataclass(frozen=True)
class Standing:
    """What a query code tells. `since`: when it was registered; `due`: of the step it waits for, where there is one."""

    short_number: str
    status: str
    round: int
    since: datetime
    due: datetime | None
    zh: str
    en: str


async def status_by_query_code(conn: asyncpg.Connection, code: str) -> Standing:
    """Where the matter stands. Written in small letters or with spaces the code is the same.

    Raises UnknownQueryCode, also for what cannot be a code; that tells nothing about which there are.
    """
    plain = "".join(code.split()).upper()
    number = None
    if len(plain) == QUERY_LENGTH and set(plain) <= set(QUERY_ALPHABET):
        number = await cases.number_of_query_code(conn, plain)
    if number is None:
        raise UnknownQueryCode
    case = await moves.read(conn, number)
    place = await places.centre_place(conn, case.centre_code)
    assert place is not None  # a case has a centre
    words = _policy().states[case.status]
    day = case.due_at.astimezone(ZoneInfo(place.tz)) if case.due_at else None
    zh_day = f"{day.month}月{day.day}日" if day else _policy().undated.zh
    en_day = f"{day:%Y-%m-%d}" if day else _policy().undated.en
    return Standing(
        short_number=case.short_number,
        status=case.status,
        round=case.round,
        since=case.received_at,
        due=case.due_at,
        zh=words.zh.format(short=case.short_number, day=zh_day),
        en=words.en.format(short=case.short_number, day=en_day),
    )
