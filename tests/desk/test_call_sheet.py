"""The power fails: the next people on paper, dialled by hand, and what came of each keyed in afterwards, once."""

from __future__ import annotations

import re
from datetime import date

import pytest
from browsing import fits, stroke
from desk_bench import Desk, words_of
from playwright.async_api import Browser as Chromium
from test_desk_in_browser import open_desk

from followup.store.surveyor_days import hours
from survey import call_sheets, operating
from survey.dialogue.inputs import Choice
from survey.field.quality import suspicions
from survey.field.quality_policy import quality_policy
from survey.periods import Period
from survey.sheet_rows import Row, read_row
from survey.store import people, quality
from tests.access.access_bench import House
from tests.doors.doors_bench import CENTRE, Bench, at

NAMES = ("王秀英", "赵大山", "李建国")
ENDED = "SELECT operator, disposition FROM survey.attempt WHERE status = 'ended' ORDER BY id"
READS = "SELECT staff, reason FROM survey.number_access ORDER BY id"


async def due(bench: Bench, *names: str) -> None:
    for name in names:
        await bench.survey(await bench.resident(name), "operator", closes_at=at("11 20:30"))


async def sheet(desk: Desk, query: str = "") -> str:
    assert (await desk.browser.get(f"/desk/sheet{query}")).status == 200
    return desk.words


async def drawn(desk: Desk, wanted: int = 20) -> list[str]:
    """The tokens of a sheet that has just been drawn up."""
    await sheet(desk)
    await desk.press("sheet/draw", people=str(wanted))
    return tokens(desk)


def tokens(desk: Desk) -> list[str]:
    return re.findall(r'<th scope="row">(\d+[A-Z])</th>', desk.browser.page)


async def keyed(desk: Desk, *rows: str) -> str:
    return await desk.press("sheet/rows", rows="\n".join(rows))


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("3k 2", Row("3K", "busy", "")),
        (" 10M  x ", Row("10M", "declined", "")),
        ("4P X", Row("4P", "declined_hard", "")),
        ("4P l 明天下午3点", Row("4P", "later", "明天下午3点")),
        ("4P l", Row("4P", "later", "")),
        ("4P b", Row("4P", "cancelled", "")),
        ("4P 1", None),  # who answered is keyed at the desk
        ("4P 2 3", None),
        ("4P", None),
        ("", None),
    ],
)
def test_a_row_is_a_token_and_a_key(line: str, row: Row | None) -> None:
    assert read_row(line) == row


async def test_a_sheet_holds_its_people_and_shows_no_number(desk: Desk, house: House, bench: Bench) -> None:
    await due(bench, *NAMES)
    assert len(await drawn(desk, 2)) == 2
    shown = desk.words
    assert "拨打单 · 李秀英 1021 03-09 10:00 出单。 12:00 以后不再拨打;03-10 12:00 前补录" in shown.replace(
        "。12", "。 12"
    )
    assert "154****0001" in shown and "154****0002" in shown and "154****0003" not in shown
    assert "154 0000 0001" not in desk.browser.page and await bench.rows(READS) == []
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    await other.press("next")
    await other.press("number")
    assert "154 0000 0003" in other.browser.page  # who stands on paper goes to nobody else
    await desk.look()
    assert "下一位" in desk.words  # and is not in hand at the desk
    await desk.browser.send("/desk/sheet/draw", people="3")
    await sheet(desk)
    assert len(tokens(desk)) == 2  # another is not drawn up while this one is open
    assert await bench.one("SELECT count(*) FROM survey.call_sheet") == 1


async def test_numbers_are_printed_once_asked_for_and_each_is_on_record(desk: Desk, bench: Bench) -> None:
    await due(bench, "王秀英", "赵大山")
    await drawn(desk)
    await desk.press("sheet/numbers")
    assert "154 0000 0001" in desk.words and "154 0000 0002" in desk.words
    assert await bench.rows(READS) == [("1021", "打印拨打单")] * 2
    await sheet(desk)
    assert "154 0000 0001" not in desk.browser.page


async def test_who_says_stop_after_the_claim_is_not_printed(desk: Desk, bench: Bench) -> None:
    wang = await bench.resident("王秀英")
    await bench.survey(wang, "operator", closes_at=at("11 20:30"))
    await due(bench, "赵大山")
    await drawn(desk)
    async with bench.ground.pool.acquire() as conn:
        await people.opt_out(conn, wang.id, "survey", bench.clock.now(), "voice", None)
    await desk.press("sheet/numbers")
    assert "154 0000 0001" not in desk.words and "154 0000 0002" in desk.words


async def test_results_are_keyed_once_by_the_doors_of_the_desk(desk: Desk, bench: Bench) -> None:
    await due(bench, *NAMES)
    one, two, three = await drawn(desk)
    await desk.press("sheet/numbers")
    bench.later(minutes=20)  # the power is back
    said = await keyed(desk, f"{one} 3", f"{two} x", f"{three} l 明天下午3点", "99Z 2", "看不懂")
    assert f"{one} 3 记下了 {two} x 记下了 {three} l 明天下午3点 记下了" in said
    assert "99Z 2 单子上没有这个代号 看不懂 看不懂:先写代号,再写一个键" in said
    kept = await bench.rows(ENDED)
    assert kept == [("1021", "no_answer"), ("1021", "refusal_soft"), ("1021", "appointment")]
    events = await bench.one("SELECT count(*) FROM survey.unit_event")
    await sheet(desk)
    assert await bench.rows("SELECT count(*) FROM survey.contact WHERE closed_at IS NULL") == [(0,)]
    action = "/desk/sheet/rows"
    await desk.look()
    await desk.browser.send(action, rows=f"{one} 2\n{two} s\n{three} 2")
    assert words_of(desk.browser.page).count("以前记过,不再改") == 3
    assert await bench.rows(ENDED) == kept
    assert await bench.one("SELECT count(*) FROM survey.unit_event") == events


