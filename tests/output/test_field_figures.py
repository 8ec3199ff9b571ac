"""What the field did on the small day, counted by hand."""

import pytest
from small_day import CENTRE, SmallDay

from survey.reporting import FieldFigures, disposition_table, read_field_figures, safety_rates
from survey.store.reports.field_counts import CodeCount, DispositionCount


@pytest.fixture
async def figures(small_day: SmallDay) -> FieldFigures:
    return await read_field_figures(small_day.conn, CENTRE, "Asia/Shanghai")


async def test_every_released_unit_has_one_final_code(figures: FieldFigures) -> None:
    assert {line.code: line.units for line in figures.survey.lines} == {
        "complete": 7, "partial": 1, "refusal_soft": 1, "opted_out": 2, "not_attempted": 1, "busy": 4,
        "no_answer": 11, "text_no_reply": 7, "unassigned": 3,
    }  # fmt: skip
    assert figures.survey.sample == 37
    assert {line.code: line.units for line in figures.callbacks.lines} == {"complete": 7, "no_answer": 1}
    assert figures.callbacks.sample == 8


async def test_outcomes_stand_in_the_order_of_aapor(figures: FieldFigures) -> None:
    shown = [line.aapor for line in figures.survey.lines]
    assert shown == ["1.1", "1.2", "2.112", "2.112", "3.11", "3.12", "3.13", "3.90", "4.31"]


async def test_rates_are_those_of_the_codes(figures: FieldFigures) -> None:
    assert figures.survey.rates.rr1 == pytest.approx(7 / 34)  # all but the three that are no number at all
    assert figures.survey.rates.coop1 == pytest.approx(7 / 11)


async def test_campaigns_sum_to_the_sample(figures: FieldFigures) -> None:
    sizes = {campaign.code: campaign.table.sample for campaign in figures.campaigns}
    assert sizes == {"callbacks": 8, "daily-operator": 4, "daily-text": 11, "daily-voice": 22}


async def test_eight_people_have_no_rate(figures: FieldFigures) -> None:
    together = figures.safety.together
    assert (together.estimate, together.low, together.high, together.n) == (None, None, None, 8)
    assert {mode: (rate.estimate, rate.n) for mode, rate in figures.safety.by_mode.items()} == {
        "operator": (None, 1),
        "text": (None, 3),
        "voice": (None, 4),
    }


def test_safety_rate_together_and_by_mode() -> None:
    counted = [
        CodeCount("survey", "perception", mode, "Q1", code, answers)
        for mode, code, answers in (
            ("text", "1", 60), ("text", "4", 20), ("voice", "2", 15), ("voice", "3", 5), ("voice", "dk", 3),
        )
    ]  # fmt: skip
    counted += [CodeCount("survey", "special_poll", "voice", "Q1", "9", 50)]  # another Q1
    counted += [CodeCount("case", "perception", "voice", "Q1", "4", 50)]
    rates = safety_rates(counted)
    assert (rates.together.estimate, rates.together.n, rates.together.missing) == (0.75, 100, 3)
    assert rates.together.low == pytest.approx(0.6524, abs=1e-3)
    assert rates.together.high == pytest.approx(0.8320, abs=1e-3)
    assert {mode: (rate.estimate, rate.n) for mode, rate in rates.by_mode.items()} == {
        "text": (0.75, 80),
        "voice": (0.75, 20),
    }
    with_seven = safety_rates([*counted, CodeCount("survey", "perception", "operator", "Q1", "1", 7)])
    assert with_seven.together.estimate is not None
    assert {mode: rate.estimate for mode, rate in with_seven.by_mode.items()} == {
        "operator": None,
        "text": 0.75,
        "voice": None,  # or the seven would be what the whole has more
    }


async def test_attempts_inputs_and_texts(figures: FieldFigures) -> None:
    assert figures.calls == 28
    assert [figures.attempts_in(mode) for mode in ("voice", "text", "operator")] == [24, 16, 4]
    assert (figures.texts.texts_out, figures.texts.texts_in, figures.texts.conversations) == (50, 34, 16)
    assert figures.effect("asked_again") == 4
    assert figures.effect("too_late") == 1
    assert figures.answers_in_words == 17
    assert figures.hung_up_midway == 1
    assert figures.opted_out_persons == 2
    assert figures.completes(purpose="survey") == 7
    assert figures.completes(mode="operator") == 1


async def test_hours_are_local(figures: FieldFigures) -> None:
    voice = {(count.day.day, count.hour): count.count for count in figures.hours if count.kind == "voice"}
    assert voice == {
        (9, 9): 2, (9, 10): 5, (9, 11): 9, (9, 14): 2, (9, 16): 4, (9, 18): 1, (11, 15): 1,
    }  # fmt: skip


def test_a_unit_that_the_codes_lose_is_seen() -> None:
    counted = [DispositionCount("daily-voice", "语音", "survey", ("voice",), "busy", 4)]
    table = disposition_table(counted, 5)
    assert sum(line.units for line in table.lines) == 4 != table.sample
