"""`minyi case clock`, `minyi major` and `minyi calendar`, as a person types them."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from followup_appeals import Says
from followup_county import CENTRE, POLICE, at
from typer.testing import CliRunner

from followup import cases, clocks, urging
from workers.cli import app
from workers.commands.case_clock import lines

Minyi = Callable[..., Awaitable[Result]]
DIAL = "紧急情况请先拨打 110/119/120 · dial 110/119/120 now"


@pytest.fixture
def minyi(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Minyi:
    """Runs `minyi …` against this test's database, in a folder without settings of its own."""
    monkeypatch.chdir(tmp_path)
    own = {
        "DATABASE_URL": database,
        "MINYI_NUMBER_PLAN": "fictional",
        "MINYI_CENTRE": CENTRE,
        "MINYI_VAULT_KEY": b64encode(bytes(range(32))).decode(),
    }

    async def run(*arguments: str, **more: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env={**own, **more})

    return run


@pytest.fixture
async def complaint(conn: asyncpg.Connection, says: Says) -> str:
    """A complaint with the police since Monday the 2nd, signed, and left lying until Wednesday the 18th."""
    number = (await says("2 08:40")).number
    await conn.execute("UPDATE followup.case_file SET kind = 'complaint' WHERE number = $1", number)
    await cases.accept(conn, number, by="审核员-0101", now=at("2 08:45"))
    await cases.submit(conn, number, by="审核员-0101", now=at("2 08:50"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("2 09:00"))
    await cases.sign(conn, number, by=POLICE, now=at("2 09:40"))
    for moment in ("2 09:40", "13 08:30", "18 08:30"):
        await urging.look_due(conn, at(moment))
    return number


async def test_the_clock_in_words(conn: asyncpg.Connection, complaint: str) -> None:
    now = at("18 10:00")
    shown = await clocks.read(conn, complaint, now)
    assert list(lines(shown, await urging.urges_of(conn, shown.row.case_id), now)) == [
        f"{complaint}  办理中 In progress  第1轮 round 1  2026-03-18 10:00",
        "颜色 colour    红 red",
        "原因 why       已超过办理期限 the result is overdue",
        "原因 why       剩余时间不足 little of the limit is left",
        "期限 due       2026-03-16 18:00  办理 handle  (承办单位 the unit, 遂澜县公安局)",
        "剩余 left      已超期 late by 8.5个工作小时 working hours",
        "下次催办 urge  2026-03-20 08:30  U3 督办单 supervision sheet",
        f"已催办 urged   2026-03-13 08:30  第1轮 round 1  U1 催办提醒 reminder  {POLICE}",
        "               案件变黄 the case has turned yellow",
        f"已催办 urged   2026-03-18 08:30  第1轮 round 1  U2 催办通知书 urge notice  {POLICE}",
        "               逾期未办 it is overdue",
        "变化 history   2026-03-02 09:40  - → green",
        "变化 history   2026-03-12 18:00  green → yellow",
        "变化 history   2026-03-16 18:00  yellow → red",
    ]


async def test_the_clock_as_json(minyi: Minyi, complaint: str) -> None:
    result = await minyi("case", "clock", complaint, "--json")
    said = json.loads(result.stdout)
    assert (said["colour"], said["party"], said["against"]) == ("red", "unit", "遂澜县公安局")
    assert [one["level"] for one in said["urged"]] == ["U1", "U2"]
    assert said["working_hours_left"] < 0
    unknown = await minyi("case", "clock", "991721-20260302-00099-1")
    assert (unknown.exit_code, "There is no case" in unknown.stderr) == (3, True)


async def test_the_first_words_of_a_report_are_to_dial_even_without_a_database(
    minyi: Minyi, county: str
) -> None:
    given = (
        "--class", "mass", "-f", "time=9时", "-f", "place=柳河镇政府", "-f", "source=来电", "-f", "what=五十余人聚集",
        "--by", "调查员-0103",
    )  # fmt: skip
    raised = await minyi("major", "raise", *given)
    first, second = raised.stdout.splitlines()
    assert (first, raised.exit_code) == (DIAL, 0)
    assert second.startswith(f"{CENTRE}-M")
    nowhere = await minyi("major", "raise", *given, DATABASE_URL="postgresql://127.0.0.1:1/nowhere")
    assert (nowhere.stdout.splitlines(), nowhere.exit_code) == ([DIAL], 3)
    wrong = await minyi("major", "raise", "--class", "mass", "-f", "weather=雨", "--by", "0103")
    assert (wrong.stdout.splitlines(), wrong.exit_code) == ([DIAL], 2)


async def test_a_report_from_its_first_words_to_its_last(minyi: Minyi, county: str) -> None:
    raised = await minyi(
        "major", "raise", "--class", "hazard", "-f", "time=9时", "-f", "place=柳河桥", "-f", "source=来访", "-f",
        "what=桥面开裂", "--by", "调查员-0103", "--json",
    )  # fmt: skip
    number = json.loads(raised.stdout)["number"]
    assert raised.stderr.splitlines() == [DIAL]
    early = await minyi("major", "final", number, "-f", "what=已封桥", "--by", "值班领导-0002")
    assert (early.exit_code, "nobody has acknowledged it yet" in early.stderr) == (3, True)
    assert (await minyi("major", "ack", number, "--by", "值班领导-0002")).exit_code == 0
    assert (
        await minyi("major", "follow", number, "-f", "measures=已封桥", "--by", "值班领导-0002")
    ).exit_code == 0
    listed = await minyi("major", "list", "--open")
    assert f"{number}" in listed.stdout and "重大隐患 major hazard  following" in listed.stdout
    assert (
        await minyi("major", "final", number, "-f", "what=已修复", "--by", "值班领导-0002")
    ).exit_code == 0
    shown = (await minyi("major", "show", number)).stdout.splitlines()
    assert shown[1].startswith("  第1级 中心值班领导 duty leader of the centre: ")
    assert "签收 值班领导-0002" in shown[1]
    assert shown[2] == "  第2级 县综治办、政法委 county governance office: -"
    assert [line.split()[0] for line in shown if line[:2] in ("首报", "续报", "终报")] == [
        "首报",
        "续报",
        "终报",
    ]
    assert (await minyi("major", "list", "--open")).stdout == "没有重大信息报告。No report.\n"
    again = await minyi("major", "false-alarm", number, "--reason", "误报", "--by", "值班领导-0002")
    assert (again.exit_code, "is closed (final)" in again.stderr) == (3, True)


async def test_a_day_is_set_and_listed(minyi: Minyi, county: str) -> None:
    assert (await minyi("calendar", "list")).stdout == "没有改过的日子。No day was set.\n"
    given = ("2027-02-07", "--working", "--reason", "国办发明电", "--by", "主任-0001")
    assert (await minyi("calendar", "set", *given)).stdout == "2027-02-07  上班 worked on\n"
    assert (await minyi("calendar", "set", *given[:2], "--reason", " ", "--by", "主任-0001")).exit_code == 3
    listed = (await minyi("calendar", "list")).stdout
    assert listed.startswith("2027-02-07  上班 worked on  国办发明电  主任-0001 ")


async def test_a_record_of_accountability_is_filed_by_two_and_listed(minyi: Minyi, complaint: str) -> None:
    given = (
        complaint, "--level", "county", "--basis", "late", "--person", "李强(分管副局长)", "--decision", "约谈", "--by",
        "督办员-0102",
    )  # fmt: skip
    alone = await minyi("accountability", "file", *given, "--approved-by", "督办员-0102")
    assert (alone.exit_code, "approved by another" in alone.stderr) == (3, True)
    assert (await minyi("accountability", "list", complaint)).stdout == "没有问责档案。No record.\n"
    assert (await minyi("accountability", "file", *given, "--approved-by", "主任-0001")).exit_code == 0
    listed = (await minyi("accountability", "list", complaint)).stdout
    assert f"county late  {POLICE}  李强(分管副局长): 约谈  (督办员-0102, 主任-0001)" in listed
    assert "县直部门知情而未按期解决,追究该级责任人员的责任。" in listed
