"""An administrator gives out and ends accounts within their areas; a team lead plans the week."""

from __future__ import annotations

import re
from html import unescape

import pytest
from desk_bench import words_of

from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import Bench, at


async def administrator(house: House, name: str = "9001", role: str = "city_admin:9917") -> Browser:
    """Signed in with password and code."""
    await house.settled(name, "何管理", role)
    browser, telephone = house.browser(), await house.with_telephone(name)
    await browser.sign_in(name, GOOD)
    await browser.get("/sign-in/code")
    assert (await browser.send("/sign-in/code", code=telephone.at(house.clock.now()))).status == 303
    return browser


@pytest.fixture
async def he(house: House) -> Browser:
    return await administrator(house)


async def look(browser: Browser, path: str = "/people") -> str:
    assert (await browser.get(path)).status == 200, browser.page
    return words_of(browser.page)


async def press(browser: Browser, form: str, **fields: str) -> str:
    found = [one for one in re.findall(r'action="([^"]+)"', browser.page) if one.endswith(form)]
    week = re.search(r'name="week" value="([^"]+)"', browser.page)
    response = await browser.send(unescape(found[0]), **({"week": week[1]} if week else {}), **fields)
    if response.status == 303:
        await browser.get(response.headers["Location"])
    return words_of(browser.page)


async def test_an_account_is_given_out_and_its_holder_comes_in(he: Browser, house: House) -> None:
    assert "账号 1 个" in await look(he) and "这是您自己的账号" in await look(he)
    shown = await press(he, "/add", name="1021", called="李秀英", employment="staff", role="surveyor")
    assert "1021 的首次密码" in shown and "账号 2 个" in shown
    found = re.search(r'id="password">([^<]+)<', he.page)
    assert found is not None
    assert found[1] not in await look(he)  # shown once
    assert "李秀英 1021 调查员 等本人首次登录" in await look(he)
    li = house.browser()
    response = await li.sign_in("1021", unescape(found[1]))
    assert response.status == 303
    assert await house.conn.fetchval(
        "SELECT by FROM survey.access_event e JOIN survey.account a ON a.id = e.account_id"
        " WHERE a.name = '1021' AND e.kind = 'added'"
    ) == "9001"  # fmt: skip


async def test_what_cannot_be_given_out_is_said_with_what_was_typed(he: Browser) -> None:
    await look(he)
    said = await press(he, "/add", name="1021", called="李秀英", employment="staff")
    assert "至少要有一个角色。" in said and 'value="李秀英"' in he.page
    await press(he, "/add", name="9001", called="王五", employment="staff", role="surveyor")
    assert "已有这个账号。" in words_of(he.page)


async def test_roles_are_set_and_count_at_once(he: Browser, house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    li = house.browser()
    await li.sign_in("1021", GOOD)
    assert (await li.get("/desk")).status == 200
    await look(he)
    assert "1021:已改,立即生效。" in await press(he, "/1021/roles", role="auditor")
    assert "李秀英 1021 质检员" in await look(he)
    assert (await li.get("/desk")).status == 403 and (await li.get("/quality")).status == 200


async def test_roles_elsewhere_and_of_a_unit_stay(he: Browser, house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721", "supervisor:9917", "unit_liaison:991721")
    await look(he)
    hidden = re.findall(r'type="hidden" name="role" value="(\w+)"', he.page)
    assert hidden == ["unit_liaison"]
    await he.send("/people/1021/roles", role="unit_liaison")
    rows = await house.conn.fetch(
        "SELECT role, area_code FROM survey.account_role r JOIN survey.account a ON a.id = r.account_id"
        " WHERE a.name = '1021' ORDER BY role"
    )
    assert [tuple(row) for row in rows] == [("supervisor", "9917"), ("unit_liaison", "991721")]


async def test_disabled_is_out_at_once_and_comes_again(he: Browser, house: House) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    li = house.browser()
    await li.sign_in("1021", GOOD)
    await look(he)
    assert "李秀英 1021 调查员 已停用" in await press(he, "/1021/disable")
    assert (await li.get("/desk")).status == 303
    assert "已经如此,没有改动。" in words_of(await (await he.send("/people/1021/disable")).text())
    await look(he)
    assert "已停用" not in await press(he, "/1021/enable")
    assert (await house.browser().sign_in("1021", GOOD)).status == 303


async def test_a_password_is_reset_and_a_lost_telephone_too(he: Browser, house: House) -> None:
    await house.settled("1031", "赵主任", "director:991721")
    await house.with_telephone("1031")
    await look(he)
    shown = await press(he, "/1031/reset", second_factor="yes")
    assert "1031 的首次密码" in shown and "赵主任 1031 主任 等本人首次登录 改动" in shown
    kinds = [kind for name, kind in await house.events() if name == "1031"]
    assert kinds == ["reset", "second_factor_removed"]


async def test_nobody_changes_their_own_account_or_one_beyond_their_areas(he: Browser, house: House) -> None:
    await house.conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES"
        " ('991722', '9917', 'county', '平岗县', 'Pinggang County')"
    )
    await house.settled("2001", "钱进", "surveyor:991722")
    await house.settled("2002", "孙丽", "city_admin:9917")
    await look(he)
    response = await he.send("/people/9001/roles", role="supervisor")
    assert "自己的账号由别的管理员来管。" in words_of(await response.text())
    local = await administrator(house, "9002", "city_admin:991721")
    shown = await look(local)
    assert "钱进" not in shown and "孙丽" not in shown and "何管理" in shown
    for form in ("2001/disable", "2002/disable", "2002/reset"):
        await look(local)
        assert (await local.send(f"/people/{form}")).status == 403
    disabled = "SELECT count(*) FROM survey.account WHERE disabled_at IS NOT NULL"
    assert await house.conn.fetchval(disabled) == 0


async def test_a_week_is_planned(house: House, bench: Bench) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    await house.settled("1020", "周班长", "team_lead:991721")
    lead = house.browser()
    await lead.sign_in("1020", GOOD)
    assert "排班 2026-W11" in await look(lead, "/people/shifts")
    fields = {"who": "1021", "begins": "09:00", "ends": "12:00"}
    shown = await press(lead, "/put", **fields, day="2026-03-09")
    assert "已排班。" in shown and "周一 03-09 今天 李秀英 1021 · 09:00-12:00 应在班 拨打 0 次" in shown
    assert "1021 在 2026-03-09 这段时间已经排了班。" in await press(
        lead, "/put", **{**fields, "begins": "11:00", "ends": "13:00"}, day="2026-03-09"
    )
    assert "下班要晚于上班。" in await press(lead, "/put", **{**fields, "ends": "08:00"}, day="2026-03-10")
    assert "请选至少一天。" in await press(lead, "/put", **fields)
    assert "没有 9009 这个能打电话的账号。" in await press(
        lead, "/put", **{**fields, "who": "9009"}, day="2026-03-10"
    )
    bench.clock.moment = at("9 10:20")
    await look(lead, "/people/shifts")
    assert "已撤回。" in await press(lead, "/back")
    assert "李秀英 1021 · 09:00" not in await look(lead, "/people/shifts")
    rows = await house.conn.fetch("SELECT day::text, put_by, back_by FROM survey.shift")
    assert [tuple(row) for row in rows] == [("2026-03-09", "1020", "1020")]
    assert "周一 03-16" in await look(lead, "/people/shifts?week=2026-W12")
