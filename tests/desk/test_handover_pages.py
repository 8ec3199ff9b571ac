"""What must reach a person: seen first where it is urgent, taken by one, called back, and said to be done."""

from __future__ import annotations

import re

import pytest
from desk_bench import words_of

from survey import handing
from survey.handing import Raised
from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import Bench, Resident

READS = "SELECT staff, reason FROM survey.number_access"


async def raised(
    bench: Bench, person: Resident, reason: str, *, urgent: bool = False, words: str = ""
) -> None:
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        await handing.raise_(bench.ground, conn, Raised(person.id, None, reason, urgent, words or None))


async def signed_in(house: House, name: str, role: str = "surveyor:991721", **more: str) -> Browser:
    browser = house.browser()
    await house.settled(name, "李秀英", role, **more)  # type: ignore[arg-type]
    await browser.sign_in(name, GOOD)
    await browser.get("/handovers")
    return browser


async def press(browser: Browser, form: str, nth: int = 0, **fields: str) -> str:
    action = re.findall(rf'action="([^"]+/{form})"', browser.page)[nth]
    response = await browser.send(action, **fields)
    if response.status == 303:
        await browser.get(response.headers["Location"])
    return words_of(browser.page)


async def test_danger_comes_first_and_is_taken_called_and_resolved(house: House, bench: Bench) -> None:
    wang, li = await bench.resident("王秀英"), await bench.resident("李建国")
    await raised(bench, wang, "asked_for")
    await raised(bench, li, "distress_violence", urgent=True, words="他又打我,打15400000002")
    browser = await signed_in(house, "1021")
    shown = words_of(browser.page)
    assert shown.startswith("等人处理 2 件 紧急 说到暴力 “他又打我,打〔号码〕”")
    assert shown.index("说到暴力") < shown.index("要求人工")
    assert "15400000002" not in browser.page and "显示号码" not in shown
    assert (await press(browser, "take")).startswith("已接手。")
    assert "154 0000 0002" in await press(browser, "number")
    assert await bench.rows(READS) == [("1021", f"等人处理 handover {await urgent_ref(bench)}")]
    await browser.get("/handovers")
    assert "154 0000 0002" not in browser.page
    assert "请写明结果" in await press(browser, "resolve", note="  ")
    done = await press(browser, "resolve", note="已回电,转派出所,联系人15400000003")
    assert done.startswith("已办完。 等人处理 1 件 要求人工")
    kept = await bench.one("SELECT resolution FROM survey.handover WHERE urgent")
    assert kept == "已回电,转派出所,联系人〔号码〕"


async def urgent_ref(bench: Bench) -> str:
    ref: str = await bench.one("SELECT ref FROM survey.handover WHERE urgent")
    return ref


async def test_one_person_has_it_and_sees_the_number(house: House, bench: Bench) -> None:
    await raised(bench, await bench.resident("王秀英"), "asked_for")
    one, other = await signed_in(house, "1021"), await signed_in(house, "1022")
    waiting = other.page
    await press(one, "take")
    other.page = waiting
    assert "别人已经接手了。" in await press(other, "take")
    ref = await bench.one("SELECT ref FROM survey.handover")
    for form, fields in (("number", {}), ("resolve", {"note": "办了"})):
        await other.get("/home")  # where its form token stands
        response = await other.send(f"/handovers/{ref}/{form}", **fields)
        assert response.status == 200 and "别人已经接手了。" in words_of(other.page)
    assert await bench.rows(READS) == []
    assert await bench.one("SELECT taken_by FROM survey.handover") == "1021"


async def test_a_contractor_and_a_stranger_see_no_number(house: House, bench: Bench) -> None:
    await raised(bench, await bench.resident("王秀英"), "asked_for")
    browser = await signed_in(house, "wb07", employment="contractor")
    await press(browser, "take")
    assert "您看不到号码" in await press(browser, "number")
    assert "154 0000 0001" not in browser.page and "15400000001" not in browser.page
    assert await bench.rows(READS) == []
    await browser.get("/home")
    response = await browser.send("/handovers/no-such-ref/take")
    assert response.status == 200 and "没有这件事。" in words_of(browser.page)


async def test_danger_stands_on_every_desk_until_somebody_has_it(house: House, bench: Bench) -> None:
    await raised(bench, await bench.resident("王秀英"), "distress_self_harm", urgent=True)
    one, other = await signed_in(house, "1021"), await signed_in(house, "1022")
    await other.get("/desk")
    assert words_of(other.page).startswith("紧急:1 件等人处理")
    await press(one, "take")
    await other.get("/desk")
    assert "紧急" not in words_of(other.page)


@pytest.mark.parametrize("lang", ["", "?lang=en"])
async def test_an_empty_queue_says_so(house: House, lang: str) -> None:
    browser = await signed_in(house, "1021")
    await browser.get(f"/handovers{lang}")
    assert ("没有等人处理的事。" in browser.page) and ("Nothing waits for a person." in browser.page)
