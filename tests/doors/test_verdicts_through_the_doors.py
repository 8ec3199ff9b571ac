"""Every line of the verdict table, said by a resident through the real doors of each mode, and read back from the database: the
carrier's webhooks, the operator's desk, the web form; then the settling of what lies in the outbox."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files

import pytest
from doors_bench import CENTRE, Bench, at
from verdict_modes import MODES, answer_to, said_by

from followup import callbacks, imports
from followup.store.units import UnitRow, insert_units
from survey import dialing, filling, interviewing, operating
from survey.dialogue import Form, State
from survey.dialogue.asking import expect
from survey.dialogue.inputs import Digits, Message, NoInput
from survey.dialogue.turn import Expect
from survey.filling import Sent
from survey.importing import Brought
from survey.questionnaire import Mode, library

HEAD = "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众"
POLICE = UnitRow("991721-police", CENTRE, "遂澜县公安局", "gov", CENTRE)
CALLBACK = library("callback")
OUTCOME = ("line", "verdict", "reasons", "counted_as")
Row = dict[str, str]


@dataclass(frozen=True)
class Resident:
    """Who answers as a row of the table says: the n-th of the list."""

    n: int
    row: Row
    unit_ref: str

    @property
    def number(self) -> str:
        return f"+86154{self.n:08}"


def rows_of(mode: Mode) -> list[Row]:
    """One row for each outcome that can come about in this mode, with and without a claim of contact. Who asks for another time
    has no verdict yet: they are called again. (All combinations are judged in test_verdict_in_every_mode.)"""
    table = files("followup.casework").joinpath("verdict_table.csv").read_text("utf-8").splitlines()
    found: dict[tuple[str, ...], Row] = {}
    for row in csv.DictReader(table):
        key = tuple(row[column] for column in (*OUTCOME, "claimed_contact", "reached"))
        if key in found:
            continue
        state = said_by(row, mode, claimed=row["claimed_contact"] == "yes")
        if state is not None and state.status != "unanswered":
            found[key] = row
    return list(found.values())


def name(n: int) -> str:
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    return "赵钱孙李"[hundreds] + "甲乙丙丁戊己庚辛壬癸"[tens] + "甲乙丙丁戊己庚辛壬癸"[ones]


async def closed_elsewhere(bench: Bench, rows: list[Row], mode: Mode) -> list[Resident]:
    """Their matters were closed on another platform and imported on Monday morning; each is due now, by this mode."""
    claims = {"yes": "是", "no": "否"}
    lines = [
        f"GD{n},{name(n)},154{n:08},路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,{claims[row['claimed_contact']]}"
        for n, row in enumerate(rows, start=1)
    ]
    async with bench.ground.pool.acquire() as conn:
        await insert_units(conn, [POLICE])
        report = await imports.import_closed_cases(
            conn,
            bench.ground.vault,
            CENTRE,
            "\n".join([HEAD, *lines]).encode(),
            Brought("closed.csv", "审核员", "结果回访", "法定职责"),
            plan="fictional",
            now=at("9 08:20"),
            tokens=bench.ground.tokens,
            seed=7,
        )
    assert len(report.numbers) == len(rows)
    first = "text" if mode == "web" else mode
    await bench.run("UPDATE survey.campaign SET links = true")
    await bench.run("UPDATE survey.sample_unit SET next_mode = $1, due_at = $2", first, bench.clock.now())
    refs = dict(
        await bench.rows(
            "SELECT c.external_number, b.unit_ref FROM followup.case_file c JOIN followup.callback b ON b.case_id = c.id"
        )
    )
    return [Resident(n, row, refs[f"GD{n}"]) for n, row in enumerate(rows, start=1)]


async def asked(bench: Bench, person: Resident) -> Expect | None:
    """What the dialogue with this resident waits for; None: it is over."""
    stored = await bench.rows(
        """SELECT i.state FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
           WHERE u.ref = $1 AND i.status = 'open'""",
        person.unit_ref,
    )
    if not stored:
        return None
    state = State.from_json(stored[0][0])
    assert state.asking is not None
    return expect(CALLBACK, state, [CALLBACK.by_id[state.asking]])


async def by_text(bench: Bench, person: Resident) -> None:
    step = 0
    while (expects := await asked(bench, person)) is not None:
        given = answer_to(expects, person.row, "text")
        assert isinstance(given, Message)
        step += 1
        sid = f"SM{person.n}-{step}"
        await interviewing.take_text(bench.ground, person.number, sid, given.body, bench.real)


async def by_voice(bench: Bench, person: Resident) -> None:
    ref, sid = await attempt_of(bench, person)
    await interviewing.take_call(bench.ground, ref, sid, 0, NoInput(), bench.real)
    step = 0
    while (expects := await asked(bench, person)) is not None:
        given = answer_to(expects, person.row, "voice")
        assert isinstance(given, Digits)
        step += 1
        await interviewing.take_call(bench.ground, ref, sid, step, given, bench.real)
    await dialing.record_progress(bench.ground, ref, sid, "answered", None, {})


async def attempt_of(bench: Bench, person: Resident) -> tuple[str, str]:
    ((ref, sid),) = await bench.rows(
        """SELECT a.ref, a.sid FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
           WHERE u.ref = $1""",
        person.unit_ref,
    )
    return str(ref), str(sid)


async def at_the_desk(bench: Bench, people: list[Resident]) -> None:
    """The operator takes them as they come, and writes down what each says."""
    by_ref = {person.unit_ref: person for person in people}
    for _ in people:
        task = await operating.next_task(bench.ground, "1021")
        assert task is not None
        ((unit,),) = await bench.rows(
            "SELECT u.ref FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id WHERE a.ref = $1",
            task.ref,
        )
        person = by_ref[unit]
        reply = await operating.answered(bench.ground, task.ref, "1021")
        while not reply.over:
            assert reply.turn.expects is not None
            given = answer_to(reply.turn.expects, person.row, "operator")
            assert given is not None
            reply = await operating.say(bench.ground, task.ref, "1021", given)
        await operating.hang_up(bench.ground, task.ref)


async def on_the_web(bench: Bench, person: Resident) -> None:
    ((token,),) = await bench.rows(
        """SELECT l.token FROM survey.form_link l JOIN survey.attempt a ON a.contact_id = l.contact_id
           JOIN survey.sample_unit u ON u.id = a.unit_id WHERE u.ref = $1""",
        person.unit_ref,
    )
    over = False
    while not over:
        sheet = await filling.look(bench.ground, token)
        assert sheet.turn.expects is not None
        given = answer_to(sheet.turn.expects, person.row, "web")
        assert isinstance(given, Form)
        ((question, value),) = given.values.items()
        sent = (
            Sent(sheet.step, missing={question: "dk"})
            if value == "dk"
            else Sent(sheet.step, {question: (str(value),)})
        )
        over = await filling.fill(bench.ground, token, sent, bench.real)


async def answer_all(bench: Bench, people: list[Resident], mode: Mode) -> None:
    if mode == "operator":
        await at_the_desk(bench, people)
        return
    bench.ground = replace(bench.ground, public_url="https://minyi.example")
    due = len(people)
    for _ in people:  # as fast as the pace of the line allows
        due -= await dialing.dial_due(bench.ground, bench.line)
        bench.later(seconds=10)
        if due == 0:
            break
    says: dict[str, Callable[..., object]] = {"text": by_text, "voice": by_voice, "web": on_the_web}
    for person in people:
        await says[mode](bench, person)  # type: ignore[misc]


async def settled(bench: Bench) -> None:
    async with bench.ground.pool.acquire() as conn:
        while (
            await callbacks.take_finished(
                conn, now=bench.clock.now(), real_now=lambda: bench.real, tokens=bench.ground.tokens
            )
        ).rows:
            pass


@pytest.mark.parametrize("mode", MODES)
async def test_what_is_said_through_the_doors_comes_to_its_line(bench: Bench, mode: Mode) -> None:
    rows = rows_of(mode)
    assert {row["line"] for row in rows} == set("3456789" if mode == "text" else "123456789")
    people = await closed_elsewhere(bench, rows, mode)
    await answer_all(bench, people, mode)
    await settled(bench)
    stored = {
        ref: (str(line), verdict, " ".join(reasons), counted_as, flagged, callback_mode)
        for ref, line, verdict, reasons, counted_as, flagged, callback_mode in await bench.rows(
            "SELECT unit_ref, verdict_line, verdict, reasons, counted_as, flagged, mode FROM followup.callback"
        )
    }
    assert stored == {
        person.unit_ref: (
            *(person.row[column] for column in OUTCOME),
            person.row["verdict"] == "flagged",
            mode,
        )
        for person in people
    }
