"""Who is next at the desk, scenario by scenario, beside the rules by which queXS (the open CATI system) orders its own queue.

queXS: `get_case_id` in functions/functions.operator.php of github.com/ACSPRI/queXS (commit 6be4a2d1), with the delays of
database/quexs.sql; told here as rules, in `quexs`. What it holds:

- whoever is in hand comes first of all; one that another has is nobody's
- begun cases come before people never called: an appointment whose time it is first, the one that is over soonest before the
  others; then by the priority a supervisor gave; then where it is latest by the clock; then whose last call is longest ago
- people never called by priority, where it is latest by the clock, then in the order of the sample (or at random)
- not before the delay of the last outcome has passed (no answer 180 minutes, a soft refusal 7 days), not while an appointment
  lies ahead, not another operator's own appointment, not of a survey that is switched off
- a soft refusal may go to anyone who has the skill, the one who was refused too
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from doors_bench import QINGSHI, Bench, Resident, at

from survey import operating
from survey.dialogue.inputs import Choice

NOW = at("11 10:00")
DELAYS = {"no_answer": timedelta(minutes=180), "refusal_soft": timedelta(days=7)}
"""Of queXS's own outcomes, `default_delay_minutes`."""


@dataclass(frozen=True)
class Waits:
    """Somebody in the queue at NOW. `due`: when our rule lets them be called; `called`: their last call, how it came out, and by
    whom; `agreed`: from when to when their appointment is, and with whom alone (queXS knows such); `priority`: a supervisor's;
    `east`: they live an hour further east; `at_desk`: of which operator; `off`: of a campaign that is paused."""

    name: str
    due: str = "11 09:00"
    called: tuple[str, str, str] | None = None
    agreed: tuple[str, str] | None = None
    only: str | None = None
    priority: int = 50
    east: bool = False
    campaign: str = "every day"
    owed: bool = False
    at_desk: str | None = None
    off: bool = False


@dataclass(frozen=True)
class Scenario:
    """Who waits, in the order of the sample, and to whom 1021, 1022 … get through, one after the other, with queXS and with us.
    `why`: why it is another on purpose; "" where it is the same."""

    what: str
    waits: tuple[Waits, ...]
    quexs: str
    ours: str
    why: str = ""


