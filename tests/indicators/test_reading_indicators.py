"""Indicators as they are read: from the counted answers and from the cases, by day and by area."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from answer_ledger import CENTRE, DAY, TOWNS, Ledger, at

from followup.indicators import IndicatorReport, read_indicators
from followup.reports.indicator_files import to_json
from survey import counting
from survey.indicator_reading import Wanted
from survey.statistics.indicator_definitions import IndicatorError
from survey.store.campaigns import set_policy

NOW = datetime(2026, 3, 20, tzinfo=UTC)


async def people(
    ledger: Ledger, count: int, code: str, *, town: str = TOWNS[0], day: int = 0, weight: float = 1.0,
    campaign: str = "daily", question: str = "Q1",
) -> None:  # fmt: skip
    """So many people who answered so."""
    for _ in range(count):
        unit = await ledger.unit(town, weight, campaign)
        await ledger.answer(await ledger.interview(unit), question, code, at(day))


async def read(ledger: Ledger, *indicators: str, days: int = 7, **more: object) -> IndicatorReport:
    await counting.refresh(ledger.conn)
    wanted = Wanted(CENTRE, DAY, DAY + timedelta(days=days - 1), indicators=indicators, **more)  # type: ignore[arg-type]
    return await read_indicators(ledger.conn, wanted, NOW)


def shown(report: IndicatorReport) -> list[tuple[str, str | None, float | None, int | None, str | None]]:
    return [
        (
            str(r.cell.day or ""),
            r.cell.area,
            None if r.value is None else round(r.value, 4),
            r.n,
            r.suppressed,
        )
        for r in report.table.rows()
    ]


async def test_by_area_every_area_has_a_row(ledger: Ledger) -> None:
    await people(ledger, 36, "1")
    await people(ledger, 4, "4")
    await people(ledger, 40, "2", town=TOWNS[1], weight=3.0)
    report = await read(ledger, "safety_rate", level="township")
    assert shown(report) == [
        ("", TOWNS[0], 0.9, 40, None),
        ("", TOWNS[1], 1.0, 40, None),
        ("", TOWNS[2], None, 0, "empty"),
        ("", None, 0.975, 80, None),  # weighted: (36 + 120) of 160
    ]
    assert not report.pending


async def test_by_day_and_by_week(ledger: Ledger) -> None:
    await people(ledger, 40, "1", day=0)
    await people(ledger, 32, "2", day=2)
    await people(ledger, 8, "3", day=2)
    await people(ledger, 40, "1", day=8)
    assert shown(await read(ledger, "safety_rate", span="day", days=3)) == [
        ("2026-03-09", None, 1.0, 40, None),
        ("2026-03-10", None, None, 0, "empty"),
        ("2026-03-11", None, 0.8, 40, None),
        ("", None, 0.9, 80, None),
    ]
    assert shown(await read(ledger, "safety_rate", span="week", days=14)) == [
        ("2026-03-09", None, 0.9, 80, None),
        ("2026-03-16", None, 1.0, 40, None),
        ("", None, round(112 / 120, 4), 120, None),
    ]


async def test_days_and_areas_together(ledger: Ledger) -> None:
    await people(ledger, 40, "1", day=0)
    await people(ledger, 40, "1", day=1, town=TOWNS[1])
    report = await read(ledger, "safety_rate", span="day", level="township", days=2)
    assert [(day, area, n) for day, area, _, n, _ in shown(report) if n] == [
        ("2026-03-09", TOWNS[0], 40), ("2026-03-10", TOWNS[1], 40), ("", None, 80),
    ]  # fmt: skip


async def test_answers_of_an_area_without_a_row_have_one_of_their_own(ledger: Ledger) -> None:
    await people(ledger, 40, "1")
    await people(ledger, 40, "1", town=CENTRE)
    report = await read(ledger, "safety_rate", level="township")
    assert [(area, n) for _, area, _, n, _ in shown(report)] == [
        (TOWNS[0], 40), (TOWNS[1], 0), (TOWNS[2], 0), (CENTRE + "~", 40), (None, 80),
    ]  # fmt: skip
    named = json.loads(to_json(report))["rows"][3]
    assert (named["area_zh"], named["area_en"]) == ("区划不详", "elsewhere")


async def test_a_poll_stands_by_itself_and_is_called_what_it_is(ledger: Ledger) -> None:
    await people(ledger, 40, "1")
    await people(ledger, 40, "4", campaign="poll")
    assert (await read(ledger, "safety_rate")).table.total("safety_rate").value == 1.0
    poll = await read(ledger, "safety_rate", campaign="poll")
    total = poll.table.total("safety_rate")
    assert (total.value, total.low, total.high, total.quota) == (0.0, None, None, True)
    body = json.loads(to_json(poll))
    assert (body["sample"], body["sample_words"]) == (
        "quota",
        "配额样本,不给抽样区间 quota sample, no design-based interval",
    )
    with pytest.raises(IndicatorError, match="has no campaign spring"):
        await read(ledger, "safety_rate", campaign="spring")


async def test_what_an_audit_finds_void_is_gone_at_the_next_count(ledger: Ledger) -> None:
    await people(ledger, 40, "1")
    await counting.refresh(ledger.conn)
    await ledger.judge(next(iter(ledger.interviews.values())), "void")
    wanted = Wanted(CENTRE, DAY, DAY, indicators=("safety_rate",))
    late = await read_indicators(ledger.conn, wanted, NOW)
    assert (late.table.total("safety_rate").n, bool(late.pending)) == (40, True)
    assert (await read(ledger, "safety_rate")).table.total("safety_rate").n == 39


async def test_a_centre_may_have_definitions_of_its_own(ledger: Ledger) -> None:
    await people(ledger, 40, "1")
    words = {"zh": "安全", "en": "safe"}
    own = {
        "id": "safe", "version": 3, "kind": "share", "title": words, "base": words, "of": "perception.Q1",
        "codes": ["1"], "valid": ["1", "2", "3", "4"],
    }  # fmt: skip
    body = {
        "level": 0.9,
        "words": dict.fromkeys(("complementary", "part", "quota"), words),
        "indicators": [own],
    }
    await set_policy(ledger.conn, "indicators", CENTRE, 1, DAY, body)
    report = await read(ledger)
    assert [(r.indicator, r.version, r.value) for r in report.table.rows()] == [("safe", 3, 1.0)]
    assert report.table.level == 0.9
    await set_policy(ledger.conn, "indicators", CENTRE, 2, DAY, {**body, "indicators": [own, own]})
    with pytest.raises(IndicatorError, match=r"policy indicators, version 2, of centre 991721 is refused"):
        await read(ledger)


async def test_an_unknown_centre_and_level(ledger: Ledger) -> None:
    with pytest.raises(IndicatorError, match="there is no centre 990000"):
        await read_indicators(ledger.conn, Wanted("990000", DAY, DAY), NOW)
    with pytest.raises(IndicatorError, match="has no areas of level grid"):
        await read(ledger, level="grid")


CASE = """
INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, content, category, duty_no, kind,
    area_code, status, received_at, policy_version, person_id)
