"""What surveyors do on the small day: calls that come to a code, and appeals that they take in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from small_day import CENTRE, SmallDay, at

from survey.periods import Period

DAY = Period(date(2026, 3, 9), date(2026, 3, 9))
EVENING = at(0, days=1)


async def calls(day: SmallDay, staff: str, code: str, times: int, *, verdict: str | None = None) -> None:
    """So many calls of one surveyor that came to this code; of completes the interview is listened to, or not."""
    for n in range(times):
        person = await day.person()
        unit = await day.unit("daily-operator", person, code, key=f"{staff}-{code}-{n}-{day.people}")
        when = at(9) + timedelta(minutes=n)
        contact = await day.attempt(unit, person, "operator", when, code, "survey", timedelta(minutes=2))
        await day.conn.execute(
            "UPDATE survey.attempt SET operator = $2 WHERE contact_id = $1", contact, staff
        )
        if code != "complete":
            continue
        interview = await day.put(
            "survey.interview", ref=f"s-{contact}", contact_id=contact, unit_id=unit, position=0,
            questionnaire_id=day.questionnaires["perception"], mode="operator", lang="zh", status="complete",
            opened_at=when, ended_at=when + timedelta(minutes=2),
        )  # fmt: skip
        if verdict is not None:
            await day.put(
                "survey.audit_item", interview_id=interview, at=at(19), method="listen", verdict=verdict, by_whom="质检员",
                why="抽听",
            )  # fmt: skip


async def appeal(day: SmallDay, staff: str, serial: int, *, signed: str = "") -> int:
    """One that a surveyor took in on the small day, or whoever signed."""
    number = f"{CENTRE}-20260309-{serial:05d}-1"
    case: int = await day.put(
        "followup.case_file", number=number, short_number=f"{serial:04d}", query_code=f"K7Q3M{serial:03d}", centre_code=CENTRE,
        source="inbound", person_id=await day.person(), content="路灯不亮", category="01", duty_no=1, kind="report",
        area_code="991721001", status="registered", round=1, received_at=at(10), policy_version=1,
        first_handler=signed or f"调查员-{staff}",
    )  # fmt: skip
    await moved(day, case, None, "registered", at(10))
    return case


async def moved(day: SmallDay, case: int, left: str | None, to: str, when: datetime) -> None:
    await day.put(
        "followup.case_event", case_id=case, round=1, event="moved", from_status=left, to_status=to, actor="督导", at=when
    )  # fmt: skip
    await day.conn.execute("UPDATE followup.case_file SET status = $2 WHERE id = $1", case, to)
