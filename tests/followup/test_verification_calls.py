"""A flag by text brings a person's call within 24 hours, which helps to decide and never changes the rating."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, at
from followup_residents import answers, is_never_reached, state, unit_of, verification_of

from followup import callbacks, imports, reading
from followup.reading import CallbackRow
from followup.reports.callback_report import read_callback_report
from followup.verifying import contented
from survey import fielding
from survey.field.calling_hours import window_at
from survey.importing import Brought
from survey.periods import Period
from survey.reporting import read_field_figures
from survey.vault import Vault

Tokens = Callable[[], str]
TZ = "Asia/Shanghai"
UNSOLVED = "C2=3 C1=1 C3=3 C7=1"
ALL_WELL = "C0=1 C1=1 C2=1 C3=1 C4=1 C6=1"

LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"""


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> str:
    """王芳's street lamp, closed elsewhere and imported on Monday morning."""
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        LIST.encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    return report.numbers[0]


async def take(conn: asyncpg.Connection, now: datetime, tokens: Tokens) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


async def flag(
    conn: asyncpg.Connection, number: str, tokens: Tokens, when: str = "9 15:00", mode: str = "text"
) -> None:
    """The lamp is still dark, says the resident."""
    await answers(conn, await unit_of(conn, number, 1), at(when), UNSOLVED, mode=mode)
    assert (await take(conn, at(when), tokens)).flagged == 1


async def verify(
    conn: asyncpg.Connection, number: str, tokens: Tokens, said: str, when: str = "9 19:10", **how: Any
) -> callbacks.Taken:
    """Operator 1002 reaches the resident, who says this."""
    ref = await verification_of(conn, number, 1)
    assert ref is not None
    await answers(conn, ref, at(when), said, **{"mode": "operator", "operator": "1002", **how})
    return await take(conn, at(when), tokens)


async def rating(conn: asyncpg.Connection, number: str) -> dict[str, Any]:
    """What is published of the callback: everything but the verification and the wait for a decision."""
    callback = await callback_of(conn, number)
    apart = ("verif", "waits_since", "decision_due_at")
    return {name: value for name, value in vars(callback).items() if not name.startswith(apart)}


async def callback_of(conn: asyncpg.Connection, number: str) -> CallbackRow:
    (callback,) = (await reading.passport(conn, number)).callbacks
    return callback


@pytest.mark.parametrize(
    ("flagged_at", "opens", "closes"),
    [
        ("9 09:30", "9 09:30", "9 12:00"),
        ("9 13:00", "9 14:00", "9 18:00"),  # the noon rest
        ("9 19:00", "9 19:00", "9 20:30"),
        ("9 20:25", "10 09:00", "10 12:00"),  # too little is left of the evening
        ("9 23:40", "10 09:00", "10 12:00"),
        ("14 21:00", "15 09:00", "15 12:00"),  # on a Sunday too: the call was promised
    ],
)
async def test_a_flag_by_text_brings_a_call_in_the_next_open_window(
    conn: asyncpg.Connection, number: str, tokens: Tokens, flagged_at: str, opens: str, closes: str
) -> None:
    await flag(conn, number, tokens, flagged_at)
    unit = await conn.fetchrow(
        "SELECT u.*, c.code, c.purpose, c.modes, c.seed, q.code AS instrument FROM survey.sample_unit u "
        "JOIN survey.campaign c ON c.id = u.campaign_id "
        "JOIN survey.questionnaire q ON q.id = c.questionnaire_id WHERE u.external_key = $1",
        f"verify:{number}:1",
    )
    assert (unit["code"], unit["purpose"], unit["modes"], unit["instrument"], unit["seed"]) == (
        "verification",
        "case",
        ["operator"],
        "callback",
        7,
    )
    assert (unit["status"], unit["next_mode"]) == ("waiting", "operator")
    assert at(opens) <= unit["due_at"] < at(closes)
    assert window_at(unit["due_at"], TZ, "case") is not None
    assert unit["due_at"] <= at(flagged_at) + timedelta(hours=24)
    callback = await conn.fetchrow(
        "SELECT facts, prn, person_id, area_code FROM survey.sample_unit WHERE external_key = $1",
        f"case:{number}:1",
    )
    assert {name: unit[name] for name in callback.keys()} == dict(callback)  # noqa: SIM118 - of a Record