VALUES ($1, '0001', $1, $2, 'visit', '路灯不亮', '07', 1, 'help', $3, 'closed', $4, 1, $5) RETURNING id"""
CALLBACK = """
INSERT INTO followup.callback (case_id, round, unit_ref, status, created_at, settled_at, answers, verdict)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7)"""


async def _case(
    ledger: Ledger, verdict: str | None, answers: dict[str, list[str | None]], person: int
) -> None:
    ledger.made += 1
    number = f"case-{ledger.made}"
    row = await ledger.conn.fetchval(CASE, number, CENTRE, TOWNS[ledger.made % 2], at(0), person)
    settled = at(1) if verdict else None
    status = "settled" if verdict else "pending"
    await ledger.conn.execute(CALLBACK, row, number, status, at(0), settled, answers or None, verdict)
    await ledger.conn.execute(
        "INSERT INTO followup.assignment (case_id, round, unit_code, role, dispatched_at, due_at) "
        "VALUES ($1, 1, 'U', 'lead', $2, $3)",
        row, at(0), at(1 if ledger.made % 4 else 30),
    )  # fmt: skip
    await ledger.conn.execute(
        "INSERT INTO followup.result (case_id, round, unit_code, reported_at, result_summary, claimed_contact) "
        "VALUES ($1, 1, 'U', $2, '已修好', true)",
        row, at(0 if ledger.made % 2 else 2),
    )  # fmt: skip


async def test_callbacks_are_rated_by_the_first_rating_and_counted_by_what_was_due(ledger: Ledger) -> None:
    await ledger.conn.execute("INSERT INTO followup.unit VALUES ('U', $1, '公安局', 'gov', $1)", CENTRE)
    person = (await ledger.unit()).person
    for _ in range(30):
        await _case(ledger, "closed", {"C1": ["1", None], "C2": ["1", None], "C3": ["1", None]}, person)
    for _ in range(8):
        await _case(ledger, "not_solved", {"C1": ["2", None], "C2": ["2", None], "C3": ["2", None]}, person)
    for _ in range(4):
        await _case(ledger, "closed_partly", {"C2": ["3", None], "C3": ["dk", None]}, person)
    for _ in range(3):
        await _case(ledger, "closed_unreached", {}, person)
    for _ in range(5):
        await _case(ledger, None, {}, person)
    names = (
        "callback_coverage", "response_rate", "solved_strict", "solved_broad",
        "satisfaction_strict", "satisfaction_half", "satisfaction_broad", "answered_in_time",
    )  # fmt: skip
    table = (await read(ledger, *names)).table
    found = {row.indicator: row for row in table.rows(unsuppressed=True)}
    assert {name: (round(row.value or 0, 4), row.n) for name, row in found.items()} == {
        "callback_coverage": (round(42 / 45, 4), 45),
        "response_rate": (round(30 / 38, 4), 38),
        "solved_strict": (round(30 / 42, 4), 42),
        "solved_broad": (round(38 / 42, 4), 42),
        "satisfaction_strict": (round(30 / 38, 4), 38),
        "satisfaction_half": (round(34 / 38, 4), 38),
        "satisfaction_broad": (1.0, 38),
        "answered_in_time": (round(25 / 37, 4), 37),
    }
    outside = found["callback_coverage"].outside
    missing = found["satisfaction_strict"].missing
    assert outside is not None and outside.n == 5
    assert missing is not None and missing["dk"].n == 4