TABLE = [
    Scenario(
        "people never called: queXS goes down the sample, we by the moment each fell due",
        (Waits("王芳", due="11 09:50"), Waits("李强", due="11 09:40"), Waits("张敏", due="11 09:45")),
        "王芳 李强 张敏", "李强 张敏 王芳",
        "the moments are spread over the slots of the day, so that no part of a sample is always called first",
    ),
    Scenario(
        "an appointment whose time it is goes before everybody",
        (Waits("王芳", due="11 09:00"), Waits("李强", called=("10 15:00", "later", "1009"), agreed=("11 09:55", "11 10:25"))),
        "李强 王芳", "李强 王芳",
    ),
    Scenario(
        "of two appointments the earlier",
        (Waits("王芳", called=("10 15:00", "later", "1009"), agreed=("11 09:58", "11 10:28")),
         Waits("李强", called=("10 15:10", "later", "1009"), agreed=("11 09:52", "11 10:22"))),
        "李强 王芳", "李强 王芳",
    ),
    Scenario(
        "an appointment that lies ahead is left alone",
        (Waits("王芳", called=("10 15:00", "later", "1009"), agreed=("11 14:00", "11 14:30")), Waits("李强")),
        "李强", "李强",
    ),
    Scenario(
        "an appointment that nobody kept in its half hour",
        (Waits("李强", called=("9 15:00", "no_answer", "1009"), due="11 09:00"),
         Waits("王芳", called=("10 15:00", "later", "1009"), agreed=("11 09:00", "11 09:30"))),
        "李强 王芳", "王芳 李强",
        "a promise stays one when it is late: it goes first for 24 hours (attempts.yaml)",
    ),
    Scenario(
        "an appointment with one interviewer alone, who is not there",
        (Waits("王芳", called=("10 15:00", "later", "1009"), agreed=("11 09:55", "11 10:25"), only="1009"),),
        "", "王芳",
        "the promise is the centre's: whoever is free keeps it",
    ),
    Scenario(
        "begun before never called",
        (Waits("王芳", due="11 09:10"), Waits("李强", called=("10 15:00", "no_answer", "1009"), due="11 09:50")),
        "李强 王芳", "王芳 李强",
        "whoever is reached late in a wave differs from whoever is reached early; first calls wait for nobody's fourth",
    ),
    Scenario(
        "whose last call is longest ago",
        (Waits("王芳", called=("9 15:00", "no_answer", "1009"), due="11 09:40"),
         Waits("李强", called=("10 15:00", "no_answer", "1009"), due="11 09:20")),
        "王芳 李强", "李强 王芳",
        "the retry rule has put the pause and the part of the day into the due moment already",
    ),
    Scenario(
        "nobody is called again an hour after nobody answered",
        (Waits("王芳", called=("11 09:02", "no_answer", "1009"), due=""),),
        "", "",
    ),
    Scenario(
        "nor is somebody who said no softly yesterday",
        (Waits("王芳", called=("10 15:00", "declined", "1009"), due=""),),
        "", "",
    ),
    Scenario(
        "a soft refusal of a week ago, at the desk of whoever was refused",
        (Waits("王芳", called=("3 15:00", "declined", "1021"), due="11 09:00"),),
        "王芳", "",
        "it is asked once more, and by another person than they said no to",
    ),
    Scenario(
        "a soft refusal of a week ago, at another desk",
        (Waits("王芳", called=("3 15:00", "declined", "1009"), due="11 09:00"),),
        "王芳", "王芳",
    ),
    Scenario(
        "somebody whom a supervisor marked as urgent",
        (Waits("王芳", due="11 09:10"), Waits("李强", due="11 09:20", priority=90)),
        "李强 王芳", "王芳 李强",
        "everybody drawn has the same right to be asked; who matters more to somebody would bend the sample",
    ),
    Scenario(
        "somebody whose clock is an hour ahead",
        (Waits("王芳", due="11 09:10"), Waits("李强", due="11 09:20", east=True)),
        "李强 王芳", "王芳 李强",
        "a county has one clock; the due moment lies in the hours of whoever is called",
    ),
    Scenario(
        "two surveys: both go by who waits, over both of them",
        (Waits("王芳", due="11 08:10"), Waits("李强", due="11 08:20"), Waits("张敏", due="11 09:40", campaign="special")),
        "王芳 李强 张敏", "王芳 李强 张敏",
    ),
    Scenario(
        "the result of a case that is owed to somebody",
        (Waits("王芳", due="11 09:10"), Waits("李强", due="11 09:50", owed=True)),
        "王芳 李强", "李强 王芳",
        "whoever brought a matter to us is owed its result; queXS has no such thing",
    ),
    Scenario(
        "somebody who is at another desk",
        (Waits("王芳", at_desk="1009"), Waits("李强", due="11 09:50")),
        "李强", "李强",
    ),
    Scenario(
        "somebody who is at this desk already",
        (Waits("王芳", due="11 09:00"), Waits("李强", at_desk="1021", due="11 09:50")),
        "李强 王芳", "李强 王芳",
    ),
    Scenario(
        "a survey that is switched off",
        (Waits("王芳", due="11 09:00", campaign="paused", off=True), Waits("李强", due="11 09:50")),
        "李强", "李强",
    ),
]  # fmt: skip


def quexs(waits: Sequence[Waits], operator: str) -> Waits | None:
    """Whom queXS would give this operator at NOW: `waits` are those who have not been given out."""
    mine = [one for one in waits if one.at_desk == operator]
    free = [one for one in waits if one.at_desk is None and not one.off]
    begun = [one for one in free if one.called is not None and _may_be_called(one, operator)]
    fresh = [one for one in free if one.called is None]
    ranked = sorted(begun, key=lambda one: (*_appointment(one), -one.priority, not one.east, _last(one)))
    drawn = sorted(fresh, key=lambda one: (-one.priority, not one.east))
    return next(iter([*mine, *ranked, *drawn]), None)


