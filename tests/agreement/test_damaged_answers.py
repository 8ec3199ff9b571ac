"""An answer lost, doubled, wrong-coded or of another person is found and called by its name."""

from __future__ import annotations

from agreement_day import Day

from workers.agreement import Difference


async def test_a_lost_answer(day: Day) -> None:
    await day.conn.execute(
        "DELETE FROM survey.answer WHERE interview_id = $1 AND question_id = 'Q1'", day.zhang.interview
    )

    assert (await day.compared()).differences == (
        Difference("answer_lost", "voice CA1 step 3", "an answer", "none"),
    )


async def test_a_doubled_answer(day: Day) -> None:
    await day.conn.execute(
        "INSERT INTO survey.answer (interview_id, question_id, revision, code, input_id, at) "
        "SELECT interview_id, question_id, 2, code, input_id, at FROM survey.answer "
        "WHERE interview_id = $1 AND question_id = 'Q1'",
        day.zhang.interview,
    )

    assert (await day.compared()).differences == (
        Difference("answer_doubled", "interview i-a-zhang Q1", "one answer", "also revision 2: 2"),
    )


async def test_a_wrong_coded_answer_to_a_key(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.answer SET code = '4' WHERE interview_id = $1 AND question_id = 'Q1'",
        day.zhang.interview,
    )
    agreement = await day.compared()

    assert agreement.differences == ()
    assert [vars(mismatch) for mismatch in agreement.intent_mismatches] == [
        {"where": "call CA1", "question_id": "Q1", "meant": "比较安全", "stored": "4 不安全"}
    ]


async def test_a_wrong_coded_answer_to_a_text(day: Day) -> None:
    await day.conn.execute("UPDATE survey.answer SET code = '1' WHERE question_id = 'C2'")
    agreement = await day.compared()

    assert agreement.differences == ()
    assert [vars(mismatch) for mismatch in agreement.intent_mismatches] == [
        {"where": "text SM21", "question_id": "C2", "meant": "未解决", "stored": "1 已解决"}
    ]


async def test_half_of_a_text_with_two_answers_is_stored(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.answer WHERE question_id = 'Q10_sex'")
    agreement = await day.compared()

    assert [vars(mismatch) for mismatch in agreement.intent_mismatches] == [
        {"where": "text SM13", "question_id": "Q10_age", "meant": "30-44、男", "stored": "2 30-44"}
    ]


async def test_a_valid_key_that_was_not_understood(day: Day) -> None:
    """The prompt offered it, the resident pressed it, and was asked again: the prompt or the key table is
    wrong.
    """
    day.zhang_call.keys[1].meant = "满意"
    agreement = await day.compared()

    assert [mismatch.stored for mismatch in agreement.intent_mismatches] == ["asked again"]


async def test_an_operator_stores_another_code_than_was_said(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.answer SET code = '3' WHERE interview_id = $1 AND question_id = 'Q1'",
        day.liu.interview,
    )
    agreement = await day.compared()

    assert agreement.differences == ()
    assert [vars(mismatch) for mismatch in agreement.intent_mismatches] == [
        {
            "where": "desk call of attempt a-liu interview i-a-liu Q1",
            "question_id": "Q1",
            "meant": "安全",
            "stored": "3 不太安全",
        }
    ]


async def test_an_operator_corrects_the_code(day: Day) -> None:
    """The earlier revision was wrong, the one that counts is what was said."""
    await day.conn.execute(
        "UPDATE survey.answer SET code = '3' WHERE interview_id = $1 AND question_id = 'Q1'",
        day.liu.interview,
    )
    await day.world.asked(day.liu, day.world.book.calls["DK1"], "我改一下。", None, ("Q4", "1"))
    await day.conn.execute(
        "UPDATE survey.answer SET question_id = 'Q1', revision = 2 WHERE question_id = 'Q4'"
    )

    assert (await day.compared()).agrees


async def test_an_operator_makes_up_an_answer(day: Day) -> None:
    await day.world.asked(day.liu, day.world.book.calls["DK1"], "谢谢,再见。", None, ("Q4", "1"))

    assert (await day.compared()).differences == (
        Difference(
            "answer_nobody_gave",
            "desk call of attempt a-liu interview i-a-liu Q4",
            "nothing said",
            "1 变好",
        ),
    )


async def test_an_operator_drops_an_answer(day: Day) -> None:
    call = day.world.book.calls["DK1"]
    await day.world.asked(day.liu, call, "和一年前比,这里的治安变好了、差不多还是变差了?", "差不多", None)

    assert (await day.compared()).differences == (
        Difference("answer_not_taken_down", "desk call of attempt a-liu Q4", "差不多", "no answer"),
    )


async def test_an_answer_in_another_persons_interview(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.answer SET interview_id = $1 WHERE interview_id = $2 AND question_id = 'Q3'",
        day.chen.interview,
        day.li.interview,
    )

    assert (await day.compared()).differences == (
        Difference(
            "answer_of_another_person", "interview i-a-chen Q3", "the person who said it", "said in text SM12"
        ),
    )


async def test_an_answer_that_comes_from_no_answering_input(day: Day) -> None:
    await day.conn.execute("UPDATE survey.input SET effect = 'acknowledged' WHERE message_sid = 'SM12'")

    assert (await day.compared()).differences == (
        Difference(
            "answer_without_input", "interview i-a-li Q3", "an input that answered", "text SM12: acknowledged"
        ),
    )


async def test_an_operator_reads_out_no_question_and_gets_an_answer(day: Day) -> None:
    await day.world.asked(day.liu, day.world.book.calls["DK1"], "嗯,还有呢?", "差不多", None)

    assert (await day.compared()).differences == (
        Difference(
            "desk_words_not_placed", "desk call of attempt a-liu", "差不多", "no question in the prompt"
        ),
    )
