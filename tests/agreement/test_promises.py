"""Promises that the database breaks are found by SQL alone, each by its name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from agreement_day import Day
from agreement_ground import CENTRE, COUNTY, MORNING, Talk

from workers.agreement import Breach, broken_promises
from workers.agreement.promises import promises


async def call_later(day: Day, who: str, ref: str, after: timedelta, **more: object) -> Talk:
    """Another call to somebody, `after` the morning's first."""
    made: Talk = await day.world.talk(who, "voice", ref=ref, at=MORNING + after, disposition="busy", **more)
    return made


async def broken(day: Day) -> list[str]:
    return [f"{breach.promise}: {breach.where}" for breach in await broken_promises(day.conn)]


async def test_a_true_day_breaks_none(day: Day) -> None:
    assert await broken_promises(day.conn) == ()


async def test_an_empty_database_breaks_none(conn: object) -> None:
    assert await broken_promises(conn) == ()  # type: ignore[arg-type]


def test_every_promise_is_worded_in_both_languages() -> None:
    assert all(set(words) == {"zh", "en"} for words in promises().values())


async def test_two_conversations_at_once(day: Day) -> None:
    other = await call_later(day, "赵伟", "a-zhao-2", timedelta(hours=5))
    await day.conn.execute(
        "UPDATE survey.contact SET opened_at = $2 WHERE id = $1",
        other.contact,
        MORNING + timedelta(minutes=2),
    )

    assert await broken(day) == [f"one_conversation: contacts {day.zhao.contact} and {other.contact}"]


async def test_a_conversation_that_begins_when_the_last_one_ends_is_another_one(day: Day) -> None:
    other = await call_later(day, "赵伟", "a-zhao-2", timedelta(hours=5))
    await day.conn.execute(
        "UPDATE survey.contact SET opened_at = $2 WHERE id = $1",
        other.contact,
        MORNING + timedelta(minutes=5),
    )

    assert await broken(day) == []


async def test_a_call_after_an_opt_out(day: Day) -> None:
    await call_later(day, "陈静", "a-chen-2", timedelta(hours=5))

    assert await broken(day) == ["opt_outs_kept: voice attempt a-chen-2 after opt-out survey"]


@pytest.mark.parametrize(
    ("after", "local"),
    [
        (timedelta(hours=2, minutes=30), "2026-03-09 12:00:00"),
        (timedelta(hours=11), "2026-03-09 20:30:00"),
        (timedelta(hours=23, minutes=29), "2026-03-10 08:59:00"),
    ],
)
async def test_a_call_outside_calling_hours(day: Day, after: timedelta, local: str) -> None:
    await call_later(day, "何军", "a-he-2", after, counts=False)

    assert await broken(day) == [f"calling_hours_kept: voice attempt a-he-2 at {local}"]


async def test_calling_hours_are_those_of_the_area(day: Day) -> None:
    """09:30 in Shanghai is 07:30 in Urumqi, where the same attempts would be too early."""
    await day.conn.execute("UPDATE survey.area SET tz = 'Asia/Urumqi'")

    assert {breach.promise for breach in await broken_promises(day.conn)} == {"calling_hours_kept"}


@pytest.mark.parametrize(
    "hours",
    [
        {"windows": ["14:00-17:00", "18:00-20:30"], "weekdays": []},
        {"windows": [], "weekdays": ["tue", "sat"]},
    ],
)
async def test_a_call_outside_the_own_hours_of_its_campaign(day: Day, hours: dict[str, list[str]]) -> None:
    """The attempts of Monday morning; the call that 何军 makes himself is his own choice."""
    await call_later(day, "何军", "a-he-2", timedelta(minutes=30), counts=False)
    await day.conn.execute("UPDATE survey.attempt SET inbound = ref = 'a-he-2'")
    await day.conn.execute("UPDATE survey.campaign SET hours = $1", hours)
    outgoing = await day.conn.fetch("SELECT ref FROM survey.attempt WHERE NOT inbound ORDER BY id")

    assert [one.split()[3] for one in await broken(day)] == [row["ref"] for row in outgoing]


async def test_a_survey_on_new_years_day(day: Day) -> None:
    """Surveys rest on statutory holidays; results that are owed do not."""
    to_new_year = timedelta(days=298)
    await call_later(day, "何军", "a-he-2", to_new_year, counts=False)
    await call_later(
        day, "何军", "a-he-3", to_new_year + timedelta(hours=1), counts=False, instrument="callback"
    )

    assert await broken(day) == ["calling_hours_kept: voice attempt a-he-2 at 2027-01-01 09:30:00"]


async def test_a_day_that_is_not_the_local_one(day: Day) -> None:
    await day.conn.execute("UPDATE survey.attempt SET day = '2026-03-08' WHERE ref = 'a-zhao'")

    assert await broken(day) == ["days_are_local: voice attempt a-zhao: 2026-03-08"]


