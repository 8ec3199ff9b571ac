"""`minyi indicators` and `minyi rollup`: what they print in each form, and what they keep to themselves."""

from __future__ import annotations

import csv
import io
import json

import pytest
from answer_ledger import CENTRE, DAY, TOWNS, Ledger, Minyi, at

TABLE = ("indicators", "table", "--period", "2026-03-09..2026-03-15")


async def answered(ledger: Ledger) -> None:
    """Two townships with enough answers, one with three people; who said that they do not know stands beside."""
    for town, codes in ((TOWNS[0], "1" * 40 + "4" * 5), (TOWNS[1], "1" * 39 + "2" * 5), (TOWNS[2], "444")):
        for code in codes:
            await ledger.answer(await ledger.interview(await ledger.unit(town)), "Q1", code, at(0))
    for _ in range(5):
        await ledger.answer(await ledger.interview(await ledger.unit(TOWNS[0])), "Q1", "dk", at(0))


async def test_a_table_on_the_terminal(ledger: Ledger, minyi: Minyi) -> None:
    await answered(ledger)
    shown = await minyi(*TABLE, "--indicator", "safety_rate", "--by", "area")
    assert shown.exit_code == 0, shown.output
    lines = [line.strip() for line in shown.stdout.splitlines() if line.strip()]
    assert lines[0] == "遂澜县社情民意调查中心 Suilan · 2026-03-09 – 2026-03-15"
    assert lines[1].startswith("截至 as of ")
    assert lines[2].split("  ")[0] == "指标 indicator"
    assert [line.split("  ")[0] for line in lines[4:]] == [
        "城关镇 Chengguan",
        "石桥镇 Shiqiao",
        "few people could be worked out from it",
        "柳林乡 Liulin",
        "persons",
        "合计 total",
        "安全感(安全+比较安全) sense of safety (safe + fairly safe, top 2): Q1的有效回答 valid answers to Q1 · safety_rate@1",
    ]
    assert "88.9%" in lines[4] and "45" in lines[4] and "10.0%" in lines[4]
    assert "不显示" in lines[5] and "–" in lines[5]
    assert "有效回答太少,可能指向个人" in lines[7]
    assert "91.3%" in lines[9] and "92" in lines[9]


async def test_all_forms_say_the_same_and_none_shows_three_people(ledger: Ledger, minyi: Minyi) -> None:
    await answered(ledger)
    asked = (*TABLE, "--indicator", "safety_rate", "--by", "area", "--by", "day", "--unsuppressed")
    body = json.loads((await minyi(*asked, "--json")).stdout)
    rows = [row for row in body["rows"] if row["n"] != 0]
    assert [(row["day"], row["area"], row["n"], row["suppressed"]) for row in rows] == [
        ("2026-03-09", TOWNS[0], 45, None),
        ("2026-03-09", TOWNS[1], None, "complementary"),
        ("2026-03-09", TOWNS[2], None, "private"),
        (None, None, 92, None),
    ]
    assert (body["centre"]["code"], body["first"], body["sample"], body["interval_level"]) == (
        CENTRE, "2026-03-09", "probability", 0.95,
    )  # fmt: skip
    first = rows[0]
    assert first["value"] == pytest.approx(40 / 45)
    assert first["low"] < first["value"] < first["high"]
    assert first["missing"]["dk"] == {"n": 5, "share": 0.1}
    hidden = rows[2]
    figures = ("value", "low", "high", "n", "asked", "missing", "outside")
    assert [hidden[name] for name in figures] == [None] * 7

    printed = (await minyi(*asked, "--csv")).stdout
    assert printed.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"))))
    assert len(lines) == len(body["rows"])
    for line, row in zip(lines, body["rows"], strict=True):
        for name, column in (
            ("value", "值 value"),
            ("low", "下限 low"),
            ("n", "基数 n"),
            ("asked", "问到 asked"),
        ):
            assert line[column] == ("" if row[name] is None else str(row[name]))
    assert lines[0]["基数说明"] == "Q1的有效回答"
    assert lines[0]["dk n"] == "5"


async def test_a_period_in_which_nobody_answered(ledger: Ledger, minyi: Minyi) -> None:
    shown = await minyi(*TABLE)
    assert shown.exit_code == 0
    assert "这一期没有回答 nobody answered in this period" in shown.stdout
    assert "没有有效回答" in shown.stdout
    body = json.loads((await minyi(*TABLE, "--json")).stdout)
    assert len(body["rows"]) == 23
    assert {(row["value"], row["suppressed"]) for row in body["rows"]} == {(None, "empty")}


