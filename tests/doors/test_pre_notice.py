"""A text announces the call: who will call, about what, from which number, how to say no. It asks nothing and ends nothing."""

from __future__ import annotations

from typing import Any

import pytest
from doors_bench import Bench, Resident, at
from test_planned_campaigns import listed, look, started, written

from survey import dialing
from survey.dialogue.notice import pre_notice
from survey.field.campaign_document import CampaignDocument
from survey.interviewing import Text, take_text, take_texts
from survey.questionnaire import library
from survey.questionnaire.segments import segments
from survey.store import callers

SIGNED = "【遂澜民调中心】"
NOTICE = SIGNED + "近日我们将用本号码给您打电话,做夜间噪声专项民意调查。不愿参加请回T。"


async def announced(bench: Bench, **instead: Any) -> Resident:
    """The one person of such a campaign, who has just been texted, on Monday in calling hours."""
    await released(bench, **instead)
    bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    number = bench.carrier.asked[-1].number
    return Resident("居民0", await bench.one("SELECT person_id FROM survey.sample_unit"), number)


async def released(bench: Bench, *, born: int = 1990, **instead: Any) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 1)
    await bench.run("UPDATE survey.person SET birth_year = $1", born)
    plan = {
        "modes": ["pre_notice", "voice"],
        "mode_delays": {"voice": 24},
        "sample": {"size": 1, "replicate": 1},
        "targets": {},
    }
    await started(bench, written(**plan | instead))
    await look(bench)


async def the_unit(bench: Bench) -> tuple[Any, ...]:
    (row,) = await bench.rows("SELECT status, disposition, next_mode FROM survey.sample_unit")
    return row


async def hours_pass(bench: Bench, hours: float) -> None:
    bench.later(hours=hours)
    await dialing.expire_threads(bench.ground, bench.line)


async def delivered(bench: Bench, person: Resident, word: str = "delivered") -> None:
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    await dialing.record_progress(bench.ground, ref, sid, word, None, {})


async def says(bench: Bench, person: Resident, sid: str, body: str) -> str:
    return (await take_text(bench.ground, person.number, sid, body, bench.real)).body


async def test_the_text_goes_out_and_the_call_a_day_later(bench: Bench) -> None:
    wang = await announced(bench)
    assert bench.carrier.asked[-1].body == NOTICE
    texted_at = bench.clock.now()
    await delivered(bench, wang)
    assert await the_unit(bench) == ("in_contact", "not_attempted", None)
    await hours_pass(bench, 1)
    assert await bench.attempts(wang) == ["text ended notified"]
    assert await the_unit(bench) == ("waiting", "notified", "voice")

    due = await bench.one("SELECT due_at FROM survey.sample_unit")
    assert (due - texted_at).total_seconds() >= 24 * 3600
    bench.clock.moment = due
    assert await dialing.dial_due(bench.ground, bench.line) == 1
    assert (bench.carrier.asked[-1].number, bench.carrier.asked[-1].body) == (wang.number, "")


async def test_it_names_the_number_that_will_call_where_that_is_known(bench: Bench) -> None:
    async with bench.ground.pool.acquire() as conn:
        await callers.keep(conn, [("+8615400000099", "AC1", 1.0)], bench.clock.now())
    await announced(bench)
    assert bench.carrier.asked[-1].caller == "+8615400000099"
    assert "近日我们将用+8615400000099给您打电话," in bench.carrier.asked[-1].body


@pytest.mark.parametrize(
    ("lang", "number", "said"),
    [
        ("zh", "", "近日我们将用本号码给您打电话,做夜间噪声专项民意调查。不愿参加请回T。"),
        (
            "zh",
            "+8615400000099",
            "近日我们将用+8615400000099给您打电话,做夜间噪声专项民意调查。不愿参加请回T。",
        ),
        (
            "en",
            "",
            "We will call you from this number: Special poll on noise at night. If you would rather not, reply T.",
        ),
        (
            "en",
            "+8615400000099",
            "We will call you from +8615400000099: Special poll on noise at night. If you would rather not, reply T.",
        ),
    ],
)
def test_who_about_what_from_where_and_how_to_say_no(lang: Any, number: str, said: str) -> None:
    facts = {"signature": "遂澜民调中心"}
    body = pre_notice(library("special_poll"), lang=lang, facts=facts, number=number)
    assert body == SIGNED + said
    assert "?" not in body and segments(body) == (1 if lang == "zh" else 2)