def _may_be_called(one: Waits, operator: str) -> bool:
    assert one.called is not None
    outcome = {"declined": "refusal_soft"}.get(one.called[1], one.called[1])
    ahead = one.agreed is not None and at(one.agreed[0]) > NOW
    others = one.only is not None and one.only != operator and not _appointment(one)[0]
    return not ahead and not others and _last(one) + DELAYS.get(outcome, timedelta()) < NOW


def _appointment(one: Waits) -> tuple[bool, datetime]:
    """Sorts those first whose appointment is now, by its end."""
    is_now = one.agreed is not None and at(one.agreed[0]) <= NOW <= at(one.agreed[1])
    return not is_now, at(one.agreed[1]) if is_now and one.agreed else NOW


def _last(one: Waits) -> datetime:
    return at(one.called[0]) if one.called else NOW


async def lay(bench: Bench, one: Waits) -> Resident:
    """Put somebody in as they wait: their last call goes through the desk, as it did then."""
    person = await bench.resident(one.name)
    bench.clock.moment = at(one.called[0]) if one.called else NOW
    if one.owed:
        ref = await bench.case(person, "operator")
    else:
        ref = await bench.survey(person, "operator", code=one.campaign)
    if one.called is not None:
        await _call(bench, *one.called[1:])
    if one.at_desk is not None:
        assert await operating.next_task(bench.ground, one.at_desk) is not None
        return person
    if one.east:
        await bench.run("UPDATE survey.area SET tz = 'Asia/Tokyo' WHERE code = $1", QINGSHI)
        await bench.run("UPDATE survey.sample_unit SET area_code = $2 WHERE ref = $1", ref, QINGSHI)
    due = one.agreed[0] if one.agreed is not None else one.due
    if due:
        moment, agreed = at(due), at(due) if one.agreed is not None else None
        change = "UPDATE survey.sample_unit SET due_at = $2, appointment_at = $3 WHERE ref = $1"
        await bench.run(change, ref, moment, agreed)
    if one.off:
        await bench.run("UPDATE survey.campaign SET status = 'paused' WHERE code = $1", one.campaign)
    return person


async def _call(bench: Bench, came_out: str, operator: str) -> None:
    """The call of an earlier day."""
    task = await operating.next_task(bench.ground, operator)
    assert task is not None
    if came_out == "no_answer":
        await operating.unanswered(bench.ground, task.ref, came_out)
        return
    await operating.answered(bench.ground, task.ref, operator)
    await operating.say(bench.ground, task.ref, operator, Choice(came_out))
    await operating.hang_up(bench.ground, task.ref)


async def ours(bench: Bench, waits: Sequence[Waits], desks: Sequence[str]) -> str:
    """Whom each of these desks gets, one after the other."""
    in_turn = sorted(waits, key=lambda one: (_last(one), one.at_desk is None))
    names = {(await lay(bench, one)).id: one.name for one in in_turn}
    bench.clock.moment = NOW
    given = []
    for desk in desks:
        task = await operating.next_task(bench.ground, desk)
        if task is not None:
            person = await bench.one("SELECT person_id FROM survey.attempt WHERE ref = $1", task.ref)
            given.append(names[person])
    return " ".join(given)


def by_quexs(waits: Sequence[Waits], desks: Sequence[str]) -> str:
    """As `ours`, by the rules of queXS."""
    left, given = list(waits), []
    for desk in desks:
        one = quexs(left, desk)
        if one is not None:
            left.remove(one)
            given.append(one.name)
    return " ".join(given)


@pytest.mark.parametrize("row", TABLE, ids=[row.what for row in TABLE])
async def test_who_is_next(bench: Bench, row: Scenario) -> None:
    desks = [f"{1021 + n}" for n in range(len(row.waits))]
    assert by_quexs(row.waits, desks) == row.quexs
    assert await ours(bench, row.waits, desks) == row.ours


def test_each_difference_has_its_reason_and_nothing_else_has_one() -> None:
    assert [row.what for row in TABLE if (row.quexs != row.ours) != bool(row.why)] == []