async def test_a_quota_sample_is_called_one(ledger: Ledger, minyi: Minyi) -> None:
    for _ in range(40):
        unit = await ledger.unit(campaign="poll")
        await ledger.answer(await ledger.interview(unit), "Q1", "1", at(0))
    shown = await minyi(*TABLE, "--campaign", "poll", "--indicator", "safety_rate")
    assert "配额样本,不给抽样区间 quota sample, no design-based interval" in shown.stdout
    (line,) = [line for line in shown.stdout.splitlines() if "合计" in line]
    assert line.split()[-4:] == ["100.0%", "配额样本", "40", "0.0%"]
    printed = (await minyi(*TABLE, "--campaign", "poll", "--indicator", "safety_rate", "--csv")).stdout
    assert ",,40," in printed and "配额样本" in printed


async def test_definitions_are_listed_and_shown(ledger: Ledger, minyi: Minyi) -> None:
    listed = json.loads((await minyi("indicators", "list", "--json")).stdout)
    assert len(listed["indicators"]) == 23
    assert "安全感(安全+比较安全)" in (await minyi("indicators", "list")).stdout
    shown = await minyi("indicators", "show", "police_satisfaction_half")
    assert shown.stdout == (
        "police_satisfaction_half · 版本 version 1\n"
        "公安工作满意率(半权) satisfaction with the police, half weight\n"
        "基数 base: Q3的有效回答,不含没打过交道 valid answers to Q3 of those who had dealings\n"
        "来自 of: perception.Q3\n"
        "  1 → 1\n  2 → 0.5\n  3 → 0\n"
        "不适用 outside of the base: 4\n"
        "缺失 missing, beside the base: dk 说不清, refused 不想说, no_answer 没回答\n"
    )
    assert "  0.4 × safety_rate\n" in (await minyi("indicators", "show", "composite")).stdout
    assert json.loads((await minyi("indicators", "show", "composite", "--json")).stdout)["version"] == 1
    wrong = await minyi("indicators", "show", "trust")
    assert wrong.exit_code == 3
    assert wrong.stderr.startswith("minyi indicators: there is no indicator trust; there are: safety_rate,")


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (("--period", "yesterday"), 2, "'yesterday' is no period"),
        (("--period", "2026-03-15..2026-03-09"), 2, "ends before it begins"),
        (("--period", "2026", "--by", "day", "--by", "week"), 2, "one of them, and area beside it"),
        (("--period", "2026", "--json", "--csv"), 2, "one of --json and --csv"),
        (("--period", "2026", "--centre", "990000"), 3, "there is no centre 990000"),
        (("--period", "2026", "--indicator", "trust"), 3, "there is no indicator trust"),
        (("--period", "2026", "--campaign", "spring"), 3, "has no campaign spring"),
        (("--period", "2026", "--by", "area", "--level", "grid"), 3, "has no areas of level grid"),
    ],
)
async def test_what_cannot_be_shown_is_said(
    ledger: Ledger, minyi: Minyi, options: tuple[str, ...], code: int, why: str
) -> None:
    refused = await minyi("indicators", "table", *options)
    assert refused.exit_code == code
    assert why in " ".join(refused.output.replace("│", " ").split())


async def test_counts_are_brought_up_to_date_and_checked(ledger: Ledger, minyi: Minyi) -> None:
    await ledger.answer(await ledger.interview(await ledger.unit()), "Q1", "1", at(0))
    late = await minyi("rollup", "check")
    assert (late.exit_code, late.stdout.split("\n")[0]) == (
        0,
        "已计的都对,还有变动没有计入 what is counted is right; some changes are not counted yet: `minyi rollup refresh`",
    )
    assert (await minyi("rollup", "refresh")).stdout == "重新计了 1 日 days counted: 2026-03-09\n"
    assert json.loads((await minyi("rollup", "refresh", "--json")).stdout) == {"days": []}
    assert (await minyi("rollup", "check")).stdout == "全部相符 every count is what the answers give\n"
    await ledger.conn.execute("UPDATE survey.answer_rollup SET n = ARRAY[7]")
    wrong = await minyi("rollup", "check")
    assert (wrong.exit_code, wrong.stdout.split(" (where")[0]) == (
        1,
        f"{DAY} 不对 is wrong: Q1, area {TOWNS[0]}, code 1: 1 answers, 7 counted",
    )
    found = json.loads((await minyi("rollup", "check", "--json")).stdout)
    assert (found["holds"], found["first_wrong"]["day"]) == (False, "2026-03-09")
    assert (await minyi("rollup", "refresh", "--all")).exit_code == 0
    assert (await minyi("rollup", "check")).exit_code == 0
