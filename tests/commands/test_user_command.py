"""`minyi user` as people run it: an account given out, its password shown once, disabled, and what is on record."""

from __future__ import annotations

import json
import re

import asyncpg
from commands_bench import Minyi

from followup.store.units import UnitRow, insert_units

ADD = ("user", "add", "1021", "--called", "李秀英", "--role", "surveyor", "--by", "王主任")


async def test_an_account_from_its_first_day_to_its_last(
    minyi: Minyi, county: str, conn: asyncpg.Connection
) -> None:
    made = await minyi(*ADD)
    assert made.exit_code == 0 and re.fullmatch(r"([2-9a-z]{5}-){3}[2-9a-z]{5}\n", made.stdout)
    assert (
        "只显示这一次" in made.stderr
        and "1021  李秀英  调查员 surveyor:991721  待改密码 first password" in made.stderr
    )
    stored = await conn.fetchval("SELECT password_hash FROM survey.account")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and made.stdout.strip() not in stored
    again = await minyi(*ADD)
    assert (again.exit_code, again.stdout) == (3, "") and "已有这个账号" in again.stderr

    reset = await minyi("user", "reset", "1021", "--by", "王主任", "--json")
    assert json.loads(reset.stdout)["password"] != made.stdout.strip()
    moved = await minyi("user", "roles", "1021", "--role", "team_lead:991721100", "--by", "王主任")
    assert "班长 team_lead:991721100" in moved.stdout
    ended = await minyi("user", "disable", "1021", "--by", "王主任")
    assert "已停用 disabled" in ended.stdout
    twice = await minyi("user", "disable", "1021", "--by", "王主任")
    assert twice.exit_code == 3 and "已经如此" in twice.stderr
    assert (await minyi("user", "enable", "1021", "--by", "王主任")).exit_code == 0

    listed = json.loads((await minyi("user", "list", "--json")).stdout)
    assert [(one["name"], one["roles"], one["disabled_at"]) for one in listed] == [
        ("1021", [{"role": "team_lead", "area": "991721100"}], None)
    ]
    assert "password" not in "".join(listed[0]).replace("must_change_password", "")
    log = [
        (one["kind"], one["by"]) for one in json.loads((await minyi("user", "log", "1021", "--json")).stdout)
    ]
    assert log == [(kind, "王主任") for kind in ("enabled", "disabled", "roles_set", "reset", "added")]


async def test_what_is_refused_changes_nothing(minyi: Minyi, county: str, conn: asyncpg.Connection) -> None:
    for words, why in (
        (("--role", "king"), "没有这个角色"),
        (("--role", "surveyor:991722"), "没有这个地区"),
        (("--role", "surveyor:99172"), "没有这个地区"),
    ):
        no = await minyi("user", "add", "1022", *words, "--by", "王主任")
        assert (no.exit_code, no.stdout) == (3, "") and why in no.stderr
    bad = await minyi("user", "add", "a b", "--role", "surveyor", "--by", "王主任")
    assert bad.exit_code == 3 and "账号名须为" in bad.stderr
    nobody = await minyi("user", "reset", "1023", "--by", "王主任")
    assert nobody.exit_code == 3 and "没有这个账号" in nobody.stderr
    nameless = await minyi("user", "roles", "1021", "--role", "surveyor")
    assert nameless.exit_code == 3 and "--by" in nameless.stderr
    assert await conn.fetchval("SELECT count(*) FROM survey.account") == 0


async def test_the_roles_and_what_each_may_do(minyi: Minyi) -> None:
    shown = (await minyi("user", "roles")).stdout
    assert "surveyor  调查员  surveyor\n    给居民打电话、提问、说明理由后看居民号码\n" in shown
    assert "director  主任  director  +验证码 code\n" in shown
    assert set(json.loads((await minyi("user", "roles", "--json")).stdout)["roles"]) == {
        "surveyor", "team_lead", "auditor", "supervisor", "director", "supervision_officer", "unit_liaison", "city_admin", "dpo",
    }  # fmt: skip


async def test_a_contractor_who_needs_a_code(minyi: Minyi, county: str) -> None:
    made = await minyi(
        "user", "add", "外包01", "--contractor", "--role", "surveyor", "--role", "dpo:9917", "--by", "王主任"
    )
    assert "外包 contractor" in made.stderr and "还要手机验证码" in made.stderr


async def test_an_account_that_works_for_a_unit(minyi: Minyi, county: str, conn: asyncpg.Connection) -> None:
    await insert_units(conn, [UnitRow("991721-police", "991721", "遂澜县公安局", "gov", "991721")])
    assert (await minyi("unit", "list")).stdout == "991721-police  遂澜县公安局\n"
    add = ("user", "add", "ga01", "--called", "张警官", "--unit", "991721-police", "--by", "王主任")
    for words, why in (
        (("--contractor",), "外包人员不能代单位办理"),
        (("--role", "surveyor"), "先给这个单位所在地区的岗位"),
        (("--role", "unit_liaison:991721100"), "先给这个单位所在地区的岗位"),
    ):
        no = await minyi(*add, *words)
        assert (no.exit_code, no.stdout) == (3, "") and why in no.stderr
    assert await conn.fetchval("SELECT count(*) FROM survey.account") == 0
    assert (await minyi(*add)).exit_code == 0
    listed = (await minyi("user", "list")).stdout
    assert (
        listed
        == "ga01  张警官  单位联络员 unit_liaison:991721  单位 unit 991721-police  待改密码 first password\n"
    )
    unknown = await minyi("user", "unit", "ga01", "--unit", "991721-king", "--by", "王主任")
    assert unknown.exit_code == 3 and "没有这个单位" in unknown.stderr
    assert (await minyi("user", "unit", "ga01", "--by", "王主任")).exit_code == 3
    gone = await minyi("user", "unit", "ga01", "--none", "--by", "王主任")
    assert gone.stdout == "不再代 991721-police 办理。Works for 991721-police no more.\n"
    twice = await minyi("user", "unit", "ga01", "--none", "--by", "王主任")
    assert twice.exit_code == 3 and "已经如此" in twice.stderr
    log = [one["kind"] for one in json.loads((await minyi("user", "log", "ga01", "--json")).stdout)]
    assert log == ["unit_taken", "unit_set", "added"]
