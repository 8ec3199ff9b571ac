"""The units of a county, and how honest each of them is."""

from collections import Counter

from workers import city


def test_a_county_has_its_departments_townships_and_committees() -> None:
    units = city.units("991721")
    assert Counter(unit.kind for unit in units) == {
        "party": 4,
        "gov": 21 + 20,  # departments, and a police station in each township
        "judicial": 3 + 20,
        "public_service": 6,
        "township": 20,
        "village": 232,
    }
    assert len({unit.code for unit in units}) == len(units)
    assert len({unit.name_zh for unit in units}) == len(units)


def test_units_are_named_after_their_county_and_area() -> None:
    by_code = {unit.code: unit for unit in city.units("991721")}
    assert by_code["991721-dcs-party"].name_zh == "遂澜县委督查室"
    assert by_code["991721-dcs-gov"].name_zh == "遂澜县政府督查室"
    assert by_code["991721-police"].name_zh == "遂澜县公安局"
    assert by_code["991721100-police"] == city.Unit(
        "991721100-police",
        "991721",
        "991721100",
        "gov",
        "沙店镇派出所",
        "Shadian Town Police Station",
        "991721-police",
    )
    assert by_code["991721100-gov"].name_zh == "沙店镇人民政府"
    assert by_code["991721001-gov"].name_zh == "建城街道办事处"
    assert by_code["991721204210-committee"].name_zh == "高堂乡何渠村村民委员会"
    assert by_code["991721204210-committee"].parent_code == "991721204-gov"


def test_a_district_and_a_zone_have_offices_of_their_own_kind() -> None:
    assert city.units("991702")[0].name_zh == "驿东区委督查室"
    assert [unit.name_zh for unit in city.units("991771")[:2]] == ["高新党工委督查室", "高新管委会督查室"]


def test_every_unit_belongs_to_an_area_and_a_unit_of_its_county() -> None:
    for county in city.counties():
        areas = {area.code for area in city.areas(county)}
        codes = {unit.code for unit in city.units(county)}
        for unit in city.units(county):
            assert unit.area_code in areas
            assert unit.parent_code is None or unit.parent_code in codes


def test_every_unit_solves_between_55_and_95_percent_and_closes_falsely_up_to_20() -> None:
    truths = [city.unit_truth(7, unit.code) for county in city.counties() for unit in city.units(county)]
    assert 0.55 <= min(t.solve_rate for t in truths) < 0.56 < 0.94 < max(t.solve_rate for t in truths) <= 0.95
    assert (
        0.0
        <= min(t.false_closing for t in truths)
        < 0.01
        < 0.19
        < max(t.false_closing for t in truths)
        <= 0.2
    )


def test_cases_are_worked_on_as_often_as_their_unit_works() -> None:
    truth = city.unit_truth(7, "991721-police")
    works = [city.work(7, f"GD{n:05}", "991721-police", 1) for n in range(4000)]
    honest = [work for work in works if not work.false_closing]
    assert abs(1 - len(honest) / 4000 - truth.false_closing) < 0.02
    assert abs(sum(work.worked_on for work in honest) / len(honest) - truth.solve_rate) < 0.03
    assert all(not work.worked_on and not work.contacted for work in works if work.false_closing)


def test_a_case_that_came_back_is_drawn_anew_and_closed_falsely_half_as_often() -> None:
    def false_share(round_no: int) -> float:
        return (
            sum(city.work(7, f"GD{n:05}", "991721-court", round_no).false_closing for n in range(4000)) / 4000
        )

    assert abs(false_share(2) - false_share(1) / 2) < 0.02
    assert city.work(7, "GD00001", "991721-court", 2) == city.work(7, "GD00001", "991721-court", 2)
