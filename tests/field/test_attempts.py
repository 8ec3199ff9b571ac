"""The retry rule, told with residents of Suilan: Monday 2026-03-09 is an ordinary working day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.field.attempts import Mode, Stop, Tried, Try, mode_plan, next_step
from survey.field.calling_hours import Purpose, day_part, local_day, window_at
from survey.field.dispositions import disposition, dispositions, final_code

TZ = "Asia/Shanghai"
CALLBACK: tuple[Mode, ...] = ("text", "voice")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TZ))


def tried(code: str, when: str, mode: Mode = "voice", appointment: str | None = None) -> Tried:
    agreed = at(appointment) if appointment else None
    return Tried(code, at(when), mode, day_part(at(when), TZ), agreed)


def step(
    purpose: Purpose,
    plan: Sequence[Mode],
    history: list[Tried],
    now: str,
    ends: str | None = None,
    prn: float = 0.0,
) -> str:
    """What comes next, in one line: mode and local time, or the final code and why."""
    wave_ends = at(ends) if ends else None
    match next_step(purpose, plan, history, at(now), TZ, wave_ends, prn=prn):
        case Try(moment, mode):
            return f"{mode} {moment.astimezone(ZoneInfo(TZ)):%Y-%m-%d %H:%M:%S}"
        case Stop(code, reason):
            return f"{code}: {reason}"


def test_the_first_attempt_waits_for_the_window() -> None:
    assert step("survey", ["voice"], [], "2026-03-09 08:30") == "voice 2026-03-09 09:00:00"


def test_people_are_spread_over_the_morning_by_their_permanent_number() -> None:
    starts = [step("survey", ["voice"], [], "2026-03-09 08:30", prn=prn) for prn in (0.0, 0.25, 0.5, 0.9999)]
    assert starts == [
        "voice 2026-03-09 09:00:00", "voice 2026-03-09 09:44:45",
        "voice 2026-03-09 10:29:30", "voice 2026-03-09 11:58:58",
    ]  # fmt: skip


def test_no_answer_in_the_morning_is_tried_in_another_part_of_the_same_day() -> None:
    history = [tried("no_answer", "2026-03-09 09:10")]
    assert step("survey", ["voice"], history, "2026-03-09 09:11").startswith("voice 2026-03-09 16:27:42")
    history += [tried("no_answer", "2026-03-09 14:10")]
    assert step("survey", ["voice"], history, "2026-03-09 14:11").startswith("voice 2026-03-10 18:")


def test_two_a_day_four_hours_apart_four_a_wave() -> None:
    history = [tried("busy", "2026-03-09 14:05")]
    assert step("survey", ["voice"], history, "2026-03-09 14:06").startswith("voice 2026-03-09 19:")
    history += [tried("busy", "2026-03-09 19:00")]
    assert step("survey", ["voice"], history, "2026-03-09 19:01").startswith("voice 2026-03-10 09:")
    history += [tried("busy", "2026-03-10 09:30"), tried("no_answer", "2026-03-10 15:00")]
    assert step("survey", ["voice"], history, "2026-03-10 15:01") == "no_answer: attempts_used"


def test_a_wave_that_ends_ends() -> None:
    history = [tried("no_answer", "2026-03-09 19:00")]
    assert (
        step("survey", ["voice"], history, "2026-03-09 19:01", "2026-03-09 20:30") == "no_answer: wave_over"
    )
    assert step("survey", ["voice"], [], "2026-03-09 20:25", "2026-03-09 20:30") == "not_attempted: wave_over"


@pytest.mark.parametrize("code", [c for c, row in dispositions().items() if row.retry == "stop"])
def test_what_is_final_is_not_tried_again(code: str) -> None:
    history = [tried(code, "2026-03-09 09:10"), tried("no_answer", "2026-03-09 15:00")]
    assert step("survey", ["voice"], history, "2026-03-09 15:01").endswith(": finished")


def test_a_callback_texts_first_waits_a_day_then_calls() -> None:
    assert step("case", CALLBACK, [], "2026-03-09 09:30") == "text 2026-03-09 09:30:01"
    history = [tried("text_no_reply", "2026-03-09 09:30", "text")]
    assert step("case", CALLBACK, history, "2026-03-10 09:30") == "voice 2026-03-10 11:02:05"


def test_people_over_sixty_and_landlines_hear_a_voice_first() -> None:
    assert mode_plan(CALLBACK, voice_first=True) == ("voice",)
    assert mode_plan(["text"], voice_first=True) == ("operator",)
    assert mode_plan(CALLBACK, voice_first=False) == CALLBACK


def test_a_text_that_cannot_arrive_gives_way_to_a_call() -> None:
    history = [tried("text_not_capable", "2026-03-09 09:30", "text")]
    assert step("case", CALLBACK, history, "2026-03-09 09:31").startswith("voice 2026-03-09 ")
    assert step("survey", ["text"], history, "2026-03-09 09:31") == "text_not_capable: no_other_mode"


def test_no_more_texts_about_the_case_but_a_call() -> None:
    history = [tried("opted_out", "2026-03-09 09:30", "text")]
    assert step("case", CALLBACK, history, "2026-03-09 09:31").startswith("voice 2026-03-09 ")
    assert step("case", ["text"], history, "2026-03-09 09:31") == "opted_out: no_other_mode"
    history += [tried("opted_out", "2026-03-09 14:00", "voice")]
    assert step("case", CALLBACK, history, "2026-03-09 14:01") == "opted_out: finished"


@pytest.mark.parametrize("mode", ["text", "voice", "operator"])
def test_who_opts_out_of_the_survey_is_not_surveyed_by_any_mode(mode: Mode) -> None:
    history = [tried("opted_out", "2026-03-09 09:30", mode)]
    assert step("survey", ["text", "voice"], history, "2026-03-09 09:31") == "opted_out: finished"


def test_a_text_survey_has_one_invitation_and_one_reminder() -> None:
    history = [tried("text_no_reply", "2026-03-09 09:30", "text")]
    assert step("survey", ["text"], history, "2026-03-09 12:00").startswith("text 2026-03-10 ")
    history += [tried("text_no_reply", "2026-03-10 10:00", "text")]
    assert step("survey", ["text"], history, "2026-03-11 10:01") == "text_no_reply: texts_used"


def test_a_suspended_line_is_tried_again_after_seven_days_and_then_no_more() -> None:
    history = [tried("suspended", "2026-03-09 09:30")]
    assert step("survey", ["voice"], history, "2026-03-09 09:31").startswith("voice 2026-03-16 ")
    assert (
        step("survey", ["voice"], history, "2026-03-09 09:31", "2026-03-10 20:30")
        == "disconnected: wave_over"
    )
    history += [tried("suspended", "2026-03-16 10:00")]
    assert step("survey", ["voice"], history, "2026-03-16 10:01") == "disconnected: still_suspended"


def test_an_appointment_is_kept_to_the_minute_or_at_the_next_opening() -> None:
    history = [tried("appointment", "2026-03-09 09:30", "operator", "2026-03-09 10:00")]
    assert step("survey", ["voice"], history, "2026-03-09 09:31") == "operator 2026-03-09 10:00:00"
    history = [tried("appointment", "2026-03-09 09:30", "voice", "2026-03-09 12:30")]
    assert step("survey", ["voice"], history, "2026-03-09 09:31") == "voice 2026-03-09 14:00:00"


def test_an_appointment_late_in_the_morning_is_not_put_off_to_the_afternoon() -> None:
    history = [tried("appointment", "2026-03-09 09:30", "operator", "2026-03-09 11:55")]
    assert step("survey", ["voice"], history, "2026-03-09 09:31") == "operator 2026-03-09 11:55:00"


def test_an_appointment_is_kept_though_a_fault_of_ours_came_between() -> None:
    history = [tried("no_answer", f"2026-03-{day:02} 09:30") for day in (9, 10)]
    history += [tried("appointment", "2026-03-12 09:30", "voice", "2026-03-13 16:00")]
    assert step("survey", ["voice"], history, "2026-03-12 09:31") == "voice 2026-03-13 16:00:00"
    fault = tried("technical", "2026-03-13 16:00")
    assert step("survey", ["voice"], [*history, fault], "2026-03-13 16:01") == "voice 2026-03-13 16:10:00"


def test_the_cap_stands_whatever_was_agreed_in_the_last_attempt() -> None:
    history = [tried("no_answer", f"2026-03-{day:02} 09:30") for day in (9, 10, 11)]
    history += [tried("appointment", "2026-03-12 09:30", "voice", "2026-03-13 16:00")]
    assert step("survey", ["voice"], history, "2026-03-12 09:31") == "appointment: attempts_used"


def test_an_appointment_never_passes_the_limits_of_a_person() -> None:
    twice_today = [
        tried("no_answer", "2026-03-09 09:30"),
        tried("appointment", "2026-03-09 14:00", "voice", "2026-03-09 19:00"),
    ]
    assert step("survey", ["voice"], twice_today, "2026-03-09 14:01") == "voice 2026-03-10 09:00:00"
    others = [at("2026-03-01 10:00") + timedelta(hours=n) for n in range(8)]
    after = next_step("survey", ["voice"], twice_today, at("2026-03-09 14:01"), TZ, None, others=others)
    assert isinstance(after, Try) and after.at >= at("2026-03-31 10:00")


def test_a_call_that_came_in_costs_none_of_our_attempts() -> None:
    ours = [tried("no_answer", f"2026-03-{day:02} 09:30") for day in (9, 10, 11)]
    theirs = Tried("unknown_eligibility", at("2026-03-11 15:00"), "voice", "afternoon", inbound=True)
    assert step("survey", ["voice"], [*ours, theirs], "2026-03-11 15:02").startswith("voice 2026-03-11 19:")
    used = [*ours, theirs, tried("no_answer", "2026-03-11 19:30")]
    assert step("survey", ["voice"], used, "2026-03-11 19:31") == "unknown_eligibility: attempts_used"
    agreed = Tried(
        "appointment", at("2026-03-11 15:00"), "voice", "afternoon", at("2026-03-12 15:00"), inbound=True
    )
    assert step("survey", ["voice"], [*ours, agreed], "2026-03-11 15:02") == "voice 2026-03-12 15:00:00"


def test_who_asks_for_a_person_gets_one_and_keeps_one() -> None:
    history = [tried("handover_pending", "2026-03-09 09:30", "text")]
    assert step("case", CALLBACK, history, "2026-03-09 09:31").startswith("operator 2026-03-09 ")
    history += [tried("no_answer", "2026-03-09 10:00", "operator")]
    assert step("case", CALLBACK, history, "2026-03-09 10:01").startswith("operator 2026-03-10 ")
    history += [tried("language", "2026-03-10 15:00", "operator")]
    assert step("case", CALLBACK, history, "2026-03-10 15:01") == "language: no_other_mode"


def test_our_own_faults_cost_no_attempt_but_longer_and_longer_pauses() -> None:
    faults = [tried("technical", "2026-03-09 09:30")]
    assert step("survey", ["voice"], faults, "2026-03-09 09:31") >= "voice 2026-03-09 09:40:00"
    four = [tried("busy", f"2026-03-09 {hour:02}:00") for hour in (9, 14)] + faults * 3
    assert step("survey", ["voice"], four, "2026-03-09 20:00").startswith("voice 2026-03-10 ")
    many = [
        tried("technical", f"2026-03-{day:02} {hour:02}:00")
        for day in (9, 10, 11)
        for hour in (9, 11, 14, 18)
    ]
    assert step("survey", ["voice"], many, "2026-03-11 18:01") == "technical: faults_used"


def test_a_callback_that_was_cut_short_is_tried_again_and_a_survey_is_not() -> None:
    history = [tried("break_off", "2026-03-09 09:30")]
    assert step("case", ["voice"], history, "2026-03-09 09:31").startswith("voice 2026-03-09 ")
    assert step("survey", ["voice"], history, "2026-03-09 09:31") == "break_off: finished"


def test_ten_contacts_in_thirty_days_of_any_kind() -> None:
    others = [at("2026-03-01 10:00") + timedelta(hours=n) for n in range(10)]
    now = at("2026-03-09 10:00")
    later = next_step("case", ["voice"], [], now, TZ, None, others=others)
    assert isinstance(later, Try) and later.at >= at("2026-03-31 10:00")
    assert next_step("survey", ["voice"], [], now, TZ, at("2026-03-10 20:30"), others=others) == Stop(
        "not_attempted", "wave_over"
    )


PURPOSES = st.sampled_from(["survey", "case"])
PLANS = st.sampled_from([("voice",), ("text",), ("text", "voice"), ("operator",), ("voice", "operator")])
STARTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-03-01"), timezones=st.just(UTC)
)
OUTCOMES = st.sampled_from([code for code, row in dispositions().items() if code != "not_attempted"])
UNREACHED = st.sampled_from(
    ["no_answer", "busy", "off", "machine", "technical", "unknown_eligibility", "text_no_reply"]
)
LIVES = st.lists(st.tuples(OUTCOMES, st.integers(5, 4 * 3600)), min_size=1, max_size=25)
PRNS = st.floats(0, 1, exclude_max=True)


def live(
    purpose: Purpose,
    plan: Sequence[Mode],
    now: datetime,
    life: list[tuple[str, int]],
    prn: float,
    ends: datetime | None,
) -> tuple[list[Tried], Try | Stop]:
    """Follow the rule through a life in which each attempt has this outcome, known so many seconds later."""
    history: list[Tried] = []
    for code, seconds in life:
        step = next_step(purpose, plan, history, now, TZ, ends, prn=prn)
        if isinstance(step, Stop):
            return history, step
        assert step.at > now and step.at.microsecond == 0
        window = window_at(step.at, TZ, purpose)
        assert window and step.at + timedelta(seconds=60) <= window.closes
        assert ends is None or step.at < ends
        appointment = step.at + timedelta(hours=7) if code == "appointment" else None
        history.append(Tried(code, step.at, step.mode, day_part(step.at, TZ), appointment))
        now = step.at + timedelta(seconds=seconds)
    return history, next_step(purpose, plan, history, now, TZ, ends, prn=prn)


@settings(max_examples=150)
@given(PURPOSES, PLANS, STARTS, LIVES, PRNS, st.one_of(st.none(), st.integers(1, 14)))
def test_no_life_leads_outside_a_window_or_past_a_cap(
    purpose: Purpose,
    plan: tuple[Mode, ...],
    now: datetime,
    life: list[tuple[str, int]],
    prn: float,
    days: int | None,
) -> None:
    history, end = live(purpose, plan, now, life, prn, now + timedelta(days=days) if days else None)
    counted = [t for t in history if disposition(t.code).counts]
    assert len(counted) <= {"survey": 4, "case": 5}[purpose]
    for day in {local_day(t.at, TZ) for t in counted}:
        assert sum(local_day(t.at, TZ) == day for t in counted) <= 2
    for earlier, later in pairwise(counted):
        if earlier.code not in ("appointment", "handover_pending"):
            assert later.at - earlier.at >= timedelta(hours=4)
    for refused in (t for t in history[:-1] if disposition(t.code).refusal == "hard"):
        assert (purpose, refused.code, refused.mode) == ("case", "opted_out", "text")
    if isinstance(end, Stop):
        assert end.final_code == final_code([t.code for t in history])


@settings(max_examples=100)
@given(STARTS, st.lists(st.tuples(UNREACHED, st.integers(5, 30 * 3600)), min_size=20, max_size=20), PRNS)
def test_a_resident_is_unreached_only_after_calls_on_two_days_in_two_parts_of_the_day(
    now: datetime, life: list[tuple[str, int]], prn: float
) -> None:
    history, end = live("case", CALLBACK, now, life, prn, None)
    if isinstance(end, Stop) and end.reason == "attempts_used":
        calls = [t for t in history if t.mode == "voice" and disposition(t.code).counts]
        assert len({local_day(t.at, TZ) for t in calls}) >= 2
        assert len({t.day_part for t in calls}) >= 2


@given(PURPOSES, PLANS, STARTS, LIVES, PRNS)
def test_the_same_arguments_give_the_same_life(
    purpose: Purpose, plan: tuple[Mode, ...], now: datetime, life: list[tuple[str, int]], prn: float
) -> None:
    assert live(purpose, plan, now, life, prn, None) == live(purpose, plan, now, life, prn, None)


# -- asking once more, other numbers, the campaign's own pauses -------------------------------------------------------


def test_a_soft_refusal_is_asked_once_more_by_a_person_after_a_week() -> None:
    said_no = [tried("refusal_soft", "2026-03-09 10:00")]
    assert step("survey", ["voice"], said_no, "2026-03-09 10:02", "2026-04-30 20:30").startswith(
        "operator 2026-03-16 "
    )
    twice = [*said_no, tried("refusal_soft", "2026-03-16 10:00", "operator")]
    assert (
        step("survey", ["voice"], twice, "2026-03-16 10:02", "2026-04-30 20:30") == "refusal_soft: finished"
    )


def test_in_a_campaign_that_does_not_convert_a_soft_refusal_is_the_end() -> None:
    said_no = [tried("refusal_soft", "2026-03-09 10:00")]
    after = next_step("survey", ["voice"], said_no, at("2026-03-09 10:02"), TZ, None, converts=False)
    assert after == Stop("refusal_soft", "finished")


def test_a_conversion_that_nobody_answers_goes_on_by_a_person_and_stays_a_refusal() -> None:
    history = [tried("refusal_soft", "2026-03-09 10:00"), tried("no_answer", "2026-03-16 10:00", "operator")]
    assert step("survey", ["voice"], history, "2026-03-16 10:02", "2026-04-30 20:30").startswith(
        "operator 2026-03-16 "
    )
    assert final_code([t.code for t in history]) == "refusal_soft"


def test_in_a_wave_that_ends_before_the_week_nobody_is_asked_again() -> None:
    said_no = [tried("refusal_soft", "2026-03-09 10:00")]
    assert (
        step("survey", ["voice"], said_no, "2026-03-09 10:02", "2026-03-09 20:30")
        == "refusal_soft: wave_over"
    )


@pytest.mark.parametrize("code", ["refusal_hard", "refusal_household", "opted_out"])
def test_a_hard_refusal_is_never_asked_again(code: str) -> None:
    assert (
        step("survey", ["voice"], [tried(code, "2026-03-09 10:00")], "2026-03-09 10:02")
        == f"{code}: finished"
    )


def test_nobody_is_asked_twice_whether_they_want_their_own_result() -> None:
    said_no = [tried("refusal_soft", "2026-03-09 10:00")]
    assert step("case", CALLBACK, said_no, "2026-03-09 10:02") == "refusal_soft: finished"


def test_a_dead_number_that_was_given_up_for_another_ends_nothing() -> None:
    dead = Tried("unassigned", at("2026-03-09 10:00"), "voice", "morning", number_left=True)
    assert step("survey", ["voice"], [dead], "2026-03-09 10:01").startswith("voice 2026-03-09 ")
    assert step("survey", ["voice"], [tried("unassigned", "2026-03-09 10:00")], "2026-03-09 10:01") == (
        "unassigned: finished"
    )


def test_a_second_number_that_was_never_rung_leaves_it_unknown_whether_they_belong() -> None:
    dead = Tried("unassigned", at("2026-03-09 20:00"), "voice", "evening", number_left=True)
    busy = tried("busy", "2026-03-09 10:00")
    ends = "2026-03-09 20:30"
    assert step("survey", ["voice"], [dead], "2026-03-09 20:25", ends) == "not_attempted: wave_over"
    assert step("survey", ["voice"], [busy, dead], "2026-03-09 20:25", ends) == "busy: wave_over"


@pytest.mark.parametrize("asked", ["handover_pending", "appointment"])
def test_who_asked_to_be_called_is_not_held_back_by_a_campaign_s_pause(asked: str) -> None:
    moment = "2026-03-09 15:00" if asked == "appointment" else None
    said = [tried(asked, "2026-03-09 10:00", "text", moment)]
    after = next_step(
        "survey",
        ("text", "voice"),
        said,
        at("2026-03-09 10:01"),
        TZ,
        None,
        delays={"voice": 48, "operator": 48},
    )
    assert isinstance(after, Try) and after.at < at("2026-03-09 20:30")


def test_a_campaign_may_give_a_text_two_days_before_it_calls() -> None:
    sent = [tried("text_no_reply", "2026-03-09 10:00", "text")]
    moment = next_step(
        "survey",
        ("text", "voice"),
        sent,
        at("2026-03-10 10:30"),
        TZ,
        at("2026-03-20 20:30"),
        delays={"voice": 48},
    )
    assert isinstance(moment, Try)
    assert moment.mode == "voice"
    assert moment.at >= at("2026-03-11 10:00")
