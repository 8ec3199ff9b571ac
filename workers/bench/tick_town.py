"""A county in which everybody is due: people, campaigns and sample units as the service has them, made by the thousand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from survey.questionnaire.loader import library
from survey.store import campaigns
from survey.store.campaigns import NewCampaign
from survey.vault import Vault

CENTRE: Final = "991721"
VILLAGE: Final = "991721100200"
AREAS: Final = (
    ("9917", None, "city", "安澜市", "Anlan City"),
    (CENTRE, "9917", "county", "遂澜县", "Suilan County"),
    ("991721100", CENTRE, "township", "柳河镇", "Liuhe Town"),
    (VILLAGE, "991721100", "village", "王庄村", "Wangzhuang Village"),
)
NUMBER: Final = "+8615400000001"
"""Sealed once and given to everybody: opening it costs the same, and no carrier but a stand-in is asked."""
MORNING: Final = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""A Tuesday, ten o'clock in the county."""

INSERT_AREA = """
INSERT INTO survey.area (code, parent_code, level, name_zh, name_en, tz) VALUES ($1, $2, $3, $4, $5, $6)"""

INSERT_CENTRE = """
INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en)
VALUES ($1, $1, '遂澜县社情民意调查中心', '遂澜', 'Suilan Survey Centre')"""

INSERT_PEOPLE = """
INSERT INTO survey.person (token, key_id, number_cipher, prn, birth_year)
SELECT sha256(n::text::bytea), $2, $3, (hashint8(n) + 2147483648.0) / 4294967296.0, 1990
FROM generate_series(1, $1::bigint) n"""

INSERT_DUE = """
INSERT INTO survey.sample_unit
    (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, next_mode, due_at, released_at)
SELECT 'u' || p.id, $1, $3, p.id, $2, 'p' || p.id, p.prn, $4, $5::timestamptz - p.prn * interval '20 minutes',
       $5 - interval '1 hour'
FROM survey.person p WHERE p.id > $6 AND p.id <= $7"""


@dataclass(frozen=True, slots=True)
class Due:
    """Who waits by a mode: so many people, in campaigns of this code."""

    code: str
    mode: str
    people: int


async def lay_areas(conn: Any, tz: str) -> None:
    """The county with its centre; `tz`: what its clocks show."""
    await conn.executemany(INSERT_AREA, [(*area, tz) for area in AREAS])
    await conn.execute(INSERT_CENTRE, CENTRE)


SETTLE: Final = "VACUUM (ANALYZE) survey.person, survey.sample_unit"
"""Not of the tables that are still empty: the planner would hold them to be empty for good, as it never does in service."""


async def found_campaign(conn: Any, code: str, mode: str, opens_at: datetime) -> int:
    """A perception survey by one mode, running for a month."""
    instrument = library("perception")
    body = json.loads(instrument.to_json())
    pinned = await campaigns.freeze(
        conn, instrument.code, instrument.version, instrument.sha256, body, opens_at
    )
    ends = opens_at + timedelta(days=30)
    new = NewCampaign(CENTRE, code, "平安建设调查", "survey", pinned, (mode,), 7, opens_at, ends, {})
    campaign, _ = await campaigns.open_campaign(conn, new)
    return campaign


async def everybody_due(conn: Any, vault: Vault, wanted: list[Due], now: datetime) -> None:
    """People enough for all, each in one campaign and due within the last twenty minutes; statistics as they are in service."""
    await conn.execute(
        INSERT_PEOPLE, sum(due.people for due in wanted), vault.key_id, vault.seal(NUMBER), timeout=900
    )
    done = 0
    for due in wanted:
        campaign = await found_campaign(conn, due.code, due.mode, now - timedelta(days=1))
        upto = done + due.people
        await conn.execute(INSERT_DUE, CENTRE, VILLAGE, campaign, due.mode, now, done, upto, timeout=900)
        done = upto
    await conn.execute(SETTLE, timeout=900)
    await conn.execute("CHECKPOINT")
