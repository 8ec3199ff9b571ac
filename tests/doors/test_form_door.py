"""The web form at its door: where a link is laid, what a page does, and how a thread goes between text and form."""

from __future__ import annotations

import asyncio

import pytest
from doors_bench import FIXED, Bench, at
from forms_bench import PUBLIC, Thread, everything, invited

from survey import dialing, filling
from survey.dialogue.state import State
from survey.filling import ExpiredLink, Sent, UnknownLink
from survey.form_traces import as_filled_in, without_secret
from survey.questionnaire import Questionnaire, library

FIRST_TEXT = (
    "【遂澜民调中心】平安建设调查(3题):您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"
)


async def up_to(thread: Thread, question: str) -> None:
    """Answers every question of the perception survey before this one by its first option."""
    while (asking := await thread.asking()) != [question]:
        await thread.send("991721100" if asking == ["S2"] else "1")


async def state_of(thread: Thread) -> State:
    body = await thread.bench.one(
        "SELECT i.state FROM survey.interview i JOIN survey.contact k ON k.id = i.contact_id WHERE k.person_id = $1",
        thread.person.id,
    )
    return State.from_json(body)


# -- links ----------------------------------------------------------------------------------------------------------


async def test_a_text_carries_a_link_where_the_campaign_says_so_and_nowhere_else(bench: Bench) -> None:
    without = await invited(bench, "李娜", links=False)
    assert (without.invitation, without.token) == (FIRST_TEXT, "")
    assert await bench.one("SELECT count(*) FROM survey.form_link") == 0

    bench.later(minutes=1)
    linked = await invited(bench, "何平")
    assert linked.invitation == f"{FIRST_TEXT},或网页填写 {PUBLIC}/f/{linked.token}"
    assert await bench.rows("SELECT body, segments FROM survey.text_out ORDER BY id") == [
        (FIRST_TEXT, 1),
        (linked.invitation, 2),
    ]


async def test_a_questionnaire_without_a_question_for_pages_gets_no_link(bench: Bench) -> None:
    by_phone = Questionnaire.model_validate(
        {
            "code": "by_phone",
            "version": 1,
            "title": {"zh": "只在电话和短信里问"},
            "choices": {"yes": [{"code": "1", "label": {"zh": "是"}}]},
            "items": [
                {"id": "A", "kind": "select_one", "choices": "yes", "modes": ["voice", "text"], "prompt": {"zh": "好吗?"}}
            ],
        }
    )  # fmt: skip
    assert (await invited(bench, "何平", instrument=by_phone)).token == ""


