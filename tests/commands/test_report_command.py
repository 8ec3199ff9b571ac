"""`minyi report` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

from commands_bench import CENTRE, Minyi

WEEK = ("--centre", CENTRE, "--period", "2026-W11")


async def test_every_format_is_written_in_both_languages(county: str, minyi: Minyi, tmp_path: Path) -> None:
    done = await minyi("report", "weekly", *WEEK, "--out", "out", "--lang", "zh", "--lang", "en", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    name = "weekly-991721-20260309-20260315"
    assert [Path(path).name for path in said["files"]] == [
        f"{name}.html", f"{name}.en.html", f"{name}.docx", f"{name}.en.docx", f"{name}.xlsx", f"{name}.en.xlsx",
        f"{name}.csv", f"{name}.en.csv", f"{name}.json",
    ]  # fmt: skip
    assert (said["kind"], said["number"], said["cut_off"]) == ("weekly", None, "2026-03-15T16:00:00+00:00")
    body = json.loads((tmp_path / "out" / f"{name}.json").read_text("utf-8"))
    assert body["sha256"] == said["sha256"]


async def test_made_twice_it_is_the_same(county: str, minyi: Minyi, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        for kind in ("callback", "unit", "village", "centre"):
            done = await minyi("report", kind, *WEEK, "--out", folder)
            assert done.exit_code == 0, done.output
    first, second = (sorted((tmp_path / folder).iterdir()) for folder in ("a", "b"))
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


async def test_issued_listed_checked_and_printed_again(county: str, minyi: Minyi, tmp_path: Path) -> None:
    empty = await minyi("report", "list", "--centre", CENTRE)
    assert "没有签发过报告。No report was issued yet." in empty.stdout
    done = await minyi(
        "report", "issue", "weekly", *WEEK, "--by", "主任李某", "--out", "out", "--format", "docx"
    )
    assert done.exit_code == 0, done.output
    number = "991721-weekly-20260309-20260315"
    assert f"已签发 issued: {number}" in done.stdout
    again = await minyi("report", "print", number, "--out", "again", "--format", "docx")
    assert again.exit_code == 0
    assert (tmp_path / "again" / f"{number}.docx").read_bytes() == (
        tmp_path / "out" / f"{number}.docx"
    ).read_bytes()
    checked = await minyi("report", "verify", number, "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["same"]) == (0, True)
    twice = await minyi("report", "issue", "weekly", *WEEK, "--by", "主任李某")
    assert (twice.exit_code, "never altered" in twice.stderr) == (3, True)
    listed = await minyi("report", "list", "--centre", CENTRE, "--json")
    assert [one["number"] for one in json.loads(listed.stdout)] == [number]


async def test_a_month_is_summed_up_and_its_stars_go_on_from_what_was_issued(
    county: str, minyi: Minyi, tmp_path: Path
) -> None:
    done = await minyi(
        "report", "monthly", "--centre", CENTRE, "--period", "2026-02", "--out", "out", "--json"
    )
    assert done.exit_code == 0, done.output
    assert [Path(path).suffix for path in json.loads(done.stdout)["files"]] == [
        ".html", ".docx", ".xlsx", ".csv", ".json",
    ]  # fmt: skip
    table = (tmp_path / "out" / "monthly-991721-20260201-20260228.csv").read_text("utf-8-sig").splitlines()
    assert table[0].startswith("地方,星级,上月,升降,红黄黑,得分,得分 基数")
    assert table[1] == '柳河镇,,,,,有一项不公布,,,,,,,,"样本不足或须保密,不评星"'
    for month in ("2026-02", "2026-03"):
        issued = await minyi(
            "report", "issue", "monthly", "--centre", CENTRE, "--period", month, "--by", "主任李某"
        )
        assert issued.exit_code == 0, issued.output
    number = "991721-monthly-20260301-20260331"
    again = await minyi("report", "print", number, "--out", "again", "--format", "html")
    assert again.exit_code == 0
    page = (tmp_path / "again" / f"{number}.html").read_text("utf-8")
    assert "上月星级取自已签发的991721-monthly-20260201-20260228。" in page
    checked = await minyi("report", "verify", number, "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["same"]) == (0, True)


async def test_what_is_refused(county: str, minyi: Minyi, tmp_path: Path) -> None:
    nowhere = await minyi("report", "weekly", "--centre", "990000", "--period", "2026-W11", "--out", "out")
    assert (nowhere.exit_code, "There is no centre 990000" in nowhere.stderr) == (3, True)
    no_month = await minyi("report", "monthly", *WEEK, "--out", "out")
    assert no_month.exit_code == 3
    assert no_month.stderr == (
        "minyi report monthly: A monthly summary is of one month, as 2026-03; its stars are given month by month.\n"
    )
    no_period = await minyi("report", "weekly", "--centre", CENTRE, "--period", "W11", "--out", "out")
    assert (no_period.exit_code, "2026-W11" in no_period.stderr) == (2, True)
    no_kind = await minyi("report", "issue", "yearly", *WEEK, "--by", "x")
    assert (no_kind.exit_code, "weekly" in no_kind.stderr) == (2, True)
    (tmp_path / "remarks.yaml").write_text("{author: 组, judgement: [{zh: 一}]}", "utf-8")
    no_remarks = await minyi("report", "weekly", *WEEK, "--out", "out", "--remarks", "remarks.yaml")
    assert (no_remarks.exit_code, "remarks.yaml: judgement.0.en" in no_remarks.stderr) == (3, True)
    unknown = await minyi("report", "verify", "991721-x")
    assert (unknown.exit_code, "minyi report list" in unknown.stderr) == (3, True)
