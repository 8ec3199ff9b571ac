"""A surveyor's own month: their counts, the sheet worked out again, an objection; of nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from browsing import fits
from desk_bench import Desk, words_of
from playwright.async_api import Browser as Chromium
from test_desk_in_browser import open_desk

from followup import paying
from followup.assessment.pay import pay_policy
from followup.web.month_pages import FIELDS
from tests.access.access_bench import House
from tests.doors.doors_bench import Bench, at

SHEET = {
    "target": "100", "complaint_penalty": "0", "on_time_callback": "1", "learning": "0.8",
    "base": "2000", "performance_base": "1000", "awards": "50", "fines": "0",
}  # fmt: skip


async def worked(desk: Desk, bench: Bench) -> None:
    """One call that came to an interview, one in vain."""
    for name in ("王秀英", "赵大山"):
        await bench.survey(await bench.resident(name), "operator", closes_at=at("11 20:30"))
    for outcome in ("answered", "busy"):
        for form in ("next", "number"):
            await desk.press(form)
        await desk.press("outcome", value=outcome)
        if outcome == "answered":
            await desk.press("hang-up")
    await bench.run(
        "UPDATE survey.interview SET status = 'complete', ended_at = $1 WHERE status <> 'waiting'",
        at("9 10:00"),
    )


async def month(desk: Desk, query: str = "") -> str:
    assert (await desk.browser.get(f"/desk/month{query}")).status == 200
    return words_of(desk.browser.page)


async def test_their_own_counts_and_what_each_is_worth(desk: Desk, bench: Bench) -> None:
    await worked(desk, bench)
    bench.later(minutes=5)
    assert "g" in desk.browser.page and 'href="/desk/month"' in desk.browser.page
    shown = await month(desk)
    assert "我的绩效 2026-03" in shown
    assert (
        "完成的访问(作废的不算) 1 1 完成的回访 0 0.6 有效登记的诉求 0 0.8 拨打 2 0.05 有效工作量 1.1" in shown
    )


async def test_another_sees_nothing_of_it(desk: Desk, house: House, bench: Bench) -> None:
    await worked(desk, bench)
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    assert "拨打 0 0.05 有效工作量 0" in await month(other)


async def test_the_sheet_is_worked_out_again_and_nothing_is_kept(desk: Desk, bench: Bench) -> None:
    await worked(desk, bench)
    bench.later(minutes=5)
    await month(desk)
    assert (await desk.browser.send("/desk/month", month="2026-03", **SHEET)).status == 200
    shown = words_of(desk.browser.page)
    assert "产量 0.83 · 学习 20.00 总分 20.82,系数 0.6 应发 2650.00 元" in shown
    assert "没有复核,质量分摊到其他两项" in shown
    assert 'value="1000"' in desk.browser.page
    assert "应发 2650.00 元" not in await month(desk)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"learning": "80"}, "份额在 0 到 1 之间"),
        ({"base": "两千"}, "每一项都写数字"),
        ({"base": "nan"}, "每一项都写数字"),
        ({"target": "0"}, "目标量要大于 0。"),
    ],
)
async def test_a_figure_that_is_none_is_said(desk: Desk, wrong: dict[str, str], why: str) -> None:
    await month(desk)
    await desk.browser.send("/desk/month", month="2026-03", **{**SHEET, **wrong})
    shown = words_of(desk.browser.page)
    assert why in shown and "应发 2" not in shown


async def test_an_objection_is_raised_once_and_its_decision_stands_there(desk: Desk, bench: Bench) -> None:
    await month(desk)
    await desk.browser.send("/desk/month/object", month="2026-03", words=" ")
    assert "请写明理由。" in words_of(desk.browser.page)
    sent = await desk.browser.send("/desk/month/object", month="2026-03", words="3月8日的访问没有算上")
    assert sent.headers["Location"] == "/desk/month?month=2026-03&said=objected"
    assert "3月8日的访问没有算上 等待决定" in await month(desk, "?said=objected")
    await desk.browser.send("/desk/month/object", month="2026-03", words="再说一遍")
    assert "这个月的异议还在等决定,不能再提。" in words_of(desk.browser.page)
    async with bench.ground.pool.acquire() as conn:
        await conn.execute("UPDATE survey.account SET disabled_at = $1", datetime(2026, 3, 1, tzinfo=UTC))
        await paying.decide(
            conn, "991721", "1021", datetime(2026, 3, 1).date(), decision="changed", reason="补计 1 份",  # noqa: DTZ001
            by="督办员-2001", now=at("9 11:00"),
        )  # fmt: skip
        await conn.execute("UPDATE survey.account SET disabled_at = NULL")
    assert "3月8日的访问没有算上 理由: 补计 1 份 改正" in await month(desk)


@pytest.mark.parametrize("asked", ["2027-01", "2026-Q1", "drop", "2026-03-01"])
async def test_a_month_that_is_none_is_this_one(desk: Desk, asked: str) -> None:
    assert "我的绩效 2026-03" in await month(desk, f"?month={asked}")
    assert "我的绩效 2026-02" in await month(desk, "?month=2026-02")


def test_the_page_asks_for_all_that_pay_is_made_of() -> None:
    assert FIELDS.keys() == pay_policy().entered.keys()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
async def test_it_fits(house: House, bench: Bench, chromium: Chromium, width: int, height: int) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    page = await open_desk(house, chromium, "zh", width, height)
    await page.keyboard.press("g")
    await page.wait_for_url("**/desk/month")
    for name, value in SHEET.items():
        await page.fill(f"#{name}", value)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await fits(page)
    assert "应发" in await page.inner_text("#sheet")
