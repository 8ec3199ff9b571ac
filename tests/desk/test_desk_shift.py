"""A shift at the desk: ready, in a call, wrapping up, on a break, gone; an insult, a note, and what residents ask back."""

from __future__ import annotations

import pytest
from desk_bench import Desk

from survey import desk_shift, linked_calls, linked_dialling, linked_operators, operating
from survey.desk_shift import SomebodyInHand
from survey.dialogue.asked_back import asked_back, entries
from survey.operating import OnBreak
from tests.doors.doors_bench import Bench, Resident, at

STATES = "SELECT left_state, state, why FROM survey.desk_state_event ORDER BY id"
ATTEMPTS = "SELECT operator, status, disposition FROM survey.attempt ORDER BY id"
NOTES = "SELECT staff, kind, words FROM survey.contact_note ORDER BY id"


async def waiting(bench: Bench, name: str = "王秀英") -> Resident:
    person = await bench.resident(name)
    await bench.survey(person, "operator", closes_at=at("11 20:30"))
    return person


async def talking(desk: Desk, bench: Bench) -> Resident:
    wang = await waiting(bench)
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="answered")
    await desk.press("say", value="1")
    return wang


async def test_each_state_leaves_a_row_that_names_the_one_before(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    assert "通话" in desk.browser.page
    assert "刚才那通电话的备注" in await desk.press("hang-up")
    assert (await desk.press("break")).startswith("休息 休息时不会分到任何人。 休息结束,继续 下岗")
    assert (await desk.press("ready")).startswith("拨打下一位")
    assert (await desk.press("leave")).startswith("已下岗,手上没有人。 开始上岗")
    assert await bench.rows(STATES) == [
        ("off", "ready", ""),
        ("ready", "in_call", ""),
        ("in_call", "wrap_up", ""),
        ("wrap_up", "break", "asked_for"),
        ("break", "ready", ""),
        ("ready", "off", ""),
    ]


async def test_a_call_that_nobody_took_leaves_nothing_to_wrap_up(desk: Desk, bench: Bench) -> None:
    await waiting(bench)
    for form in ("next", "number"):
        await desk.press(form)
    await desk.press("outcome", value="busy")
    assert "刚才那通电话的备注" not in desk.words
    assert (await bench.rows(STATES))[-1] == ("in_call", "ready", "")


async def test_a_break_is_never_given_a_contact(desk: Desk, bench: Bench) -> None:
    await waiting(bench)
    await desk.press("break")
    await desk.browser.send("/desk/next")
    with pytest.raises(OnBreak):
        await operating.next_task(bench.ground, "1021")
    assert await bench.rows(ATTEMPTS) == []


async def test_whoever_goes_on_a_break_gives_back_whom_they_took(desk: Desk, bench: Bench) -> None:
    wang = await waiting(bench)
    await desk.press("next")
    assert "休息时不会分到任何人。" in await desk.press("break")
    assert await bench.rows(ATTEMPTS) == [("1021", "ended", "cancelled")]
    assert await bench.one("SELECT status FROM survey.sample_unit") == "waiting"
    assert await bench.one("SELECT count(*) FROM survey.number_access") == 0
    assert wang.number not in desk.browser.page


async def test_no_break_while_somebody_may_be_ringing(desk: Desk, bench: Bench) -> None:
    await waiting(bench)
    for form in ("next", "number"):
        await desk.press(form)
    with pytest.raises(SomebodyInHand):
        await desk_shift.rest(bench.ground, "1021")
    await desk.browser.send("/desk/break")
    assert "手上还有人,先记结果再休息。" in await desk.look("?said=somebody")
    assert (await bench.rows(STATES))[-1] == ("ready", "in_call", "")


async def test_whoever_signs_out_leaves_nobody_at_their_desk(desk: Desk, bench: Bench) -> None:
    wang = await talking(desk, bench)
    await desk.browser.get("/home")
    assert (await desk.browser.send("/sign-out")).status == 303
    assert await bench.one("SELECT status FROM survey.attempt") == "ended"
    assert await bench.answers(wang) == {"S1": "1"}
    assert (await bench.rows(STATES))[-1] == ("in_call", "off", "")


async def test_nobody_is_connected_to_an_operator_on_a_break(desk: Desk, bench: Bench) -> None:
    """李秀英 waits on her line, takes a break, and no call is placed for her; back again, one is."""
    wang = await waiting(bench)
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'progressive'")
    await desk.press("duty", number="154 9900 0007")
    await linked_operators.link(bench.ground, bench.line)
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    assert await linked_operators.answered(bench.ground, str(room), str(sid))
    await desk.look()
    assert "休息时不会分到任何人。" in await desk.press("break")
    bench.later(minutes=1)
    assert await linked_dialling.dial_linked(bench.ground, bench.line, lambda: None) == 0
    await desk.press("ready")
    bench.later(minutes=1)
    assert await linked_dialling.dial_linked(bench.ground, bench.line, lambda: None) == 1
    await desk.press("break")  # the call is under way: nobody is there for it any more
    reply = await linked_calls.picked_up(bench.ground, await bench.attempt_ref(wang), await bench.sid(wang))
    assert reply is not None and reply.room is None
    assert await bench.rows("SELECT state FROM survey.linked_operator") == [("ready",)]


async def test_an_insult_ends_the_call_and_brings_a_pause(desk: Desk, bench: Bench) -> None:
    wang = await talking(desk, bench)
    assert "通话已经结束,不用再理会。歇到 10:10 再说" in await desk.press("insulted")
    assert await bench.rows(ATTEMPTS) == [("1021", "ended", "refusal_hard")]
    assert await bench.answers(wang) == {"S1": "1"}
    assert await bench.rows(NOTES) == [("1021", "abuse", "")]
    assert (await bench.rows(STATES))[-1] == ("in_call", "break", "abuse")
    with pytest.raises(OnBreak):
        await operating.next_task(bench.ground, "1021")
    assert (await desk.press("ready")).startswith("拨打下一位")


async def test_before_anybody_has_picked_up_there_is_nobody_to_insult(desk: Desk, bench: Bench) -> None:
    await waiting(bench)
    await desk.press("next")
    await desk.browser.send("/desk/ref-0002/insulted")
    await desk.look()
    assert await bench.rows("SELECT status FROM survey.attempt") == [("dialing",)]


async def test_a_note_is_for_whoever_calls_next_and_holds_no_number(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    asked = desk.words
    noted = await desk.press("note", words="耳背,说慢一点;儿子电话15400000009")
    assert noted.startswith("备注已记下。") and "1021:耳背,说慢一点;儿子电话〔号码〕" in noted
    assert asked.rpartition("以前没有联系过。")[2][:40] in noted
    await desk.press("hang-up")
    await desk.press("note", words="下午在家")
    assert await bench.rows(NOTES) == [
        ("1021", "note", "耳背,说慢一点;儿子电话〔号码〕"),
        ("1021", "note", "下午在家"),
    ]
    await desk.press("break")
    response = await desk.browser.send("/desk/ref-0002/note", words="太晚了")
    assert response.headers["Location"] == "/desk?said=gone"


async def test_what_a_resident_asks_is_answered_in_one_wording(desk: Desk, bench: Bench) -> None:
    await talking(desk, bench)
    assert "你怎么有我的号码? 您是从本地居民名单中随机抽取的。" in desk.words
    assert "工号1021" in desk.words and "{" not in desk.words


def test_every_answer_is_there_in_both_languages_and_for_whoever_is_called() -> None:
    facts = {"centre": "遂澜县", "staff_no": "1021"}
    for about in ("random", "list", "case"):
        zh, en = asked_back(about, "zh", facts), asked_back(about, "en", facts)  # type: ignore[arg-type]
        assert len(zh) == len(en) == len(entries()) == 7
        assert all(one.answer and "{" not in one.answer for one in (*zh, *en))
    assert asked_back("random", "zh", facts)[0].answer.startswith("号码是电脑随机抽取的")
    assert "随机" not in asked_back("case", "zh", facts)[0].answer
