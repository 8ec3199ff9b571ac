"""What a centre did in the first weeks of March 2026 beside the small day: appeals on their way, audits, weekly
reports, seals."""

from __future__ import annotations

from datetime import datetime

from report_week import two_weeks
from small_day import CENTRE, SmallDay, at

from followup.issuing import issue
from survey.periods import period


async def whole_month(day: SmallDay) -> None:
    """Two weeks of interviews, and the work of the centre on cases."""
    await two_weeks(day)
    await audits(day)
    await appeals(day)
    await callbacks(day)
    await weeks(day)
    await seals(day)


async def audits(day: SmallDay) -> None:
    """Twelve interviews are listened to, one is void."""
    held = await day.conn.fetch(
        "SELECT id FROM survey.interview WHERE ref LIKE 'week-i-%' ORDER BY id LIMIT 12"
    )
    for place, row in enumerate(held):
        await day.put(
            "survey.audit_item", interview_id=row["id"], at=at(19, days=4), method="listen",
            verdict="pass" if place else "void", by_whom="质检员", why="抽听",
        )  # fmt: skip


async def appeals(day: SmallDay) -> None:
    """Ten appeals on Tuesday the 10th: one accepted two days late, one classified anew, one submitted a day late, one
    returned by its unit with good reason, one dispatched late; a tenth is registered on the last evening and not due.
    One goes to the meeting, which decides."""
    for n in range(9):
        case = await _registered(day, at(9, days=1), "0201")
        accepted = at(10, days=4) if n == 0 else at(10, days=1)
        await _event(day, case, "accept", "registered", "accepted", accepted)
        submitted = at(11, days=4) if n == 0 else at(16, days=2) if n == 1 else at(11, days=1)
        await _event(day, case, "submit", "accepted", "submitted", submitted)
        sent = at(17, days={0: 7, 1: 3, 4: 7}.get(n, 2))
        await _event(day, case, "dispatch", "submitted", "dispatched", sent)
        await day.put(
            "followup.assignment", None, case_id=case, round=1, unit_code="U-CG", role="lead",
            dispatched_at=sent, due_at=at(18, days=40),
        )  # fmt: skip
        if n == 2:
            await day.conn.execute("UPDATE followup.case_file SET category = '0801' WHERE id = $1", case)
        if n == 3:
            await day.put(
                "followup.case_return", None, case_id=case, unit_code="U-CG", round=1, reason="不归我管",
                suggested_unit="U-PO", returned_at=at(9, days=6), decision="allowed", decided_at=at(10, days=6),
            )  # fmt: skip
    await _event(day, case, "to_meeting", "redispatch_review", "adjudication", at(9, days=15))
    await _event(day, case, "meeting_dispatch", "adjudication", "dispatched", at(9, days=16))
    await _registered(day, at(17, days=22), "0201")


async def callbacks(day: SmallDay) -> None:
    """Thirty matters are called back about: 27 reached, of whom 24 say solved; three not reached, two of them tried
    three times."""
    for n in range(30):
        person = await day.person()
        case = await _case(day, person, at(9, days=3))
        unit = await day.unit("callbacks", person, "no_answer", key=f"score-{n}")
        tries = 1 if n < 27 else (3, 3, 2)[n - 27]
        for k in range(tries):
            await _tried(day, unit, person, at(10 + 2 * k, days=4))
        reached = n < 27
        solved = "1" if n < 24 else "3"
        await day.put(
            "followup.callback", case_id=case, round=1, status="settled", created_at=at(9, days=4),
            unit_ref=await day.conn.fetchval("SELECT ref FROM survey.sample_unit WHERE id = $1", unit),
            settled_at=at(12, days=6), mode="voice", reached=reached, verdict="closed" if reached else "closed_unreached",
            answers={"C1": ["1", None], "C2": [solved, None], "C3": ["1", None]} if reached else {}, verdict_line=8,
            due_at=at(18, days=5) if n else at(9, 30, days=4),
        )  # fmt: skip


async def weeks(day: SmallDay) -> None:
    """The centre began on the 2nd; of four weeks two were issued on Monday."""
    await day.put(
        "survey.daily_duty", None, centre_code=CENTRE, duty="daily_list", day=at(8, days=-7).date(), done_at=at(8, days=-7)
    )  # fmt: skip
    for written, when in (
        ("2026-W10", at(7, 30)),
        ("2026-W11", at(7, 30, days=7)),
        ("2026-W12", at(9, days=15)),
    ):
        await issue(day.conn, "weekly", CENTRE, period(written), by="主任", now=when)


async def seals(day: SmallDay) -> None:
    """All days with events but one are sealed."""
    found = await day.conn.fetch(
        "SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM followup.case_event ORDER BY 1"
    )
    for number, row in enumerate(found[:-2], 1):
        await day.put(
            "followup.sealed_day", None, centre_code=CENTRE, day=row["day"], number=number, sealed_at=at(0, 10, days=20),
            chains=1, events=1, prev_hash=bytes(32), hash=bytes(32),
        )  # fmt: skip


async def _registered(day: SmallDay, when: datetime, category: str) -> int:
    case = await _case(day, await day.person(), when, category)
    await _event(day, case, "register", None, "registered", when, {"category": category})
    return case


async def _case(day: SmallDay, person: int, when: datetime, category: str = "0701") -> int:
    serial = f"{day.people:05d}"
    case: int = await day.put(
        "followup.case_file", number=f"{CENTRE}-20260310-{serial}-3", short_number=serial[1:], query_code=f"S{serial}",
        centre_code=CENTRE, source="inbound", person_id=person, content="说的原话", category=category, duty_no=4,
        kind="complaint", area_code=CENTRE, status="dispatched", received_at=when, policy_version=1,
    )  # fmt: skip
    return case


async def _event(
    day: SmallDay, case: int, event: str, left: str | None, to: str, when: datetime, detail: dict[str, str] | None = None
) -> None:  # fmt: skip
    await day.put(
        "followup.case_event", case_id=case, round=1, event=event, from_status=left, to_status=to, actor="a", at=when,
        detail=detail,
    )  # fmt: skip


async def _tried(day: SmallDay, unit: int, person: int, when: datetime) -> None:
    contact = await day.put(
        "survey.contact", person_id=person, purpose="case", mode="voice", opened_at=when, closed_at=when
    )  # fmt: skip
    await day.put(
        "survey.attempt", ref=f"tried-{contact}", contact_id=contact, person_id=person, unit_id=unit, purpose="case",
        mode="voice", status="ended", dialing_at=when, ended_at=when, day=at(12, days=4).date(), day_part="day",
        disposition="no_answer",
    )  # fmt: skip
