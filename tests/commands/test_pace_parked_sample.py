"""`minyi pace`, `minyi parked` and `minyi sample`: what they print, what they change, and what they refuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import asyncpg
from commands_bench import Minyi

from survey.store import callers


async def test_the_pace_is_shown_and_changed(minyi: Minyi, county: str) -> None:
    shown = await minyi("pace", "show", "--json")
    assert [(row["channel"], row["rate"], row["lines"]) for row in json.loads(shown.stdout)["pace"]] == [
        ("voice", 1.0, None),
        ("text", 1.0, None),
    ]
    changed = await minyi("pace", "set", "voice", "--per-second", "2.5", "--lines", "20", "--json")
    assert changed.exit_code == 0, changed.output
    voice = json.loads(changed.stdout)["pace"][0]
    assert (voice["rate"], voice["lines"], voice["burst_s"], voice["batch_s"]) == (2.5, 20, 2.0, 0.0)
    without = await minyi("pace", "set", "voice", "--lines", "0")
    assert "2.5" in without.stdout
    assert (await minyi("pace", "set", "voice", "--per-second", "0")).exit_code == 2


async def test_limits_inside_a_channel_and_numbers_that_rest(
    minyi: Minyi, county: str, conn: asyncpg.Connection
) -> None:
    now = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
    await callers.keep(conn, [("+8615400000000", "AC1", 1.0), ("+8615400000001", "AC1", 1.0)], now)
    limited = await minyi(
        "pace", "set", "voice", "--number", "+8615400000001", "--per-second", "0.5", "--json"
    )
    (share,) = json.loads(limited.stdout)["shares"]
    assert [share[k] for k in ("kind", "name", "channel", "rate", "lines")] == [
        "number", "+8615400000001", "voice", 0.5, None,
    ]  # fmt: skip
    lifted = await minyi("pace", "set", "voice", "--number", "+8615400000001", "--lift", "--json")
    assert json.loads(lifted.stdout)["shares"] == []
    nobody = await minyi("pace", "set", "voice", "--account", "AC9", "--lines", "3")
    assert (nobody.exit_code, nobody.stderr) == (
        3,
        "minyi pace: AC9 is no account of ours; `minyi pace show` shows them\n",
    )
    assert (await minyi("pace", "set", "voice", "--lift")).exit_code == 2

    why = ["--by", "张敏督导", "--why", "被标记"]
    rests = await minyi("pace", "pause", "+8615400000001", *why)
    assert "停用 rests: 被标记" in rests.stdout
    assert (await minyi("pace", "pause", "+8615400000001", *why)).exit_code == 3
    works = await minyi("pace", "resume", "+8615400000001", "--by", "张敏督导", "--why", "已解除", "--json")
    assert [row["paused_why"] for row in json.loads(works.stdout)["numbers"]] == [None, None]
    assert (await minyi("pace", "complaint", "+8615400000001", *why)).exit_code == 0
    events = await conn.fetch("SELECT event, by_whom, why FROM survey.caller_event ORDER BY id")
    assert [tuple(row) for row in events] == [
        ("paused", "张敏督导", "被标记"), ("resumed", "张敏督导", "已解除"), ("complaint", "张敏督导", "被标记"),
    ]  # fmt: skip


async def test_a_parked_signal_is_shown_until_somebody_looked_at_it(
    minyi: Minyi, county: str, conn: asyncpg.Connection
) -> None:
    assert (await minyi("parked", "list")).stdout == "没有对不上的信号。Nothing is parked.\n"
    await conn.execute(
        "INSERT INTO survey.parked_signal (kind, body, at) VALUES ('status', $1, $2)",
        {"CallStatus": "dreaming", "CallSid": "CA1"},
        datetime(2026, 3, 9, 2, 0, tzinfo=UTC),
    )
    listed = await minyi("parked", "list")
    assert "CallStatus=dreaming" in listed.stdout and "待看 waiting: 1" in listed.stdout
    done = await minyi("parked", "resolve", "1", "--by", "王芳", "--note", "已问运营商")
    assert done.stdout == "已处理 resolved: 1\n"
    again = await minyi("parked", "resolve", "1", "--by", "王芳", "--note", "x")
    assert (again.exit_code, again.stderr) == (
        3,
        "minyi parked resolve: there is no number 1 that waits; `minyi parked list` shows them\n",
    )
    everything = json.loads((await minyi("parked", "list", "--all", "--json")).stdout)
    assert (everything["waiting"], everything["parked"][0]["note"]) == (0, "已问运营商")


async def test_a_sample_is_planned(minyi: Minyi) -> None:
    planned = await minyi(
        "sample", "plan", "--precision", "3", "--share", "90", "--area", "枣园镇=300", "--json"
    )
    body = json.loads(planned.stdout)
    assert (body["interviews"], body["areas"][0]["days"], body["areas"][0]["daily_is_enough"]) == (
        385,
        None,
        False,
    )
    assert round(body["interviews_exact"], 3) == 384.146
    text = await minyi("sample", "plan", "--area", "枣园镇=300")
    assert "冷却期内做不到" in text.stdout
    assert (await minyi("sample", "plan", "--area", "枣园镇")).exit_code == 2


async def test_an_audit_says_what_there_is_not(minyi: Minyi, county: str) -> None:
    none = await minyi("sample", "audit", "nothing")
    assert (none.exit_code, none.stderr) == (
        3,
        "minyi sample audit: there is no campaign nothing here; `minyi campaign list` shows those there are\n",
    )
