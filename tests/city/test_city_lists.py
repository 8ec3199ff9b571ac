"""Lists that the city hands in: good rows read, spoilt ones refused, the same seed gives the same file."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from survey.sampling.list_specs import ClosedCaseRow, ResidentRow
from survey.sampling.list_specs import closed_cases as closed_cases_spec
from survey.sampling.list_specs import residents as residents_spec
from survey.sampling.lists import ListRead, read_list
from workers import city
from workers.city.people import CASE_NUMBERS, LIST_NUMBERS, number_of
from workers.city.seed_lists import ROWS_PER_DAMAGE

MONDAY = date(2026, 3, 9)
AREAS = {area.code: area.name_zh for area in city.areas("991721")}
UNITS = {unit.code: unit.name_zh for unit in city.units("991721")}


def read_residents(handed_in: city.SeedList) -> ListRead[ResidentRow]:
    return read_list(handed_in.csv(), "residents.csv", residents_spec(AREAS, plan="fictional", today=MONDAY))


def read_cases(handed_in: city.SeedList) -> ListRead[ClosedCaseRow]:
    spec = closed_cases_spec(AREAS, UNITS, plan="fictional", today=MONDAY, tz=ZoneInfo("Asia/Shanghai"))
    return read_list(handed_in.csv(), "closed_cases.csv", spec)


def test_every_good_resident_is_read_as_meant() -> None:
    handed_in = city.residents(7, "991721", 600)
    read = read_residents(handed_in)
    assert [(row.number, row.area_code) for row in read.rows] == [
        (row.facts["number"], row.facts["area_code"]) for row in handed_in.good
    ]
    assert len({row.number for row in read.rows}) == 600
    assert all(row.age_band in {"1", "2", "3", "4"} for row in read.rows)
    assert min(Counter(row.age_band for row in read.rows).values()) > 60


def test_every_spoilt_resident_is_refused_on_its_line_under_its_heading() -> None:
    handed_in = city.residents(7, "991721", 600)
    read = read_residents(handed_in)
    planned = {(d.line, d.heading) for d in handed_in.dirty if d.kind != "blank_line"}
    assert {(refusal.line, refusal.field) for refusal in read.refusals} == planned
    assert set(read.blank_lines) == {d.line for d in handed_in.dirty if d.kind == "blank_line"}
    assert handed_in.dirty_counts == {
        "bad_number": 4,
        "missing_field": 4,
        "unknown_township": 2,
        "duplicate": 2,
        "minor": 2,
        "blank_line": 2,
    }
    assert 600 // ROWS_PER_DAMAGE == 2


def test_numbers_are_written_in_many_ways() -> None:
    written = [row.cells["电话"] for row in city.residents(7, "991721", 300).good]
    assert any(text.startswith("+86 154 ") for text in written)
    assert any(text.startswith("0086154") for text in written)
    assert any(text.startswith("１５４") for text in written)
    assert any(text.endswith(".0") for text in written)


def test_every_good_case_is_read_as_meant() -> None:
    handed_in = city.closed_cases(7, "991721", 220)
    read = read_cases(handed_in)
    assert [(r.number, r.external_number, r.unit_code, r.area_code, r.result_summary) for r in read.rows] == [
        tuple(row.facts[name] for name in ("number", "case_no", "unit_code", "area_code", "result"))
        for row in handed_in.good
    ]
    assert all(date(2026, 3, 2) <= row.closed_at.date() <= date(2026, 3, 6) for row in read.rows)


def test_every_spoilt_case_is_refused_on_its_line_under_its_heading() -> None:
    handed_in = city.closed_cases(7, "991721", 220)
    read = read_cases(handed_in)
    planned = {(d.line, d.heading) for d in handed_in.dirty if d.kind != "blank_line"}
    assert {(refusal.line, refusal.field) for refusal in read.refusals} == planned
    assert set(read.blank_lines) == {d.line for d in handed_in.dirty if d.kind == "blank_line"}
    assert handed_in.dirty_counts == {
        "bad_number": 1,
        "missing_field": 2,
        "unknown_township": 1,
        "unknown_unit": 1,
        "duplicate": 1,
        "bad_date": 1,
        "blank_line": 1,
    }


def test_about_8_percent_of_residents_have_two_cases_and_none_has_three() -> None:
    cases_each = Counter(row.facts["number"] for row in city.closed_cases(7, "991721", 3000).good)
    share = Counter(cases_each.values())
    assert set(share) == {1, 2}
    assert 0.065 < share[2] / len(cases_each) < 0.095


def test_the_two_planted_results_stand_once_each_at_residents_with_one_case() -> None:
    good = city.closed_cases(7, "991721", 220).good
    assert city.PLANTED_RESULTS == ("门前三盏路灯已换新，晚上七点亮灯", "桥头井盖已补齐，并加装两块反光牌")
    cases_each = Counter(row.facts["number"] for row in good)
    for result in city.PLANTED_RESULTS:
        (row,) = [row for row in good if row.facts["result"] == result]
        assert cases_each[row.facts["number"]] == 1


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others() -> None:
    assert city.residents(7, "991721", 50).csv() == city.residents(7, "991721", 50).csv()
    assert city.closed_cases(7, "991721", 50).csv() == city.closed_cases(7, "991721", 50).csv()
    assert city.residents(7, "991721", 50).csv() != city.residents(8, "991721", 50).csv()
    assert city.closed_cases(7, "991721", 50).csv() != city.closed_cases(8, "991721", 50).csv()


def test_a_longer_list_begins_with_the_shorter_ones_good_rows() -> None:
    assert city.residents(7, "991721", 50).good == city.residents(7, "991721", 300).good[:50]


@pytest.mark.parametrize("county", city.counties())
def test_numbers_are_fictional_and_a_countys_own(county: str) -> None:
    at = city.counties().index(county)
    for first in (LIST_NUMBERS, CASE_NUMBERS):
        numbers = {int(number_of(first, 7, county, nth).removeprefix("+86")) for nth in range(2000)}
        assert len(numbers) == 2000
        low = first + at * 5_000_000
        assert all(low < number < low + 5_000_000 for number in numbers)


def test_an_empty_list_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="a list has at least one resident, not 0"):
        city.residents(7, "991721", 0)
    with pytest.raises(ValueError, match="a list has at least one case, not 0"):
        city.closed_cases(7, "991721", 0)
