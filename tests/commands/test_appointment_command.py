"""`minyi appointment`: what stands, and another moment for it. Days far ahead, as the command's clock is the real one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import asyncpg
import pytest
from commands_bench import CENTRE, Minyi

WAITS = """
WITH p AS (INSERT INTO survey.person (token, key_id, number_cipher, prn, lang) VALUES ('t', 'k', 'n', .5, 'zh') RETURNING id),
     q AS (INSERT INTO survey.questionnaire (code, version, sha256, body, frozen_at) VALUES ('q', 1, 'x', '{}', $2) RETURNING id),
     c AS (INSERT INTO survey.campaign (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at, status)
           SELECT $1, 'night-noise', '夜间噪声', 'survey', q.id, '{voice}', 7, $2, 'running' FROM q RETURNING id)
INSERT INTO survey.sample_unit (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, base_weight, facts,
                                next_mode, due_at, appointment_at, released_at)
SELECT 'u-wang', $1, c.id, p.id, '991721100200', 'k', .5, 1, '{}', 'operator', $2, $2, $2 FROM p, c"""


@pytest.fixture
async def agreed(conn: asyncpg.Connection, county: str) -> None:
    """王秀英 is to be called on Tuesday 2040-03-13 at three."""
    await conn.execute(WAITS, CENTRE, datetime(2040, 3, 13, 7, 0, tzinfo=UTC))


async def test_none_stands(minyi: Minyi, county: str) -> None:
    assert (await minyi("appointment", "list")).stdout == "没有预约。No appointment stands.\n"


async def test_one_is_listed_and_moved(minyi: Minyi, agreed: None, conn: asyncpg.Connection) -> None:
    listed = await minyi("appointment", "list")
    assert "u-wang" in listed.stdout and "03-13 15:00" in listed.stdout and "王庄村" in listed.stdout
    moved = await minyi("appointment", "move", "u-wang", "--to", "2040年3月14日下午4点", "--by", "张敏督导")
    assert (moved.exit_code, moved.stdout) == (0, "改到 moved to 2040-03-14 16:00\n"), moved.output
    (row,) = json.loads((await minyi("appointment", "list", "--json")).stdout)
    assert (row["ref"], row["appointment_at"]) == ("u-wang", "2040-03-14 08:00:00+00:00")
    assert [tuple(event) for event in await conn.fetch("SELECT why FROM survey.unit_event")] == [
        ("appointment moved from 2040-03-13 15:00 by 张敏督导",)
    ]


@pytest.mark.parametrize(
    ("ref", "to", "said"),
    [
        ("u-wang", "改天", "'改天' names no moment to come; write a day and an hour"),
        (
            "u-wang",
            "2040年3月14日晚上9点",
            "no appointment at 2040-03-14 21:00: nobody is called then; name one in the calling hours",
        ),
        (
            "u-li",
            "2040年3月14日下午4点",
            "no appointment stands under u-li; `minyi appointment list` shows them",
        ),
    ],
)
async def test_what_is_not_moved(minyi: Minyi, agreed: None, ref: str, to: str, said: str) -> None:
    refused = await minyi("appointment", "move", ref, "--to", to, "--by", "张敏督导")
    assert (refused.exit_code, refused.stderr) == (3, f"minyi appointment move: {said}\n")