async def test_a_token_is_two_references_cut_to_22_characters(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    assert thread.token == "ref-0003ref-0004"  # 22 of the 32 that two real ones have
    assert await bench.rows("SELECT created_at, expires_at FROM survey.form_link") == [
        (at("9 10:00"), at("12 10:00"))  # as long as the thread waits
    ]


# -- pages ----------------------------------------------------------------------------------------------------------


async def test_a_form_from_its_first_page_to_its_last(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    first = await thread.view()
    assert (first.title, first.centre, first.place, first.back, first.last) == (
        "平安建设民意调查",
        "遂澜县社情民意调查中心",
        "第 1 题,共 10 题",
        "",
        False,
    )
    assert [entry.prompt for entry in first.entries] == [
        "您好,这是遂澜社情民意调查中心的平安建设民意调查。",
        "您是从本地居民名单中随机抽取的。",
        "回答只用于统计、严格保密,大约四分钟。不收费,不问密码和验证码。",
        "请问您是否年满18周岁,并且在本县居住半年以上?",
    ]
    await up_to(thread, "Q5")
    assert not await thread.send("2", "3")  # stolen from and cheated
    await up_to(thread, "Q11")
    assert not await thread.send("巷口的路灯坏了")
    assert (await thread.view()).last
    assert await thread.send("1")
    done = await thread.view()
    assert (done.over, done.done, done.entries) == (True, True, ())
    assert done.words[0] == "您反映的问题我们会登记,转有关部门办理,并把结果告诉您。"
    assert await bench.answers(thread.person) == {
        "S1": "1", "S2": "991721100", "Q1": "1", "Q2": "1", "Q3": "1", "Q5": "2 3", "Q6": "1", "Q10_age": "1",
        "Q10_sex": "1", "Q11": "巷口的路灯坏了", "Q12": "1",
    }  # fmt: skip
    assert await bench.attempts(thread.person) == ["text ended complete"]
    assert await bench.rows("SELECT mode, status, outcome FROM survey.interview") == [
        ("web", "complete", "complete")
    ]
    assert await bench.announced() == [("interview_finished", "complete")]
    assert await bench.rows("SELECT DISTINCT channel, call_sid FROM survey.input") == [
        ("web", f"web:{thread.token}")
    ]
    assert [step for (step,) in await bench.rows("SELECT step FROM survey.input ORDER BY id")] == list(
        range(11)
    )


async def test_looking_changes_nothing(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    before = await everything(bench)
    first = await thread.view()
    assert await thread.view() == first
    await thread.send("1")
    between = await everything(bench)
    await thread.view()
    assert await everything(bench) == between != before


async def test_a_page_sent_twice_is_stored_once_and_an_old_one_shows_the_current(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await thread.send("1", step=0)
    second = await thread.view()
    assert second.step == 1
    for step in (0, 0, 7, -1):
        assert not await thread.send("2", step=step)
    assert await thread.view() == second
    assert await bench.answers(thread.person) == {"S1": "1"}
    assert await bench.one("SELECT count(*) FROM survey.input") == 1


async def test_a_double_click_is_one_page(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    page = Sent(0, {"S1": ("1",)})
    await asyncio.gather(*(filling.fill(bench.ground, thread.token, page, bench.real) for _ in range(6)))
    assert await bench.answers(thread.person) == {"S1": "1"}
    assert await bench.one("SELECT count(*) FROM survey.input") == 1


async def test_what_is_missing_or_wrong_is_asked_again_with_what_was_written(bench: Bench) -> None:
    thread = await invited(bench, "王芳", instrument=library("special_poll"))
    await thread.send()
    (empty,) = [entry for entry in (await thread.view()).entries if entry.look != "note"]
    assert (empty.name, empty.fault, empty.focus, empty.required) == ("P1", "请回答这一题。", True, True)
    await thread.send("1")
    while await thread.asking() != ["P5"]:
        await thread.send("1")
    await thread.send("50")
    (too_many,) = (await thread.view()).faults
    assert (too_many.value, too_many.fault, too_many.inputmode) == ("50", "请报1到20之间的人数。", "numeric")
    await thread.send("3", missing="dk")  # a number and "I can't say" at once
    (both,) = (await thread.view()).faults
    assert (both.value, both.fault) == ("3", "请填一个整数,例如 3。")
    assert [choice.code for choice in both.quiet if choice.chosen] == ["dk"]
    await thread.send(missing="dk")
    assert (await bench.answers(thread.person))["P5"] == "dk"


async def test_words_too_long_are_cut_where_reading_ends_and_no_field_of_another_page_counts(
    bench: Bench,
) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q11")
    step = (await thread.look()).step
    page = Sent(step, {"Q11": ("坏" * 5000,), "Q1": ("4",), "nothing of ours": ("x",)})
    await filling.fill(bench.ground, thread.token, page, bench.real)
    answers = await bench.answers(thread.person)
    assert (len(answers["Q11"]), answers["Q1"]) == (600, "1")
    said = await bench.one("SELECT said FROM survey.input ORDER BY id DESC LIMIT 1")
    assert "nothing of ours" not in said and '"Q1"' not in said


async def test_going_back_shows_the_answer_and_keeps_both(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q1")
    assert (await thread.view()).back == "S2"
    await thread.send("3")
    await thread.send(back="Q1")
    again = await thread.view()
    (entry,) = again.entries
    assert (entry.name, [choice.code for choice in entry.choices if choice.chosen]) == ("Q1", ["3"])
    assert (again.back, again.place) == ("S2", "第 3 题,共 10 题")
    await thread.send("2")
    assert (await thread.view()).place == "第 4 题,共 10 题"
    assert await bench.rows(
        "SELECT revision, code FROM survey.answer WHERE question_id = 'Q1' ORDER BY revision"
    ) == [(1, "3"), (2, "2")]


# -- buttons, danger, children --------------------------------------------------------------------------------------


async def test_help_says_who_asks_and_keeps_what_was_chosen(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await thread.send("2", button="again")
    note, question = (await thread.view()).entries
    assert (
        note.prompt == "我们是遂澜社情民意调查中心,做平安建设调查,回答只用于统计。不收费,不问密码和验证码。"
    )
    assert [choice.code for choice in question.choices if choice.chosen] == ["2"]
    assert await bench.answers(thread.person) == {}


async def test_a_person_is_one_button_away(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    assert await thread.send("2", button="person")
    assert (await thread.view()).words == ("好的,工作人员会给您回电话。",)
    assert await bench.rows("SELECT person_id, reason, urgent FROM survey.handover") == [
        (thread.person.id, "asked_for", False)
    ]
    assert await bench.rows("SELECT said FROM survey.input") == [('web:{"_button": "person"}',)]


async def test_never_again_on_a_page_of_a_survey_means_no_survey(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await thread.send("1")
    assert await thread.send(button="stop")
    assert (await thread.view()).words == ("已退订,今后不再请您参加调查。您要求告知的事项结果仍会告诉您。",)
    assert await bench.opt_outs(thread.person) == {"survey": "web"}
    assert await bench.attempts(thread.person) == ["text ended opted_out"]


async def test_words_of_danger_end_the_form_and_go_to_a_person_at_once(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q11")
    assert await thread.send("老公打我,救命")
    last = await thread.view()
    assert last.over and not last.done
    assert last.calls[:1] == ("110",)
    assert await bench.rows("SELECT reason, urgent, words FROM survey.handover") == [
        ("distress_violence", True, "老公打我,救命")
    ]


async def test_of_a_child_nothing_is_kept(bench: Bench) -> None:
    thread = await invited(bench, "小明")
    await up_to(thread, "Q11")
    await thread.send("学校门口总有人要钱")
    await thread.send(back="Q11")
    assert await thread.send("我今年12岁")
    assert (await thread.view()).words == ("谢谢你。这次只请成年人参加,你的回答不会保留。",)
    assert await bench.answers(thread.person) == {}
    rows = await everything(bench)
    assert "学校门口" not in rows and "12岁" not in rows
    assert await bench.rows("SELECT DISTINCT said FROM survey.input") == [("",)]
    assert (await state_of(thread)).answers == {}


# -- text and form --------------------------------------------------------------------------------------------------


async def test_what_was_answered_by_text_is_not_asked_on_the_form(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await thread.text("SM1", "比较安全")
    first = await thread.view()
    assert first.entries[0].prompt == "我们接着上次没答完的问题。"
    asked = []
    while not (await thread.view()).over:
        asked += await thread.asking()
        await thread.send("991721100" if asked[-1] == "S2" else "没有" if asked[-1] == "Q11" else "1")
    assert sorted(asked) == sorted(["S1", "S2", "Q2", "Q3", "Q5", "Q6", "Q10_age", "Q10_sex", "Q11", "Q12"])
    assert (await bench.answers(thread.person))["Q1"] == "2"
    assert await bench.attempts(thread.person) == ["text ended complete"]


async def test_a_text_while_the_form_is_under_way_goes_on_by_text_and_the_form_again(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q5")  # Q1 to Q3 are answered, and the thread had asked for Q1
    reply = await thread.text("SM1", "4")
    assert reply.startswith("【遂澜民调中心】接着上次的问题:您的年龄段:1)18-29 2)30-44")
    assert reply.endswith(f",或网页填写 {PUBLIC}/f/{thread.token}")
    assert "Q10_age" not in await bench.answers(thread.person)  # "4" was meant for another question
    assert await thread.text("SM1", "4") == reply
    assert await bench.rows("SELECT mode FROM survey.interview") == [("text",)]
    await thread.send("1")  # the form goes on where it was
    assert (await bench.answers(thread.person))["Q5"] == "1"
    await up_to(thread, "Q10_age")
    await thread.text("SM2", "42")  # this one the thread had asked: the fourth age group, the second sex
    answers = await bench.answers(thread.person)
    assert (answers["Q10_age"], answers["Q10_sex"]) == ("4", "2")
    assert (await thread.view()).over  # texts ask no more of somebody who feels safe


async def test_a_reply_to_the_question_that_still_stands_is_its_answer(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await thread.send("1")  # S1, which texts do not ask
    await thread.text("SM1", "3")
    assert (await bench.answers(thread.person))["Q1"] == "3"
    assert "Q1" not in await thread.asking()


async def test_reserved_words_by_text_count_while_the_form_is_under_way(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q5")
    assert "已退订" in await thread.text("SM1", "退订")
    assert await bench.opt_outs(thread.person) == {"survey": "text"}
    assert (await thread.view()).words == ("这次调查已经结束",)


async def test_a_text_when_texts_have_nothing_left_to_ask_thanks_and_ends(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q11")
    assert await thread.text("SM1", "1") == "【遂澜民调中心】谢谢您的参与。"
    assert await bench.attempts(thread.person) == ["text ended complete"]
    assert (await thread.view()).words == ("您已经答完了,不用再填。",)


async def test_a_page_made_before_a_text_came_stores_nothing(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await thread.send("1")
    made = (await thread.look()).step
    await thread.text("SM1", "4")  # answers Q1
    assert not await thread.send("991721100", step=made)
    assert await bench.answers(thread.person) == {"S1": "1", "Q1": "4"}
    assert await thread.asking() == ["S2"]


async def test_two_cases_of_a_person_follow_one_another_on_the_form(bench: Bench) -> None:
    lamp = "3盏路灯已换新"
    cases = [
        {"case_short": "0037", "result": FIXED, "query_code": "K7Q2M9XA"},
        {"case_short": "0041", "result": lamp, "query_code": "M2X4P8RT"},
    ]
    thread = await invited(bench, "赵强", instrument=library("callback"), cases=cases)
    assert await thread.asking() == ["C0"]  # whether it is the right person comes before any word of a case
    assert not [entry for entry in (await thread.view()).entries if FIXED in entry.prompt]
    told, asked = [], []
    while not (view := await thread.view()).over:
        told += [
            entry.prompt for entry in view.entries if entry.look == "note" and "办理结果" in entry.prompt
        ]
        asked += await thread.asking()
        await thread.send("1")
        assert (
            await bench.rows("SELECT mode FROM survey.interview WHERE status = 'open' AND mode <> 'web'")
            == []
        )
    assert told == [f"您反映的0037号事项,办理结果是:{FIXED}。", f"您反映的0041号事项,办理结果是:{lamp}。"]
    assert asked == ["C0", "C1", "C2", "C3", "C6", "C1", "C2", "C3", "C6"]
    assert await bench.rows("SELECT mode, status, told_text FROM survey.interview ORDER BY position") == [
        ("web", "complete", FIXED),
        ("web", "complete", lamp),
    ]
    assert await bench.attempts(thread.person) == ["text ended complete"]


async def test_not_me_on_the_form_tells_nothing_and_unlinks_the_number(bench: Bench) -> None:
    case = {"case_short": "0037", "result": FIXED, "query_code": "K7Q2M9XA"}
    thread = await invited(bench, "赵强", instrument=library("callback"), cases=[case])
    assert await thread.send("2")
    assert (await thread.view()).words == ("对不起,打扰您了。我们会更正号码,不再联系您。",)
    assert await bench.one("SELECT unlinked_at FROM survey.person WHERE id = $1", thread.person.id)
    assert await bench.one("SELECT told_at FROM survey.interview") is None


# -- the end --------------------------------------------------------------------------------------------------------


async def test_a_finished_form_says_so_until_its_link_expires(bench: Bench) -> None:
    thread = await invited(bench, "王芳", instrument=library("fraud_selftest"))
    while not await thread.send("1"):
        pass
    words = (
        "您得了10分,满分10分。计分规则:每题最稳妥的做法2分,其次1分,其余和说不清0分。遇到可疑电话,请打96110咨询。",
    )
    assert (await thread.view()).words == words
    assert not await thread.send("2", step=5)
    bench.later(hours=71)
    assert (await thread.view()).words == words
    bench.later(hours=1)
    with pytest.raises(ExpiredLink):
        await thread.look()
    with pytest.raises(ExpiredLink):
        await filling.fill(bench.ground, thread.token, Sent(0), bench.real)


async def test_a_link_that_nobody_was_sent_leads_nowhere(bench: Bench) -> None:
    for token in ("no-such-token", "", "' OR 1=1 --", "\x00"):
        with pytest.raises(UnknownLink):
            await filling.look(bench.ground, token)
        with pytest.raises(UnknownLink):
            await filling.fill(bench.ground, token, Sent(0), bench.real)


async def test_a_form_left_half_done_keeps_its_answers_when_the_thread_ends(bench: Bench) -> None:
    thread = await invited(bench, "何平")
    await up_to(thread, "Q5")
    bench.later(hours=72)
    await dialing.expire_threads(bench.ground, bench.line)
    answers = await bench.answers(thread.person)
    assert {"S1", "S2", "Q1"} <= set(answers)
    assert await bench.rows("SELECT mode, status, outcome FROM survey.interview") == [
        ("web", "partial", "partial")
    ]


# -- what others read of it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ('web:{"Q1": "1"}', "1"),
        ('web:{"P2": "1 other", "P2_other": "烧烤摊", "P7": ""}', "1 other; 烧烤摊"),
        ('web:{"_button": "again", "Q1": "2"}', "(这是什么调查?); 2"),
        ('web:{"_button": "person"}', "(要和工作人员说)"),
        ("correct:Q1", "(回上一题)"),
        ("stop", "(不要再联系)"),
        ("", ""),
    ],
)
def test_a_stored_page_as_a_person_reads_it(said: str, read: str) -> None:
    assert as_filled_in(said) == read


def test_a_text_is_shown_without_the_secret_of_its_link() -> None:
    text = "回数字,0人工,退订回T,或网页填写 https://minyi.example/f/Xk3-_9aQ7LmZ2pR8tVw4yA"
    assert without_secret(text) == "回数字,0人工,退订回T,或网页填写 https://minyi.example/f/…"