async def test_a_unit_that_was_tried_once_too_often(day: Day) -> None:
    """Four attempts a wave; a fifth one to the same unit is one too many."""
    for n in range(2, 6):
        again = await call_later(day, "赵伟", f"a-zhao-{n}", timedelta(days=n))
        await day.conn.execute(
            "UPDATE survey.interview SET unit_id = $1 WHERE id = $2", day.zhao.unit, again.interview
        )

    assert await broken(day) == ["attempts_capped: unit u-a-zhao: 5 attempts"]


async def test_a_third_attempt_on_one_day(day: Day) -> None:
    await call_later(day, "赵伟", "a-zhao-2", timedelta(hours=5))
    await call_later(day, "赵伟", "a-zhao-3", timedelta(hours=9, minutes=30))

    assert await broken(day) == ["a_day_capped: attempts a-zhao a-zhao-2 a-zhao-3 on 2026-03-09"]


async def test_an_attempt_too_soon_after_the_last(day: Day) -> None:
    await call_later(day, "赵伟", "a-zhao-2", timedelta(hours=2))

    assert await broken(day) == ["hours_apart: attempt a-zhao-2 02:00:00 after a-zhao"]


async def test_whoever_asked_for_a_person_is_called_soon(day: Day) -> None:
    await day.conn.execute("UPDATE survey.attempt SET disposition = 'handover_pending' WHERE ref = 'a-zhao'")
    await call_later(day, "赵伟", "a-zhao-2", timedelta(hours=2))

    assert await broken(day) == []


async def test_the_eleventh_contact_of_any_kind_in_thirty_days(day: Day) -> None:
    for n in range(1, 11):
        await call_later(day, "赵伟", f"a-zhao-{n}", timedelta(days=n))

    assert await broken(day) == ["any_kind_capped: attempt a-zhao-10 is number 11"]


async def test_a_unit_in_contact_with_nobody(day: Day) -> None:
    """Its only contact is closed: nothing will ever wake it."""
    await day.conn.execute(
        "UPDATE survey.sample_unit SET status = 'in_contact', done_at = NULL WHERE ref = 'u-a-zhao'"
    )
    await day.conn.execute(
        "UPDATE survey.unit_event SET to_status = 'in_contact' WHERE unit_id = $1", day.zhao.unit
    )

    assert await broken(day) == ["units_owed_or_done: unit u-a-zhao: in_contact"]


async def test_a_disposition_outside_the_table(day: Day) -> None:
    await day.conn.execute("UPDATE survey.sample_unit SET disposition = 'vanished' WHERE ref = 'u-a-zhao'")

    assert await broken(day) == [
        "dispositions_known: campaign perception: 6 of 7 units have a known disposition",
        "events_tell_all: unit u-a-zhao: done vanished, its last event says done busy",
    ]


async def test_a_result_that_travels_up_twice(day: Day) -> None:
    for _ in range(2):
        await day.world.put(
            "survey.outbox",
            topic="interview_finished",
            unit_id=day.wang.unit,
            interview_id=day.wang.interview,
            purpose="case",
            at=MORNING,
        )

    assert await broken(day) == ["announced_once: unit u-a-wang: interview_finished 2 times"]


async def test_somebody_counts_as_reached_without_a_result(day: Day) -> None:
    case = await day.world.put(
        "followup.case_file",
        number="SL-20260309-0037",
        short_number="0037",
        query_code="K7Q2M9XA",
        centre_code=CENTRE,
        source="import",
        content="路灯不亮",
        category="照明",
        duty_no=1,
        kind="complaint",
        area_code=COUNTY,
        status="callback",
        received_at=MORNING,
        policy_version=1,
    )
    await day.world.put(
        "followup.callback",
        case_id=case,
        round=1,
        status="settled",
        created_at=MORNING,
        settled_at=MORNING,
        reached=True,
    )

    assert await broken_promises(day.conn) == (Breach("reached_means_told", "case SL-20260309-0037 round 1"),)


async def fill_a_seat(day: Day, unit: int, quota: str, target: int, counted: int) -> None:
    campaign = day.world.campaigns["perception"]
    await day.world.put(
        "survey.quota_cell", campaign_id=campaign, quota=quota, cell="all", target=target, filled=counted
    )
    await day.conn.execute(
        "INSERT INTO survey.quota_seat (unit_id, campaign_id, quota, cell, held_at, filled_at)"
        " VALUES ($1, $2, $3, 'all', $4, $4)",
        unit,
        campaign,
        quota,
        MORNING,
    )


async def test_a_quota_that_is_passed(day: Day) -> None:
    await fill_a_seat(day, day.li.unit, "total", target=0, counted=0)

    assert await broken(day) == [
        "quotas_kept: perception, total all: 1 of 0",
        "seats_add_up: perception, total all: counted 0 and 0",
    ]


async def test_a_seat_of_somebody_who_did_not_answer(day: Day) -> None:
    await fill_a_seat(day, day.zhao.unit, "total", target=9, counted=1)

    assert await broken(day) == ["seats_add_up: unit u-a-zhao: total, done busy"]


async def test_more_calls_than_the_budget_allows(day: Day) -> None:
    await day.world.put(
        "survey.campaign_budget", campaign_id=day.world.campaigns["perception"], most_calls=1, calls=1
    )

    assert await broken(day) == ["budget_kept: perception: 5 calls of 1"]
