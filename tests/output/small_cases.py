"""Four cases of the small day: one solved, one solved in the second round, one in its third, one that waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.output.small_day import CENTRE, SmallDay, at

MOBILE = "打我电话+8615412345678"


@dataclass(frozen=True)
class Round:
    """One round of a case: the result that is told, how the callback goes, what follows."""

    result: str
    mode: str
    said: Sequence[str]
    when: datetime
    verdict: str
    line: int
    reasons: tuple[str, ...] = ()
    answers: dict[str, list[str | None]] | None = None
    words: str | None = None
    decision: str | None = None
    decision_reason: str | None = None
    claimed: bool = True
    flag_s: float = 0.2


async def case(day: SmallDay, name: str, serial: int, content: str, rounds: Sequence[Round], *, ending: str | None) -> None:
    """A case imported as closed elsewhere, with all its rounds."""
    person = await day.person()
    number = f"{CENTRE}-20260309-{serial:05d}-4"
    day.cases[name] = number
    case_id = await day.conn.fetchval(
        "INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, external_number, person_id, "
        "content, category, duty_no, kind, area_code, status, ending, round, received_at, policy_version, closed_at) "
        "VALUES ($1, $2, $3, $4, 'import', $1, $5, $6, '01', 1, 'report', '991721001', $7, $8, $9, $10, 1, $11) RETURNING id",
        number, f"{serial:04d}", f"K7Q2M{serial:03d}", CENTRE, person, content, ending or "redispatch_review", ending,
        len(rounds), at(8, 10), rounds[-1].when if ending else None,
    )  # fmt: skip
    for place, one in enumerate(rounds, 1):
        await _round(day, case_id, person, f"{serial:04d}", number, place, one)


async def _round(
    day: SmallDay, case_id: int, person: int, short: str, number: str, place: int, one: Round
) -> None:
    before = one.when - timedelta(hours=2)
    await day.conn.execute(
        "INSERT INTO followup.assignment VALUES ($1, $2, 'U-CG', 'lead', $3, $3, $4)",
        case_id, place, before - timedelta(hours=3), before + timedelta(days=3),
    )  # fmt: skip
    await day.conn.execute(
        "INSERT INTO followup.result VALUES ($1, $2, 'U-CG', $3, $4, $5, $3)", case_id, place, before, one.result, one.claimed
    )
    unit = await day.unit("callbacks", person, disposition="no_answer", key=f"case:{number}:{place}")
    ref = await day.conn.fetchval("SELECT ref FROM survey.sample_unit WHERE id = $1", unit)
    facts = {"case_short": short, "result": one.result}
    if one.said:
        interview: int | None = await day.talk(
            f"{number}:{place}", "callbacks", one.mode, one.when, one.said, unit=unit, person=person, facts=facts
        )
    else:
        interview = None
        await day.attempt(unit, person, one.mode, one.when, "no_answer", purpose="case")
    flagged = one.verdict == "flagged"
    real = at(12)
    await day.conn.execute(
        "INSERT INTO followup.callback (case_id, round, unit_ref, status, created_at, settled_at, interview_id, mode, reached, "
        "told_at, told_text, answers, words, verdict_line, verdict, reasons, flagged, counted_as, answer_real, flagged_real, "
        "decision, decided_by, decided_at, decision_reason, decision_due_at, decision_post) "
        "VALUES ($1, $2, $3, 'settled', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'as_answered', $17, $18, "
        "$19, $20, $21, $22, $23, $24)",
        case_id, place, ref, before, one.when, interview, one.mode if interview else None, bool(interview),
        one.when if interview else None, one.result if interview else None, one.answers, one.words, one.line, one.verdict,
        list(one.reasons), flagged, real if flagged else None, real + timedelta(seconds=one.flag_s) if flagged else None,
        one.decision, "s-01" if one.decision else None, one.when + timedelta(hours=3) if one.decision else None,
        one.decision_reason, one.when + timedelta(hours=4) if flagged and not one.decision else None,
        "supervisor" if flagged and not one.decision else None,
    )  # fmt: skip


def _codes(**codes: str) -> dict[str, list[str | None]]:
    return {question: [code, None] for question, code in codes.items()}


async def four_cases(day: SmallDay) -> None:
    """The cases, each told by name."""
    await case(day, "lamp", 37, "东街路灯不亮已有半个月", [
        Round("东街6盏路灯已全部更换,夜里已亮灯", "text", ["1", "联系过", "满意"], at(10, 20), "closed", 8,
              answers=_codes(C1="1", C2="1", C3="1")),
    ], ending="closed")  # fmt: skip
    await case(day, "noise", 41, "夜市噪声到凌晨一点", [
        Round("已责令夜市23点前收摊", "text", ["未解决", "没有", "不满意", f"还是吵到一点,{MOBILE}", "需要"], at(11, 5),
              "flagged", 3, ("not_contacted", "not_solved", "dissatisfied"), _codes(C1="2", C2="3", C3="3", C7="1"),
              f"还是吵到一点,{MOBILE}", "redispatch", "居民否认联系,夜里实测仍超标"),
        Round("城管夜间值守一周,23点清场,已与您当面确认", "voice", ["1", "1", "1", "2", "1"], at(15, 30, days=2), "closed", 8,
              answers=_codes(C0="1", C1="1", C2="1", C3="2", C6="1"), flag_s=0.4),
    ], ending="closed")  # fmt: skip
    await case(day, "dog", 52, "小区流浪狗咬人", [
        Round("已安排捕捉", "voice", ["1", "1", "3", "3", "1", "1"], at(10, 40), "flagged", 4, ("not_solved", "dissatisfied"),
              _codes(C0="1", C1="1", C2="3", C3="3", C6="1", C7="1"), None, "redispatch", "狗仍在小区"),
        Round("捕捉2只,已送收容所", "text", ["部分", "1", "2", "还剩一只大的", "1"], at(9, 50, days=2), "flagged", 6,
              ("partly_solved",), _codes(C1="1", C2="2", C3="2", C7="1"), "还剩一只大的", "redispatch", "还有一只未捕"),
        Round("第三只已捕捉,小区加了围栏", "text", ["已解决", "联系过", "满意"], at(16, 10, days=3), "closed", 8,
              answers=_codes(C1="1", C2="1", C3="1")),
    ], ending="closed")  # fmt: skip
    await case(day, "parking", 60, "学校门口乱停车", [
        Round("交警上下学时段设岗", "text", ["3", "1", "3", "放学照样堵", "要"], at(17, 45), "flagged", 4,
              ("not_solved", "dissatisfied"), _codes(C1="1", C2="3", C3="3", C7="1"), "放学照样堵", flag_s=0.9),
    ], ending=None)  # fmt: skip
    await case(day, "drain", 66, "下水道堵塞", [
        Round("已疏通", "voice", [], at(18, 5), "closed_unreached", 10),
    ], ending="closed_unreached")  # fmt: skip


async def whole_day(day: SmallDay) -> None:
    """Everything: ground, the surveys in three modes, the cases."""
    await day.ground()
    await surveys(day)
    await four_cases(day)


async def surveys(day: SmallDay) -> None:
    """Told by name: each conversation that the page tells, and people of whom nothing was heard."""
    await day.talk("whole call", "daily-voice", "voice", at(9, 10), list("11142133"), gap_s=14)
    await day.talk("wrong keys", "daily-voice", "voice", at(9, 32), ["1", "6", "2", "1", "2", "", "1", "2", "2", "2"], gap_s=16)
    await day.talk("midway", "daily-voice", "voice", at(10, 4), ["1", "2", "1", "3", "hangup"])
    await day.talk("unsafe", "daily-voice", "voice", at(14, 4), list("14142132"))
    await day.talk("never again by voice", "daily-voice", "voice", at(14, 40), ["1", "9"])
    await day.talk("digits", "daily-text", "text", at(9, 0), ["1", "2", "31"], gap_s=540)
    await day.talk("in words", "daily-text", "text", at(9, 1), ["比较安全吧", "还行", "满意", "52岁 女"], gap_s=700)
    await day.talk("stop", "daily-text", "text", at(9, 2), ["退订"], gap_s=200)
    await day.talk("who", "daily-text", "text", at(9, 3), ["你们是谁", "1", "1", "42"], gap_s=300)
    await day.talk("late", "daily-text", "text", at(9, 4), ["late:比较安全"], gap_s=300)
    await day.talk(
        "operator", "daily-operator", "operator", at(10, 30),
        ["1", "3", "2", "1", "1", "2", "1", "1", "1", "2", "2", "1", "2", "2", "1", "1", "夜里大货车超速", "1"], gap_s=12,
    )  # fmt: skip
    await day.talk("declined", "daily-operator", "operator", at(11, 30), ["declined"])
    await day.quiet("daily-voice", "voice", "no_answer", 9, 11)
    await day.quiet("daily-voice", "voice", "busy", 4, 16)
    await day.quiet("daily-voice", "voice", "unassigned", 3, 10)
    await day.quiet("daily-text", "text", "text_no_reply", 6, 9)
    await day.quiet("daily-operator", "operator", "no_answer", 2, 15)
    person = await day.person()
    await day.unit("daily-voice", person, disposition="not_attempted", status="waiting")