@pytest.mark.parametrize("mode", ["voice", "operator"])
async def test_who_said_it_to_a_voice_is_not_called_again(
    conn: asyncpg.Connection, number: str, tokens: Tokens, mode: str
) -> None:
    await flag(conn, number, tokens, mode=mode)
    assert await verification_of(conn, number, 1) is None
    callback = await callback_of(conn, number)
    assert (callback.waits_since, callback.verify_unit_ref) == (at("9 15:00"), None)


async def test_a_satisfied_text_brings_no_call(conn: asyncpg.Connection, number: str, tokens: Tokens) -> None:
    await answers(conn, await unit_of(conn, number, 1), at("9 15:00"), "C2=1 C1=1 C3=1")
    await take(conn, at("9 15:00"), tokens)
    assert await verification_of(conn, number, 1) is None


async def test_the_call_is_kept_beside_the_rating_and_never_changes_it(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)
    before, counted = await rating(conn, number), (await reading.circle(conn, CENTRE)).rounds
    taken = await verify(conn, number, tokens, ALL_WELL)
    assert (taken.rows, taken.settled, taken.flagged, taken.verified) == (1, 0, 0, 1)

    assert await rating(conn, number) == before
    assert before["answers"]["C2"] == ["3", None]
    assert (await reading.circle(conn, CENTRE)).rounds == counted
    assert await state(conn, number) == "redispatch_review, round 1"
    callback = await callback_of(conn, number)
    assert (
        callback.verified_at,
        callback.verified_by_mode,
        callback.verified_by,
        callback.verify_outcome,
    ) == (
        at("9 19:10"),
        "operator",
        "1002",
        "complete",
    )
    assert callback.verified_answers is not None
    assert contented(callback.verified_answers, claimed_contact=True)


async def test_the_decision_waits_for_the_call_and_no_longer(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)  # Monday 15:00
    promised = await callback_of(conn, number)
    assert (promised.waits_since, promised.decision_due_at) == (at("10 15:00"), at("11 09:30"))
    await verify(conn, number, tokens, UNSOLVED, "10 09:10")
    called = await callback_of(conn, number)
    assert (called.waits_since, called.decision_due_at) == (at("10 09:10"), at("10 15:40"))
    assert await callbacks.escalate_waiting(conn, at("10 15:35")) == 0
    assert await callbacks.escalate_waiting(conn, at("10 15:40")) == 1
    assert (await callback_of(conn, number)).decision_post == "deputy"


async def test_a_call_after_the_day_is_kept_and_moves_no_clock(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)
    await callbacks.escalate_waiting(conn, at("11 09:30"))
    before = await callback_of(conn, number)
    await verify(conn, number, tokens, UNSOLVED, "11 10:00")
    after = await callback_of(conn, number)
    assert (after.decision_post, after.decision_due_at, after.waits_since) == (
        before.decision_post,
        before.decision_due_at,
        at("10 15:00"),
    )
    assert after.verify_outcome == "complete"


@pytest.mark.parametrize("outcome", ["no_answer", "opted_out", "wrong_person", "unassigned"])
async def test_who_is_not_reached_leaves_the_text_to_be_decided_on(
    conn: asyncpg.Connection, number: str, tokens: Tokens, outcome: str
) -> None:
    await flag(conn, number, tokens)
    before = await rating(conn, number)
    ref = await verification_of(conn, number, 1)
    assert ref is not None
    await is_never_reached(conn, ref, at("10 11:00"), outcome)
    taken = await take(conn, at("10 11:00"), tokens)
    assert (taken.settled, taken.verified) == (0, 1)
    assert await rating(conn, number) == before
    callback = await callback_of(conn, number)
    assert (callback.verify_outcome, callback.verified_answers, callback.verified_by) == (outcome, {}, None)
    assert callback.waits_since == at("10 11:00")
    await callbacks.confirm(conn, number, by="督办员", reason="短信属实", now=at("10 15:00"))
    assert await state(conn, number) == "dispatched, round 2"


async def test_somebody_else_answers_the_call_and_the_flag_stays(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)
    await verify(conn, number, tokens, "C0=2", told=False, disposition="wrong_person")
    assert await state(conn, number) == "redispatch_review, round 1"
    callback = await callback_of(conn, number)
    assert (callback.verify_outcome, callback.verdict) == ("wrong_person", "flagged")
    assert not contented(callback.verified_answers or {}, claimed_contact=True)


