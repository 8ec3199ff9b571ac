"""Questions that the centre answers itself; a share of them is asked about, and may turn out to have been not enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from followup_appeals import DARK, DIRECTOR, QUESTION, SUPERVISOR, SURVEYOR, Says
from followup_county import CENTRE, POLICE, at
from followup_residents import answers, state, unit_of

from followup import answering, callbacks, cases, chain_check, reading
from followup.refusals import (
    AlreadyDecided,
    AnswerIncomplete,
    CaseRefusal,
    NoDirectAnswer,
    OnlySupervisor,
    SecondSignerMissing,
    WordsWithNumbers,
)
from followup.store import intake

Tokens = Callable[[], str]
WORDS = "请带身份证和收入证明到村委会填表,由镇民政办审核"


@pytest.fixture
def replies(conn: asyncpg.Connection, tokens: Tokens) -> Callable[..., Any]:
    """The surveyor answers, out of entry K-021 of the knowledge base."""

    async def reply(number: str, when: str = "9 09:45", **fields: Any) -> bool:
        said = {"words": WORDS, "knowledge_id": "K-021", "by": SURVEYOR, **fields}
        return await answering.answer(conn, number, **said, now=at(when), tokens=tokens, seed=7)

    return reply


async def sampled_case(says: Says, replies: Callable[..., Any]) -> str:
    """The first question whose answer is asked about: by the policy about one in five."""
    for _ in range(40):
        number = (await says(appeal=QUESTION)).number
        if await replies(number):
            return number
    raise AssertionError("no answer of forty was drawn")


async def test_a_question_answered_is_done(
    conn: asyncpg.Connection, says: Says, replies: Callable[..., Any]
) -> None:
    number = (await says(appeal=QUESTION)).number
    await replies(number)
    assert await state(conn, number) == "answered, round 1, answered"
    shown = await reading.passport(conn, number)
    (kept,) = await intake.answers_of(conn, shown.case.id)
    assert (kept.words, kept.knowledge_id, kept.on_the_spot, kept.by) == (WORDS, "K-021", False, SURVEYOR)
    assert shown.events[-1].detail == {
        "knowledge_id": "K-021",
        "on_the_spot": False,
        "sampled": kept.sampled,
        "late": False,
    }


async def test_an_answer_after_the_working_day_says_that_it_is_late(
    conn: asyncpg.Connection, says: Says, replies: Callable[..., Any]
) -> None:
    number = (await says(appeal=QUESTION)).number
    await replies(number, "11 09:00")
    detail = (await reading.passport(conn, number)).events[-1].detail
    assert detail is not None
    assert detail["late"] is True


LACKS = "Case {number}: the answer needs "
ADD = ". Add that and answer again."


@pytest.mark.parametrize(
    ("appeal", "raised", "fields", "kind", "message"),
    [
        (QUESTION, {}, {"words": "", "knowledge_id": ""}, AnswerIncomplete,
         LACKS + "the answer in words (答复内容), the entry of the knowledge base (知识库条目)" + ADD),
        (QUESTION, {"category": "0901"}, {}, AnswerIncomplete,
         LACKS + "that it was solved on the spot (当场解决)" + ADD),
        (QUESTION, {}, {"words": "请打13800000000"}, WordsWithNumbers,
         "Case {number}: a result is told to the resident, so no phone or identity number. Take it out."),
        (DARK, {}, {}, NoDirectAnswer,
         "Case {number}: a matter of kind report is not answered by the centre itself. Accept it, so that a unit handles it."),
        (QUESTION, {"criticised_unit": POLICE}, {}, NoDirectAnswer,
         "Case {number}: a matter of kind consult is not answered by the centre itself. Accept it, so that a unit handles it."),
    ],
)  # fmt: skip
async def test_refusals_of_answering(
    conn: asyncpg.Connection,
    says: Says,
    replies: Callable[..., Any],
    appeal: Any,
    raised: dict[str, Any],
    fields: dict[str, Any],
    kind: type[CaseRefusal],
    message: str,
) -> None:
    number = (await says(appeal=appeal, **raised)).number
    with pytest.raises(kind) as refused:
        await replies(number, **fields)
    assert str(refused.value) == message.format(number=number)
    assert await state(conn, number) == "registered, round 1"


async def test_help_on_the_spot_is_an_answer_too(
    conn: asyncpg.Connection, says: Says, replies: Callable[..., Any]
) -> None:
    number = (await says(appeal=QUESTION, category="0901")).number
    await replies(number, knowledge_id="", on_the_spot=True)
    assert await state(conn, number) == "answered, round 1, answered"


def test_about_a_fifth_of_all_answers_is_asked_about_whoever_asks() -> None:
    lots = [f"lot-{serial}" for serial in range(5000)]
    drawn = [lot for lot in lots if answering.is_sampled(lot, 0.2)]
    assert 0.185 < len(drawn) / len(lots) < 0.215
    assert not any(answering.is_sampled(lot, 0.0) for lot in lots)
    assert all(answering.is_sampled(lot, 1.0) for lot in lots)


async def test_a_sampled_answer_that_was_not_enough_goes_the_normal_way(
    conn: asyncpg.Connection, says: Says, replies: Callable[..., Any], tokens: Tokens
) -> None:
    number = await sampled_case(says, replies)
    with pytest.raises(AlreadyDecided):
        await answering.take_on(conn, number, by=SUPERVISOR, reason="还没有人说不满意", now=at("10 09:00"))
    await answers(conn, await unit_of(conn, number, 0), at("10 10:00"), "C2=3 C3=3 C7=1", mode="voice")
    taken = await callbacks.take_finished(
        conn, now=at("10 10:00"), real_now=lambda: at("10 10:00"), tokens=tokens
    )
    assert (taken.settled, taken.flagged) == (1, 1)
    assert await state(conn, number) == "answered, round 1, answered"
    said = (await reading.passport(conn, number)).events[-1]
    assert (said.event, said.round, said.to_status) == ("callback_flagged", 0, "answered")
    assert said.detail is not None
    assert said.detail["answers"] == {"C2": "3", "C3": "3", "C7": "1"}
    with pytest.raises(OnlySupervisor) as refused:
        await answering.take_on(conn, number, by=SURVEYOR, reason="答复不清楚", now=at("10 11:00"))
    assert str(refused.value) == (
        f'Case {number}: "answer_flagged" is a supervisor\'s decision, and 调查员-0103 is none. '
        "Hand it to the supervisor."
    )
    await answering.take_on(conn, number, by=SUPERVISOR, reason="答复不清楚", now=at("10 11:00"))
    assert await state(conn, number) == "accepted, round 1"
    await cases.submit(conn, number, by="审核员-0101", now=at("10 11:30"))
    assert (await chain_check.check(conn)).faults == ()
    circle = await reading.circle(conn, CENTRE)
    assert [str(identity) for identity in circle.identities if not identity.holds] == []


async def test_a_flagged_answer_that_stands_is_signed_by_two(
    conn: asyncpg.Connection, says: Says, replies: Callable[..., Any], tokens: Tokens
) -> None:
    number = await sampled_case(says, replies)
    await answers(conn, await unit_of(conn, number, 0), at("10 10:00"), "C2=3 C3=3 C7=1", mode="voice")
    await callbacks.take_finished(conn, now=at("10 10:00"), real_now=lambda: at("10 10:00"), tokens=tokens)
    by = {"by": SUPERVISOR, "reason": "政策就是这样规定的", "now": at("10 11:00")}
    with pytest.raises(SecondSignerMissing) as refused:
        await answering.uphold(conn, number, second_by=SUPERVISOR, **by)
    assert str(refused.value) == (
        f'Case {number}: "uphold_answer" needs the signature of a second person beside 督办员-0102. '
        "Name another one."
    )
    await answering.uphold(conn, number, second_by=DIRECTOR, **by)
    assert await state(conn, number) == "answered, round 1, answered"
    with pytest.raises(AlreadyDecided):
        await answering.uphold(conn, number, second_by=DIRECTOR, **by)
    owed = await conn.fetch("SELECT ground, words, second_by, told_at FROM followup.explanation")
    assert [tuple(row) for row in owed] == [("answer_stands", "政策就是这样规定的", DIRECTOR, None)]
    told = await conn.fetch("SELECT recipient, facts FROM followup.notice WHERE template = 'explanation'")
    assert [(row["recipient"], row["facts"]["ground"]) for row in told] == [
        (f"resident:{number}", "已答复的事项")
    ]
    assert (await chain_check.check(conn)).faults == ()
    circle = await reading.circle(conn, CENTRE)
    assert [str(identity) for identity in circle.identities if not identity.holds] == []
