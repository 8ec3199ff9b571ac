"""Inputs of many people at the same moment: taken in one transaction, and nothing differs from taking each alone."""

from __future__ import annotations

from typing import Any

import pytest
from doors_bench import Bench, Resident, heard

from survey import dialing
from survey.interviewing import Call, Text, TextReply, take_call, take_calls, take_text, take_texts

SIGNED = "【遂澜民调中心】"
POLICE = f"{SIGNED}您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道"


async def threads(bench: Bench, *names: str) -> list[Resident]:
    """Residents with an open thread each."""
    people = [await bench.resident(name) for name in names]
    for person in people:
        await bench.survey(person, "text")
        await dialing.dial_due(bench.ground, bench.line)
        bench.later(minutes=1)  # the carrier's pace
    return people


def text(bench: Bench, person: Resident, sid: str, body: str) -> Text:
    return Text(person.number, sid, body, bench.real)


async def kept(bench: Bench, person: Resident) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored of what was said with a person, without the keys of rows."""
    return {
        "inputs": await bench.rows(
            "SELECT channel, step, said, effect, reply, arrived_at, arrived_real FROM survey.input"
            " WHERE person_id = $1 ORDER BY id",
            person.id,
        ),
        "answers": await bench.rows(
            "SELECT a.question_id, a.revision, a.code, a.words, n.said, a.at FROM survey.answer a"
            " JOIN survey.input n ON n.id = a.input_id WHERE n.person_id = $1 ORDER BY a.input_id, a.question_id",
            person.id,
        ),
        "dialogue": await bench.rows(
            "SELECT i.state::jsonb - ARRAY['seed', 'flipped', 'order'], i.status, i.flags, i.told_at, i.told_text, i.ended_at"
            " FROM survey.interview i JOIN survey.contact k ON k.id = i.contact_id WHERE k.person_id = $1",
            person.id,
        ),
        "texts": await bench.rows(
            "SELECT o.body, o.segments, o.at, n.said FROM survey.text_out o JOIN survey.input n ON n.id = o.input_id"
            " WHERE n.person_id = $1 ORDER BY o.id",
            person.id,
        ),
    }


async def test_texts_of_many_people_are_each_their_own_step(bench: Bench) -> None:
    he_ping, li_na = await threads(bench, "何平", "李娜")
    replies = await take_texts(
        bench.ground, [text(bench, he_ping, "SM1", "1"), text(bench, li_na, "SM2", "不太安全")]
    )
    assert replies == [TextReply(POLICE), TextReply(POLICE)]
    assert (await bench.answers(he_ping), await bench.answers(li_na)) == ({"Q1": "1"}, {"Q1": "3"})


@pytest.mark.parametrize("bodies", [["不太安全"], ["1", "2"], ["谢谢", "?", "随便", "3", "1", "31"]])
async def test_together_and_alone_leave_the_same_rows(bench: Bench, bodies: list[str]) -> None:
    he_ping, li_na, wu_jun = await threads(bench, "何平", "李娜", "吴军")
    for n, body in enumerate(bodies):
        replies = await take_texts(
            bench.ground, [text(bench, one, f"SM-{one.name}-{n}", body) for one in (he_ping, li_na)]
        )
        alone = await take_text(bench.ground, wu_jun.number, f"SM-alone-{n}", body, bench.real)
        assert replies == [alone, alone]
    assert await kept(bench, he_ping) == await kept(bench, wu_jun)
    assert await kept(bench, li_na) == await kept(bench, wu_jun)


async def test_what_does_more_than_go_on_is_left_to_be_taken_alone(bench: Bench) -> None:
    """A stop, a wish for a person, danger, the last answer, an unknown sender, no number: nothing of them is written."""
    he_ping, li_na, wu_jun, zhou_jie = await threads(bench, "何平", "李娜", "吴军", "周洁")
    for n, body in enumerate(["1", "1"]):
        await take_text(bench.ground, zhou_jie.number, f"SM-{n}", body, bench.real)
    before = await bench.one("SELECT count(*) FROM survey.input")
    replies = await take_texts(
        bench.ground,
        [
            text(bench, he_ping, "SM1", "退订"),
            text(bench, li_na, "SM2", "人工"),
            text(bench, wu_jun, "SM3", "他拿着刀要杀我"),
            text(bench, zhou_jie, "SM4", "31"),
            Text("+8615499999999", "SM5", "1", bench.real),
            Text("anonymous", "SM6", "1", bench.real),
        ],
    )
    assert replies == [None] * 6
    assert await bench.one("SELECT count(*) FROM survey.input") == before
    assert await bench.opt_outs(he_ping) == {}


async def test_one_that_came_before_gets_its_reply_again(bench: Bench) -> None:
    he_ping, li_na = await threads(bench, "何平", "李娜")
    first = await take_text(bench.ground, he_ping.number, "SM1", "1", bench.real)
    again = [text(bench, he_ping, "SM1", "1"), text(bench, li_na, "SM2", "2")]
    assert await take_texts(bench.ground, again) == [first, TextReply(POLICE)]
    assert await take_texts(bench.ground, again) == [first, TextReply(POLICE)]
    assert await bench.rows("SELECT message_sid FROM survey.input ORDER BY id") == [("SM1",), ("SM2",)]


async def test_a_thread_that_somebody_holds_keeps_nobody_waiting(bench: Bench) -> None:
    he_ping, li_na = await threads(bench, "何平", "李娜")
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        await conn.execute("SELECT FROM survey.contact WHERE person_id = $1 FOR UPDATE", he_ping.id)
        replies = await take_texts(
            bench.ground, [text(bench, he_ping, "SM1", "1"), text(bench, li_na, "SM2", "1")]
        )
    assert replies == [None, TextReply(POLICE)]


async def test_two_numbers_of_one_person_are_one_thread(bench: Bench) -> None:
    (he_ping,) = await threads(bench, "何平")
    spare = "+8615488888888"
    await bench.run(
        "INSERT INTO survey.person_number (person_id, position, token, key_id, number_cipher, landline)"
        " VALUES ($1, 1, $2, $3, $4, false)",
        he_ping.id,
        bench.ground.vault.token(spare),
        bench.ground.vault.key_id,
        bench.ground.vault.seal(spare),
    )
    both = [text(bench, he_ping, "SM1", "1"), Text(spare, "SM2", "2", bench.real)]
    assert await take_texts(bench.ground, both) == [TextReply(POLICE), None]
    assert await bench.answers(he_ping) == {"Q1": "1"}


async def test_keys_of_many_calls(bench: Bench) -> None:
    """Each goes on as if it were alone; what ends a call, or tells more than an answer, is left to be taken alone."""
    people = [await bench.resident(name) for name in ("何平", "李娜", "吴军")]
    refs = []
    for person in people:
        await bench.survey(person, "voice")
        await dialing.dial_due(bench.ground, bench.line)
        bench.later(minutes=1)
        refs.append((await bench.attempt_ref(person), await bench.sid(person)))
    for ref, sid in refs:
        await take_call(bench.ground, ref, sid, 0, heard(None), bench.real)
    (one, one_sid), (two, two_sid), (three, three_sid) = refs
    first = [Call(ref, sid, 1, heard("1"), bench.real) for ref, sid in refs]
    assert (
        await take_calls(bench.ground, first) == [None] * 3
    )  # the first key also says that a person answered
    for call in first:
        await take_call(bench.ground, call.ref, call.sid, 1, heard("1"), bench.real)
    alone = await take_call(bench.ground, three, three_sid, 2, heard("1"), bench.real)
    calls = [
        Call(one, one_sid, 2, heard("1"), bench.real),
        Call(two, two_sid, 2, heard("1"), bench.real),
        Call(three, three_sid, 2, heard("1"), bench.real),
        Call("no-such-ref", "CA9", 2, heard("1"), bench.real),
    ]
    replies = await take_calls(bench.ground, calls)
    assert replies[2:] == [alone, None]
    assert None not in replies[:2]
    assert await take_calls(bench.ground, calls) == replies
    leaving = [
        Call(one, one_sid, 3, heard("9"), bench.real),
        Call(two, "CA-another", 3, heard("1"), bench.real),
        Call(three, three_sid, 3, heard("1"), bench.real, "machine"),
    ]
    assert await take_calls(bench.ground, leaving) == [None] * 3
    assert await bench.rows("SELECT count(*) FROM survey.input WHERE step = 2") == [(3,)]
    assert await bench.rows("SELECT count(*) FROM survey.answer WHERE question_id = 'Q1'") == [(3,)]