async def test_rows_taken_again_change_nothing(conn: asyncpg.Connection, number: str, tokens: Tokens) -> None:
    await flag(conn, number, tokens)
    await verify(conn, number, tokens, ALL_WELL)
    before = await reading.passport(conn, number)
    await conn.execute("UPDATE survey.outbox SET consumed = false")
    again = await take(conn, at("9 19:30"), tokens)
    assert (again.rows, again.settled, again.flagged, again.verified) == (2, 0, 0, 0)
    # the same news in a row of its own, as after an ending that was told twice
    ref = await verification_of(conn, number, 1)
    assert ref is not None
    await is_never_reached(conn, ref, at("9 20:00"))
    assert (await take(conn, at("9 20:00"), tokens)).verified == 0
    assert await reading.passport(conn, number) == before
    units = await conn.fetchval("SELECT count(*) FROM survey.sample_unit WHERE external_key LIKE 'verify:%'")
    assert units == 1


async def test_the_decision_calls_the_call_off(conn: asyncpg.Connection, number: str, tokens: Tokens) -> None:
    await flag(conn, number, tokens)
    await callbacks.confirm(conn, number, by="督办员", reason="现场看过,灯不亮", now=at("10 15:10"))
    unit = await conn.fetchrow(
        "SELECT status, disposition, done_at FROM survey.sample_unit WHERE external_key = $1",
        f"verify:{number}:1",
    )
    assert tuple(unit) == ("done", "not_attempted", at("10 15:10"))
    why = await conn.fetchval("SELECT why FROM survey.unit_event ORDER BY id DESC LIMIT 1")
    assert why == "withdrawn"
    assert (await take(conn, at("10 15:15"), tokens)).verified == 1
    assert (await callback_of(conn, number)).verify_outcome == "not_attempted"


async def test_a_call_that_is_going_on_is_not_cut(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)
    ref = await verification_of(conn, number, 1)
    assert ref is not None
    calling = (
        "UPDATE survey.sample_unit SET status = 'in_contact', due_at = NULL, next_mode = NULL WHERE ref = $1"
    )
    await conn.execute(calling, ref)
    assert await fielding.withdraw(conn, ref, now=at("9 16:00")) is False
    assert await conn.fetchval("SELECT status FROM survey.sample_unit WHERE ref = $1", ref) == "in_contact"


async def test_each_round_has_its_own_call(conn: asyncpg.Connection, number: str, tokens: Tokens) -> None:
    await flag(conn, number, tokens)
    await verify(conn, number, tokens, UNSOLVED)
    await callbacks.confirm(conn, number, by="督办员", reason="灯不亮", now=at("10 09:00"))
    await conn.execute("UPDATE followup.case_file SET status = 'callback_pending'")
    case = (await reading.passport(conn, number)).case
    await callbacks.schedule(conn, case, 2, summary="已换灯泡", now=at("10 14:00"), tokens=tokens, seed=7)
    await answers(conn, await unit_of(conn, number, 2), at("10 16:00"), UNSOLVED)
    await take(conn, at("10 16:00"), tokens)
    facts = await conn.fetch(
        "SELECT facts ->> 'result' FROM survey.sample_unit WHERE external_key LIKE 'verify:%' ORDER BY id"
    )
    assert [row[0] for row in facts] == ["路灯已修", "已换灯泡"]
    campaigns = await conn.fetch("SELECT code FROM survey.campaign ORDER BY code")
    assert [row["code"] for row in campaigns] == ["callback", "verification"]


async def test_the_sums_hold_and_count_callbacks_alone(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)
    await verify(conn, number, tokens, ALL_WELL)
    circle = await reading.circle(conn, CENTRE)
    assert [str(identity) for identity in circle.identities] == [
        "results received 1 = callbacks created 1 + not suitable 0",
        "due 1 = reached 1 + unreached 0 + unrated 0 + waiting 0",
        "flagged 1 = re-dispatched 0 + rejected 0 + waiting 1",
        "imported 1 = open 1",
    ]
    figures = await read_field_figures(conn, CENTRE, TZ)
    assert {table.code: table.table.sample for table in figures.campaigns} == {
        "callback": 1,
        "verification": 1,
    }


async def test_ratings_taken_back_are_printed_per_operator(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await flag(conn, number, tokens)
    await verify(conn, number, tokens, ALL_WELL)
    report = await read_callback_report(
        conn, CENTRE, Period(date(2026, 3, 1), date(2026, 3, 31)), at("9 20:00")
    )
    assert [(c.operator, c.spoken, c.converted) for c in report.conversions] == [("1002", 1, 1)]
    assert report.total.ratings.dissatisfied == 1  # the published rating is the first one
