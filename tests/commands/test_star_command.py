"""`minyi star` as a person types it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import asyncpg
from commands_bench import CENTRE, Minyi

from followup import sanctioning

VETO = (
    "star", "sanction", "991721100", "--centre", CENTRE, "--kind", "veto", "--what", "发生重大群体性事件",
    "--from", "2026-03-05", "--concerns", "镇长张某", "--reason", "县委会议决定",
)  # fmt: skip
LIFT = ("star", "lift", "991721100-1", "--centre", CENTRE, "--from", "2026-06-01", "--reason", "整改到位")


async def test_a_sanction_is_put_on_record_listed_and_lifted(county: str, minyi: Minyi) -> None:
    assert (await minyi("star", "list", "--centre", CENTRE)).stdout == "没有处分。There is no sanction.\n"
    done = await minyi(*VETO, "--by", "政法委书记李某")
    assert (done.exit_code, done.stdout) == (
        0,
        "991721100-1  柳河镇  一票否决 veto  2026-03-05 起 from, 至解除 until lifted\n"
        "  发生重大群体性事件  (当事人 concerns 镇长张某; 决定 by 政法委书记李某: 县委会议决定)\n",
    )
    lifted = await minyi(*LIFT, "--by", "政法委书记李某")
    assert (lifted.exit_code, lifted.stdout.splitlines()[-1]) == (
        0,
        "  2026-06-01 起解除 lifted from then on  (政法委书记李某: 整改到位)",
    )
    assert (await minyi("star", "list", "--centre", CENTRE)).stdout == lifted.stdout
    (body,) = json.loads((await minyi("star", "list", "--centre", CENTRE, "--json")).stdout)
    assert {key: body[key] for key in ("number", "kind", "from_day", "to_day", "concerned", "lifted_from")} == {
        "number": "991721100-1", "kind": "veto", "from_day": "2026-03-05", "to_day": None, "concerned": ["镇长张某"],
        "lifted_from": "2026-06-01",
    }  # fmt: skip


async def test_the_board_shows_the_stars_of_the_last_summary_that_was_issued(
    conn: asyncpg.Connection, county: str, minyi: Minyi
) -> None:
    none = await minyi("star", "board", "--centre", CENTRE)
    assert none.stdout.startswith("还没有签发过月总结。No summary was issued yet")
    assert json.loads((await minyi("star", "board", "--centre", CENTRE, "--json")).stdout) == {
        "number": None,
        "places": [],
    }
    await sanctioning.impose(
        conn, CENTRE, "991721100", kind="veto", what="重大群体性事件", from_day=date(2026, 3, 5), to_day=None,
        concerned=["镇长张某"], by="政法委书记李某", reason="会议决定", now=datetime(2026, 3, 9, 2, tzinfo=UTC),
    )  # fmt: skip
    issued = await minyi(
        "report", "issue", "monthly", "--centre", CENTRE, "--period", "2026-03", "--by", "主任李某"
    )
    assert issued.exit_code == 0, issued.output
    shown = await minyi("star", "board", "--centre", CENTRE)
    assert shown.stdout == "991721-monthly-20260301-20260331\n991721100  柳河镇 Liuhe Town  0 ★\n"
    body = json.loads((await minyi("star", "board", "--centre", CENTRE, "--json")).stdout)
    assert body["places"] == [
        {"area": "991721100", "zh": "柳河镇", "en": "Liuhe Town", "stars": 0, "moved": None}
    ]


async def test_who_is_concerned_does_not_decide_and_is_told_so(county: str, minyi: Minyi) -> None:
    own = await minyi(*VETO, "--by", "镇长张某")
    assert own.exit_code == 3
    assert own.stderr == (
        "minyi star sanction: 镇长张某 is one of those whom the sanction on 991721100 concerns, or of its own units. "
        "Somebody else decides.\n"
    )
    assert (await minyi("star", "list", "--centre", CENTRE, "--json")).stdout == "[]\n"


async def test_what_a_command_cannot_read_it_says(county: str, minyi: Minyi) -> None:
    no_day = await minyi(*VETO, "--by", "李某", "--to", "明天")
    assert (no_day.exit_code, "%Y-%m-%d" in no_day.stderr) == (2, True)
    unknown = await minyi(*LIFT, "--by", "李某")
    assert unknown.exit_code == 3
    assert unknown.stderr == (
        "minyi star lift: Centre 991721 has no sanction 991721100-1. `minyi star list` shows the numbers.\n"
    )


async def test_the_help_teaches_by_an_example(minyi: Minyi) -> None:
    for command, word in (("sanction", "--concerns 镇长张某"), ("lift", "minyi star lift 991721100-1")):
        said = " ".join((await minyi("star", command, "--help")).stdout.split())
        assert word in said and "例 example" in said
