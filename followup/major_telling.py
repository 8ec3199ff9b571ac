"""How a major report is told: its ladder, its papers, its notices, its events. Used by the door `major` alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import asyncpg

from followup import notices
from followup.casework.major import Climb, major_policy, next_climb
from followup.notices import NewNotice
from followup.store import cases, events, majors
from followup.store.events import EventRow
from followup.store.majors import MajorRow
from followup.time_refusals import MajorFactsMissing, NobodyNamed
from survey.masking import without_numbers

SYSTEM = "system"
TOLD = "major_told"
FORMS = {
    "first": ("首报", "first report"),
    "follow": ("续报", "follow-up report"),
    "final": ("终报", "final report"),
    "false_alarm": ("误报", "false alarm"),
}


async def paper(
    conn: asyncpg.Connection,
    report: MajorRow,
    form: str,
    facts: Mapping[str, str],
    by: str,
    event: str,
    now: datetime,
) -> int:
    """One more paper; every level that was told is told of it."""
    who, said = named(report.number, by), facts_said(facts)
    if not said:
        raise MajorFactsMissing(missing="what")
    serial = await majors.insert_form(conn, report.id, form, said, who, now)
    for step in await majors.steps_of(conn, report.id):
        await _tell(conn, report, step.level, f"{form}:{serial}", form, _gist(said), now)
    await note(conn, report, event, who, _gist(said), now, {"serial": serial, "facts": said})
    return serial


async def climb_ladder(conn: asyncpg.Connection, report: MajorRow, due: Climb | None, now: datetime) -> bool:
    """Tell the levels of a climb: new ones for the first time, those before once more."""
    if due is None:
        return False
    first = (await majors.forms_of(conn, report.id))[0]
    for level in due.first:
        await majors.insert_step(conn, report.id, level, now, major_policy().channel)
    await majors.tell_again(conn, report.id, due.again, now)
    for level in (*due.first, *due.again):
        await _tell(conn, report, level, f"rung:{due.rung}", "first", _gist(first.facts), now)
    moment = next_climb(report.raised_at, due.rung)
    await majors.move_major(conn, report, "sent", climbed=due.rung, next_at=moment)
    reason = f"levels {', '.join(map(str, (*due.first, *due.again)))}"
    detail = {"first": list(due.first), "again": list(due.again), "rung": due.rung}
    await note(conn, report, TOLD, SYSTEM, reason, now, detail)
    return True


async def _tell(
    conn: asyncpg.Connection, report: MajorRow, level: int, cause: str, form: str, gist: str, now: datetime
) -> None:
    """Owe the notices of one level, at any hour."""
    policy = major_policy()
    rung, name = policy.ladder[level - 1], policy.classes[report.class_]
    form_zh, form_en = FORMS[form]
    facts = {
        "report": report.number,
        "what": f"{name.zh},{form_zh}:{gist}",
        "what_en": f"{name.en}, {form_en}: {gist}",
        "level": rung.zh,
        "minutes": str(rung.minutes),
    }
    for recipient in rung.to:
        notice = NewNotice(
            f"major:{report.number}:L{level}:{cause}",
            recipient.format(centre=report.centre_code),
            "major_report",
            facts,
            case_id=report.case_id,
            urgent=True,
        )
        await notices.owe(conn, notice, now=now)


async def note(
    conn: asyncpg.Connection,
    report: MajorRow,
    event: str,
    by: str,
    reason: str,
    now: datetime,
    detail: Mapping[str, object],
) -> None:
    """The step as an event of the case that the report belongs to."""
    if report.case_number is None:
        return
    case = await cases.case_by_number(conn, report.case_number)
    assert case is not None
    facts = {"report": report.number, **detail}
    row = EventRow(case.id, case.round, event, case.status, case.status, by, reason, now, facts)
    await events.insert_events(conn, [row])


def facts_said(facts: Mapping[str, str]) -> dict[str, str]:
    """What was said, trimmed, in the order of the policy; what nobody said is left out, and so are telephone
    numbers, which are nowhere in the clear.
    """
    said = {name: " ".join(facts.get(name, "").split()) for name in major_policy().facts}
    return {name: without_numbers(words) for name, words in said.items() if words}


def _gist(facts: Mapping[str, str]) -> str:
    """Where and what, for a notice."""
    return " ".join(facts[name] for name in ("place", "what") if name in facts) or "; ".join(facts.values())


def named(number: str, by: str) -> str:
    if not by.strip():
        raise NobodyNamed(number=number)
    return by.strip()