async def test_old_people_are_called_without_a_text(bench: Bench) -> None:
    await released(bench, born=1950)
    assert await the_unit(bench) == ("waiting", "not_attempted", "voice")


@pytest.mark.parametrize("after_hours", [0, 1, 30])
async def test_whoever_replies_stop_is_not_called(bench: Bench, after_hours: float) -> None:
    """While the receipt is waited for, and later."""
    wang = await announced(bench)
    await hours_pass(bench, after_hours)
    assert await says(bench, wang, "SM1", "T") == SIGNED + "已为您退订,不会再为调查给您打电话。"
    assert await bench.opt_outs(wang) == {"survey": "text"}
    await hours_pass(bench, 1)
    bench.clock.moment = at("11 10:00")
    await bench.run("UPDATE survey.sample_unit SET due_at = $1 WHERE status = 'waiting'", bench.clock.now())
    assert await dialing.dial_due(bench.ground, bench.line) == 0
    assert await the_unit(bench) == ("done", "opted_out", None)


@pytest.mark.parametrize("after_hours", [0, 1])
async def test_any_other_reply_reaches_a_person_and_answers_nothing(bench: Bench, after_hours: float) -> None:
    wang = await announced(bench)
    await hours_pass(bench, after_hours)
    assert await take_texts(bench.ground, [Text(wang.number, "SM1", "1", bench.real)]) == [None]
    assert await says(bench, wang, "SM1", "1") == SIGNED + "谢谢您的回复,您的短信会由工作人员阅读。"
    assert await says(bench, wang, "SM1", "1") == SIGNED + "谢谢您的回复,您的短信会由工作人员阅读。"
    assert await bench.rows("SELECT reason FROM survey.inbox_text") == [("to_notice",)]
    assert await bench.answers(wang) == {}
    await hours_pass(bench, 1)
    assert await the_unit(bench) == ("waiting", "notified", "voice")


@pytest.mark.parametrize(("word", "code"), [("unreachable", "text_unreachable"), ("blocked", "text_blocked")])
async def test_a_text_that_does_not_arrive_keeps_nobody_from_being_called(
    bench: Bench, word: str, code: str
) -> None:
    wang = await announced(bench)
    await delivered(bench, wang, word)
    assert await the_unit(bench) == ("waiting", code, "voice")


async def test_it_is_one_of_the_four_attempts_and_ends_none_of_them(bench: Bench) -> None:
    wang = await announced(bench, closes=at("31 12:00").date())
    await hours_pass(bench, 1)
    for _ in range(3):
        bench.clock.moment = await bench.one("SELECT due_at FROM survey.sample_unit")
        assert await dialing.dial_due(bench.ground, bench.line) == 1
        await delivered(bench, wang, "no_answer")
    assert await bench.attempts(wang) == ["text ended notified", *["voice ended no_answer"] * 3]
    assert await the_unit(bench) == ("done", "no_answer", None)


async def test_whoever_was_announced_a_call_and_never_called_was_not_attempted(bench: Bench) -> None:
    await announced(bench, closes=at("9 12:00").date())
    await hours_pass(bench, 1)
    assert await the_unit(bench) == ("done", "not_attempted", None)


@pytest.mark.parametrize(
    "modes",
    [["pre_notice"], ["voice", "pre_notice"], ["pre_notice", "text"], ["pre_notice", "voice", "text"]],
)
def test_it_stands_first_and_before_a_call(modes: list[str]) -> None:
    with pytest.raises(ValueError, match="pre_notice announces a call; write it first in modes"):
        written(modes=modes)


def test_its_campaign_contacts_by_text_and_asks_by_the_rest() -> None:
    document: CampaignDocument = written(modes=["pre_notice", "voice", "operator"])
    assert document.contacts_by == ("text", "voice", "operator")
    assert document.asks_by == ("voice", "operator")
