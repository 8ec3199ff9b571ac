"""What happens on the small day: conversations of each kind, and five cases with their rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from small_day import CENTRE, SmallDay, at

MOBILE = "+8615412345678"
UNSOLVED = ("not_solved", "dissatisfied")


@dataclass(frozen=True)
class Round:
    """One round of a case: the result that is told, how the callback goes, what follows."""

    result: str
    mode: str
    said: Sequence[str]
    when: datetime
    verdict: str
    line: int
    codes: str = ""  # such as "C1=2 C2=3"
    words: str | None = None
    reasons: tuple[str, ...] = ()
    decision: str | None = None
    ground: str | None = None
    flag_s: float = 0.2


async def whole_day(day: SmallDay) -> None:
    """Everything: ground, the surveys in three modes, the cases."""
    await day.ground()
    await surveys(day)
    await five_cases(day)


async def surveys(day: SmallDay) -> None:
    """One conversation of each kind, under a name, and people of whom nothing was heard."""
    await day.talk("whole call", "daily-voice", "voice", at(9, 10), list("11132132#"), gap_s=14)
    keys = ["1", "6", "2", "1", "2", "", "1", "2", "2", "2", "#"]
    await day.talk("wrong keys", "daily-voice", "voice", at(9, 32), keys, gap_s=16)
    await day.talk("midway", "daily-voice", "voice", at(10, 4), ["1", "2", "1", "3", "hangup"])
    await day.talk("unsafe", "daily-voice", "voice", at(14, 4), list("14142132#"))
    await day.talk("never again by voice", "daily-voice", "voice", at(14, 40), ["1", "9"])
    await day.talk("digits", "daily-text", "text", at(9, 0), ["1", "2", "31"], gap_s=540)
    in_words = ["比较安全吧", "还行", "满意", "52岁 女"]
    await day.talk("in words", "daily-text", "text", at(9, 1), in_words, gap_s=700)
    await day.talk("stop", "daily-text", "text", at(9, 2), ["退订"], gap_s=200)
    await day.talk("who", "daily-text", "text", at(9, 3), ["你们是谁", "1", "1", "42"], gap_s=300)
    await day.talk("late", "daily-text", "text", at(9, 4), ["late:比较安全"], gap_s=300)
    chosen = ["1", "3", "2", "1", "1", "2", "1", "1", "1", "2", "2", "1", "2", "2", "3", "2"]
    asked = [*chosen, "夜里大货车超速", "1"]
    await day.talk("operator", "daily-operator", "operator", at(10, 30), asked, gap_s=12)
    await day.talk("declined", "daily-operator", "operator", at(11, 30), ["declined"])
    await day.quiet("daily-voice", "voice", "no_answer", 9, 11)
    await day.quiet("daily-voice", "voice", "busy", 4, 16)
    await day.quiet("daily-voice", "voice", "unassigned", 3, 10)
    await day.quiet("daily-text", "text", "text_no_reply", 6, 9)
    await day.quiet("daily-operator", "operator", "no_answer", 2, 15)
    await day.waiting("daily-voice", "voice", at(9, days=1))


async def five_cases(day: SmallDay) -> None:
    """Solved at once; solved in the second round; in the third; waiting for a decision; never reached."""
    await case(day, "lamp", 37, "东街路灯不亮已有半个月", "closed", [
        Round("东街6盏路灯已全部更换,夜里已亮灯", "text", ["1", "联系过", "满意"], at(10, 20),
              "closed", 8, "C1=1 C2=1 C3=1"),
    ])  # fmt: skip
    loud = f"还是吵到一点,打我电话{MOBILE}"
    noise = "城管夜间值守一周,23点清场,已与您当面确认"
    await case(day, "noise", 41, "夜市噪声到凌晨一点", "closed", [
        Round("已责令夜市23点前收摊", "text", ["未解决", "没有", "不满意", loud, "需要"], at(11, 5),
              "flagged", 3, "C1=2 C2=3 C3=3 C7=1", loud, ("not_contacted", *UNSOLVED),
              "redispatch", "居民否认联系,夜里实测仍超标"),
        Round(noise, "voice", ["1", "1", "1", "2", "1"], at(15, 30, days=2),
              "closed", 8, "C0=1 C1=1 C2=1 C3=2 C6=1"),
    ])  # fmt: skip
    await case(day, "dog", 52, "小区流浪狗咬人", "closed", [
        Round("已安排捕捉", "voice", ["1", "1", "3", "3", "#", "1", "1"], at(10, 40),
              "flagged", 4, "C0=1 C1=1 C2=3 C3=3 C6=1 C7=1", None, UNSOLVED, "redispatch", "狗仍在小区", 0.4),
        Round("捕捉2只,已送收容所", "text", ["部分", "1", "2", "还剩一只大的", "1"], at(9, 50, days=2),
              "flagged", 6, "C1=1 C2=2 C3=2 C7=1", "还剩一只大的", ("partly_solved",),
              "redispatch", "还有一只未捕"),
        Round("第三只已捕捉,小区加了围栏", "text", ["已解决", "联系过", "满意"], at(16, 10, days=3),
              "closed", 8, "C1=1 C2=1 C3=1"),
    ])  # fmt: skip
    await case(day, "parking", 60, "学校门口乱停车", None, [
        Round("交警上下学时段设岗", "text", ["3", "1", "3", "放学照样堵", "要"], at(17, 45),
              "flagged", 4, "C1=1 C2=3 C3=3 C7=1", "放学照样堵", UNSOLVED, flag_s=0.9),
    ])  # fmt: skip
    await case(day, "drain", 66, "下水道堵塞", "closed_unreached", [
        Round("已疏通", "voice", [], at(18, 5), "closed_unreached", 10),
    ])  # fmt: skip


async def case(
    day: SmallDay, name: str, serial: int, content: str, ending: str | None, rounds: Sequence[Round]
) -> None:
    """A case imported as closed elsewhere, with all its rounds."""
    person = await day.person()
    number = f"{CENTRE}-20260309-{serial:05d}-4"
    day.cases[name] = number
    case_id = await day.put(
        "followup.case_file", number=number, short_number=f"{serial:04d}", query_code=f"K7Q2M{serial:03d}",
        centre_code=CENTRE, source="import", external_number=number, person_id=person, content=content,
        category="01", duty_no=1, kind="report", area_code="991721001", status=ending or "redispatch_review",
        ending=ending, round=len(rounds), received_at=at(8, 10), policy_version=1,
        closed_at=rounds[-1].when if ending else None,
    )  # fmt: skip
    for place, one in enumerate(rounds, 1):
        await _handled(day, case_id, place, one)
        await _called_back(day, case_id, person, number, place, one)


async def _handled(day: SmallDay, case_id: int, place: int, one: Round) -> None:
    reported = one.when - timedelta(hours=2)
    sent = reported - timedelta(hours=3)
    await day.put(
        "followup.assignment", None, case_id=case_id, round=place, unit_code="U-CG", role="lead",
        dispatched_at=sent, signed_at=sent, due_at=reported + timedelta(days=3),
    )  # fmt: skip
    await day.put(
        "followup.result", None, case_id=case_id, round=place, unit_code="U-CG", reported_at=reported,
        result_summary=one.result, claimed_contact=True, accepted_at=reported,
    )  # fmt: skip


async def _called_back(day: SmallDay, case_id: int, person: int, number: str, place: int, one: Round) -> None:
    unit = await day.unit("callbacks", person, "no_answer", key=f"case:{number}:{place}")
    facts = {"case_short": number[-6:-2], "result": one.result}
    interview = None
    if one.said:
        interview = await day.talk(
            f"{number}:{place}",
            "callbacks",
            one.mode,
            one.when,
            one.said,
            unit=unit,
            person=person,
            facts=facts,
        )
    else:
        await day.attempt(unit, person, one.mode, one.when, "no_answer", "case", timedelta(seconds=30))
    flagged, waits = one.verdict == "flagged", one.verdict == "flagged" and one.decision is None
    real = at(12)
    await day.put(
        "followup.callback", case_id=case_id, round=place, status="settled", created_at=one.when,
        unit_ref=await day.conn.fetchval("SELECT ref FROM survey.sample_unit WHERE id = $1", unit),
        settled_at=one.when, interview_id=interview, mode=one.mode if interview else None,
        reached=interview is not None, told_at=one.when if interview else None,
        told_text=one.result if interview else None, answers=_answers(one.codes), words=one.words,
        verdict_line=one.line, verdict=one.verdict, reasons=list(one.reasons), flagged=flagged,
        counted_as="as_answered", answer_real=real if flagged else None,
        flagged_real=real + timedelta(seconds=one.flag_s) if flagged else None, decision=one.decision,
        decided_by="s-01" if one.decision else None,
        decided_at=one.when + timedelta(hours=3) if one.decision else None, decision_reason=one.ground,
        decision_due_at=one.when + timedelta(hours=4) if waits else None,
        decision_post="supervisor" if waits else None,
    )  # fmt: skip


def _answers(codes: str) -> dict[str, list[str | None]]:
    """As stored: code and words by question."""
    pairs = (pair.split("=") for pair in codes.split())
    return {question: [code, None] for question, code in pairs}
