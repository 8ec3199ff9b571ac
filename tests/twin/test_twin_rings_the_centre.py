"""A resident rings the centre over the carrier's own wire: signed webhooks, the menu, and an interview held in that very call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from test_twin_questionnaire_played import OPINIONS, WANG, Service, minyi  # noqa: F401


async def rings(bench: Any, minyi: Service, number: str, *keys: str) -> str:  # noqa: F811
    """The control API has this resident ring the centre and press these keys first."""
    base = f"{minyi.line.public_url}/twilio/inbound"
    bench.carrier.account = replace(
        bench.carrier.account, inbound_voice_url=f"{base}/voice/0", inbound_status_url=f"{base}/status"
    )
    said = await bench.control("inbound/calls", {"from": number, "keys": list(keys)})
    sid: str = said["sid"]
    return sid


async def test_whoever_was_missed_rings_back_and_answers_everything(bench: Any, minyi: Service) -> None:  # noqa: F811
    bench.plant(WANG, temper="patient", answers=["no_answer", "answered"], opinions=OPINIONS)
    await minyi.ring()
    await bench.clock.run_out()
    sid = await rings(bench, minyi, WANG, "1")
    await bench.clock.run_out()

    ledger = await bench.ledger()
    assert [call["status"] for call in ledger["calls"]] == ["no-answer"]
    (call,) = ledger["inbound_calls"]
    assert (call["sid"], call["kind"], call["from_"], call["status"]) == (sid, "inbound", WANG, "completed")
    assert call["said"][0].startswith("您好,这里是遂澜社情民意调查中心。")
    async with minyi.ground.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT inbound, sid, status, disposition, counts FROM survey.attempt ORDER BY id"
        )
        unit = await conn.fetchrow("SELECT status, disposition FROM survey.sample_unit")
        over = await conn.fetchval("SELECT ended_at IS NOT NULL FROM survey.inbound_call")
    assert [(r["inbound"], r["disposition"], r["counts"]) for r in rows] == [
        (False, "no_answer", True),
        (True, "complete", False),
    ]
    assert rows[1]["sid"] == sid
    assert (unit["status"], unit["disposition"]) == ("done", "complete")
    assert over is True
    assert {"Q1", "Q3"} <= set(await minyi.answers())


async def test_a_stranger_hears_who_we_are_and_leaves_a_message(bench: Any, minyi: Service) -> None:  # noqa: F811
    await rings(bench, minyi, "+8615400009999", "3")
    await bench.clock.run_out()
    (call,) = (await bench.ledger())["inbound_calls"]
    assert "我们没有联系过这个号码的记录。" in call["said"]
    async with minyi.ground.pool.acquire() as conn:
        chose = await conn.fetchval("SELECT chose FROM survey.inbound_call")
    assert chose == "message"
