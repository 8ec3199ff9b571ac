"""An appeal is registered in the middle of a call: once, with consent, and the questionnaire goes on where it stood."""

from __future__ import annotations

import re
from html import unescape

from desk_bench import Desk, words_of

from tests.access.access_bench import House
from tests.doors.doors_bench import Bench, at

CASES = (
    "SELECT source, content, category, status, anonymity, first_handler FROM followup.case_file ORDER BY id"
)
LAMP = "村口路灯坏了一个多月,晚上走路怕"


async def talking(desk: Desk, bench: Bench) -> None:
    """王秀英 has picked up and answered the first question."""
    wang = await bench.resident("王秀英")
    await bench.survey(wang, "operator", closes_at=at("11 20:30"))
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="answered")
    await desk.press("say", value="1")


async def open_form(desk: Desk) -> str:
    path = re.search(r'href="(/desk/[\w-]+/appeal)"', desk.browser.page)
    assert path
    assert (await desk.browser.get(path[1])).status == 200
    return path[1]


async def send(desk: Desk, path: str, **typed: str) -> str:
    form = re.search(r'name="form" value="([^"]+)"', desk.browser.page)
    assert form
    response = await desk.browser.send(path, **{"form": form[1], "place": "王庄村", **typed})
    assert response.status == 200
    return desk.words


async def test_it_is_registered_and_the_question_stands_as_it_stood(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    asked = desk.words
    path = await open_form(desk)
    assert desk.words.startswith("通话没有断,问题停在这里:")
    done = await send(desk, path, content=f"{LAMP},打我15400000001", consent="yes")
    assert re.fullmatch(r"已登记 请念给居民听: 事项 \d+号 查询码.*? [A-Z0-9]{8} 回到通话", done)
    assert await desk.look() == asked
    assert await bench.rows(CASES) == [
        ("outbound", f"{LAMP},打我〔号码〕", "0106", "registered", "named", "1021")
    ]


async def test_a_form_sent_twice_is_one_case(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    path = await open_form(desk)
    page = desk.browser.page
    first = await send(desk, path, content=LAMP, consent="yes")
    desk.browser.page = page
    assert await send(desk, path, content=LAMP, consent="yes") == first
    assert await bench.one("SELECT count(*) FROM followup.case_file") == 1


async def test_without_consent_or_words_nothing_is_registered_and_nothing_typed_is_lost(
    desk: Desk, bench: Bench
) -> None:
    await talking(desk, bench)
    path = await open_form(desk)
    assert "要居民同意登记转办,才能登记。" in await send(desk, path, content=LAMP)
    assert LAMP in desk.words
    assert "请写下居民反映什么。" in await send(desk, path, content=" ", consent="yes")
    assert "area 110000 is no area of centre" in await send(
        desk, path, content=LAMP, consent="yes", area="110000"
    )
    assert await bench.rows(CASES) == []


async def test_an_anonymous_appeal_has_no_resident(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    path = await open_form(desk)
    done = await send(desk, path, content=LAMP, consent="yes", anonymity="anonymous")
    assert "匿名:查询码是以后唯一能查到它的办法。" in done
    assert await bench.rows("SELECT anonymity, person_id FROM followup.case_file") == [("anonymous", None)]


async def test_nobody_registers_in_the_call_of_another(desk: Desk, house: House, bench: Bench) -> None:
    await talking(desk, bench)
    path = re.search(r'href="(/desk/[\w-]+/appeal)"', desk.browser.page)
    assert path
    other = Desk(bench, house)
    await other.sign_in("1022", "赵敏")
    sent = await other.browser.send(path[1], form="x", content=LAMP, consent="yes")
    looked = await other.browser.get(path[1])
    for response in (sent, looked):
        assert (response.status, response.headers["Location"]) == (303, "/desk?said=gone")
    assert await bench.rows(CASES) == []


async def test_before_anybody_has_picked_up_there_is_nothing_to_register(desk: Desk, bench: Bench) -> None:
    wang = await bench.resident("王秀英")
    await bench.survey(wang, "operator", closes_at=at("11 20:30"))
    await desk.press("next")
    assert "/appeal" not in desk.browser.page
    assert (await desk.browser.get("/desk/ref-0002/appeal")).status == 303


async def test_the_page_speaks_english(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    path = await open_form(desk)
    await desk.browser.get(f"{path}?lang=en")
    page = unescape(desk.browser.page)
    assert "by the words" in page and "Register an appeal" in page
    assert "登记诉求" in words_of(page)  # both languages are there, and the page's own style shows one
