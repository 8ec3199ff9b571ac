"""A day that both sides tell alike: nothing is found, and everything was looked at."""

from __future__ import annotations

import json

from agreement_day import Day

from workers.agreement import render


async def test_a_true_day_agrees(day: Day) -> None:
    agreement = await day.compared()

    assert agreement.differences == ()
    assert agreement.intent_mismatches == ()
    assert agreement.agrees
    assert agreement.counts == {
        "calls": 4,
        "desk_calls": 1,
        "keys": 6,
        "texts": 12,
        "opt_outs": 2,
        "repeated_requests": 2,
        "attempts": 8,
        "inputs": 15,
        "answers": 10,
        "intents": 9,
        "texts_out": 6,
        "results_told": 1,
    }


async def test_the_reply_that_a_repeated_request_got_again_may_go_out_again(day: Day) -> None:
    """李强's second text was asked about twice, and the carrier sent both answers."""
    first = day.world.book.texts["SM12-r"]
    day.world.book.texts["SM12-r2"] = type(first)(
        "SM12-r2", "out", first.to, first.from_, first.body, first.at, "delivered"
    )

    assert (await day.compared()).differences == ()


async def test_a_key_of_which_nobody_knows_whether_it_arrived_may_be_stored_or_not(day: Day) -> None:
    day.zhang_call.keys[2].delivered = "unknown"
    assert (await day.compared()).differences == ()

    day.zhang_call.keys[4].delivered = "unknown"
    assert (await day.compared()).differences == ()


async def test_a_text_whose_webhook_was_lost_may_have_been_fetched(day: Day) -> None:
    day.world.book.texts["SM13"].delivered = "no"

    assert (await day.compared()).differences == ()


async def test_nothing_that_is_shown_holds_a_number(day: Day) -> None:
    for name, (_, number) in day.world.people.items():
        day.world.people[name] = (0, number)
    for call in day.world.book.calls.values():
        call.to, call.rang = "+8615400000099", 2
    day.world.book.texts["SM11"].body = "请打15400000099找我"
    agreement = await day.compared()

    assert len(agreement.differences) > 5
    assert "154" not in render(agreement, of_each=100)
    assert "154" not in json.dumps(agreement.to_json(), ensure_ascii=False)


async def test_the_terminal_shows_a_line_for_each_kind(day: Day) -> None:
    day.world.book.calls["CA2"].rang = 2

    assert render(await day.compared()).splitlines() == [
        "运营商台账与数据库 Carrier's ledger and database",
        "  电话 calls 4 · 其中手拨 by hand 1 · 按键 keys 6 · 短信 texts 12 · 退订 opt-outs 2"
        " · 重复请求 repeated requests 2 · 拨打记录 attempts 8 · 输入 inputs 15 · 答案 answers 10"
        " · 本意 intents 9 · 发出短信 texts out 6 · 已告知结果 results told 1",
        "  differences: 1",
        "  intent_mismatches: 0",
        "  rung_twice ×1  同一次拨打让居民的电话响了两次 / A resident was rung twice for one attempt",
        "    - call CA2, voice attempt a-zhao: 应为 expected rang once; 实为 found rang 2 times",
        "承诺 Promises: 16   broken: 0",
    ]