async def test_an_appointment_that_cannot_be_kept_stays_in_the_field(desk: Desk, bench: Bench) -> None:
    await due(bench, "王秀英")
    (one,) = await drawn(desk)
    said = await keyed(desk, f"{one} l 明天晚上11点")
    assert "那时不在拨打时段,请另约" in said
    assert re.search(rf"<textarea[^>]*>{one} l 明天晚上11点</textarea>", desk.browser.page)
    assert "记下了" in await keyed(desk, f"{one} l 明天下午3点")


async def test_who_answered_is_keyed_at_the_desk_from_the_paper(desk: Desk, bench: Bench) -> None:
    await due(bench, "王秀英", "赵大山")
    one, two = await drawn(desk)
    await desk.press("sheet/answers", token=one)
    assert "您好" in desk.words and 'data-key="h"' in desk.browser.page
    await sheet(desk)
    assert "正在拨打页录入" in desk.words
    await desk.press("sheet/answers", token=two)
    assert "手上还有人" in desk.words
    await desk.look()
    await desk.press("hang-up")
    assert await bench.one("SELECT count(*) FROM survey.attempt WHERE status = 'ended'") == 1
    await sheet(desk)
    assert "记下了" in await keyed(desk, f"{two} 2")


async def test_what_is_never_keyed_goes_back_when_it_said_it_would(desk: Desk, bench: Bench) -> None:
    await due(bench, "王秀英", "赵大山")
    await drawn(desk, 1)
    bench.clock.moment = at("10 11:59")
    assert await operating.release_abandoned(bench.ground) == 0
    bench.clock.moment = at("10 12:01")
    assert await operating.release_abandoned(bench.ground) == 1
    assert await bench.rows("SELECT state FROM survey.desk_state") == [
        ("ready",)
    ]  # the shift is not ended by it
    assert await bench.one("SELECT count(*) FROM survey.sample_unit WHERE status = 'waiting'") == 2


async def test_results_keyed_a_day_later_make_no_day_longer_and_no_interview_quick(
    desk: Desk, bench: Bench
) -> None:
    await due(bench, "王秀英", "赵大山")
    one, two = await drawn(desk)
    await call_sheets.to_desk(bench.ground, "1021", CENTRE, one)
    while (task := await operating.task_in_hand(bench.ground, "1021")) and task.talk and not task.talk.over:
        expects = task.talk.turn.expects
        first = expects.options[0].code if expects and expects.options else "no_answer"
        await operating.say(bench.ground, task.ref, "1021", Choice(first))
    assert task is not None
    await operating.hang_up(bench.ground, task.ref)
    bench.clock.moment = at("10 11:00")
    assert await call_sheets.enter(bench.ground, "1021", CENTRE, two, "busy") == "kept"
    day = Period(date(2026, 3, 9), date(2026, 3, 9))
    async with bench.ground.pool.acquire() as conn:
        assert await hours(conn, CENTRE, day, at("10 12:00")) == {"1021": 2.0}  # from ten to twelve
        (held,) = await quality.held(conn, CENTRE, at("9 00:00"), at("10 00:00"))
    assert (held.operator, held.mode, held.seconds) == ("1021", "paper", 0.0)
    found = suspicions([held], quality_policy())[held.ref]
    assert "too_quick" not in found and "much_quicker" not in found


async def test_a_contractor_gets_no_sheet(house: House, bench: Bench) -> None:
    desk = Desk(bench, house)
    await desk.sign_in("wb07", "外包", employment="contractor")
    await due(bench, "王秀英")
    assert await drawn(desk) == []
    assert "外包人员看不到号码" in desk.words
    assert await bench.one("SELECT count(*) FROM survey.attempt") == 0


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_is_drawn_up_printed_and_keyed_by_keyboard(
    house: House, bench: Bench, chromium: Chromium, lang: str, width: int, height: int
) -> None:
    await house.settled("1021", "李秀英", "surveyor:991721")
    await due(bench, *NAMES)
    page = await open_desk(house, chromium, lang, width, height)
    await stroke(page, "Enter")
    await page.keyboard.press("t")
    await page.wait_for_url("**/desk/sheet*")
    await fits(page)
    await page.focus("#people")
    await stroke(page, "Enter")
    await stroke(page, "p")
    assert "154 0000 0001" in await page.inner_text("table")
    await page.emulate_media(media="print")
    assert not await page.is_visible("#rows") and await page.is_visible("table")
    await page.emulate_media(media="screen")
    first = await page.inner_text("tbody th >> nth=0")
    await page.keyboard.press("i")
    await page.keyboard.type(f"{first} 3")
    async with page.expect_navigation():
        await page.keyboard.press("Control+Enter")
    await fits(page)
    assert await page.input_value("#rows") == ""
    assert await bench.rows(ENDED) == [("1021", "no_answer")]
