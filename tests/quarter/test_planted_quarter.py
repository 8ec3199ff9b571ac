"""What a simulated quarter plants: who comes when, what units do, and what residents then say."""

from __future__ import annotations

from collections import Counter
from datetime import time

import pytest

from followup.casework.working_time import working_time
from survey.statistics.intervals import wilson
from workers.city.planted import unit_truth
from workers.quarter.arrivals import arrivals
from workers.quarter.plan import QuarterPlan, planted
from workers.quarter.scoring import Share
from workers.quarter.truth import round_truth
from workers.quarter.units import UnitLine, expected_solved
from workers.rehearsal.plan import TZ

PLAN = QuarterPlan(cases=3000, seed=4)


def test_cases_come_on_working_days_of_the_quarter_and_in_office_hours() -> None:
    coming = arrivals(PLAN)
    local = [one.at.astimezone(TZ) for one in coming]

    assert len(coming) == len({one.key for one in coming}) == 3000
    assert [one.at for one in coming] == sorted(one.at for one in coming)
    assert {moment.date() for moment in local} == set(PLAN.arrival_days)
    assert all(working_time().is_working_day(day) for day in PLAN.arrival_days)
    assert (str(PLAN.arrival_days[0]), str(PLAN.arrival_days[-1])) == ("2026-04-01", "2026-06-23")
    assert min(moment.time() for moment in local) >= time(8, 30)
    assert max(moment.time() for moment in local) <= time(17, 30)


def test_people_are_as_many_and_as_old_as_planned() -> None:
    coming = arrivals(PLAN)
    people = {one.phone: one.birth_year for one in coming}
    old = sum(PLAN.first_day.year - year >= 60 for year in people.values())

    assert 0.05 < 1 - len(people) / len(coming) < 0.11  # 8 % are one more case of the person before
    assert old / len(people) == pytest.approx(planted().residents.old, abs=0.03)
    assert Counter(one.anonymity for one in coming)["confidential"] / 3000 == pytest.approx(0.05, abs=0.02)
    assert set(Counter(one.source for one in coming)) == {"inbound", "text", "visit"}
    assert all(one.phone.startswith("+86154") for one in coming)


def test_the_same_seed_is_the_same_quarter() -> None:
    small = QuarterPlan(cases=50, seed=9)

    assert arrivals(small) == arrivals(small)
    assert arrivals(small) != arrivals(QuarterPlan(cases=50, seed=10))


def test_a_false_closing_claims_a_contact_that_no_call_bears_out() -> None:
    rounds = [round_truth(4, f"Q{n:06}", "991721-market", 1) for n in range(2000)]
    false = [one for one in rounds if one.false_closing]

    assert len(false) / 2000 == pytest.approx(unit_truth(4, "991721-market").false_closing, abs=0.03)
    assert all(one.claims_contact and not one.contacted and not one.worked_on for one in false)
    assert {one.proof for one in false} == {"dated"}
    assert {one.proof for one in rounds if one.contacted} == {"dated", "bridged"}
    assert all(one.proof is None for one in rounds if not one.claims_contact)
    assert sum(one.hours < 3.25 for one in false) / len(false) == pytest.approx(0.5, abs=0.12)


def test_what_residents_will_say_of_a_unit() -> None:
    assert expected_solved(solve_rate=1.0, false_closing=0.0) == pytest.approx(0.89)
    assert expected_solved(solve_rate=0.0, false_closing=0.0) == pytest.approx(0.05)
    assert expected_solved(0.75, 0.1) < expected_solved(0.75, 0.0)


def test_a_line_of_a_unit_says_whether_its_interval_holds_the_truth() -> None:
    line = UnitLine("991721-market", 0.8, 0.1, 0.65, Share(60, 100), 0.1)

    assert line.told.interval == wilson(0.6, 100)
    assert line.covered
    assert not UnitLine("991721-market", 0.8, 0.1, 0.75, Share(60, 100), 0.1).covered
