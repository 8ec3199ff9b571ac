"""The fictional city adds up at every level, and its names can be told apart."""

from collections import Counter, defaultdict

import pytest

from workers import city
from workers.city.draws import apportion
from workers.city.places import joined

COUNTIES = {  # code: name, townships, villages, grids, adults
    "991702": ("驿东区", 22, 296, 2559, 720_000),
    "991721": ("遂澜县", 20, 232, 1990, 560_000),
    "991722": ("平岗县", 20, 321, 2915, 820_000),
    "991723": ("汝湾县", 20, 305, 2737, 770_000),
    "991724": ("泌水县", 23, 339, 2950, 830_000),
    "991725": ("西岑县", 20, 315, 2844, 800_000),
    "991726": ("上台县", 27, 517, 4585, 1_290_000),
    "991727": ("正和县", 22, 317, 2772, 780_000),
    "991728": ("确峰县", 17, 177, 1528, 430_000),
    "991771": ("高新开发区", 8, 58, 533, 150_000),
}


@pytest.fixture(scope="module")
def areas() -> list[city.Area]:
    return list(city.areas())


def test_the_city_has_as_many_of_everything_as_planned(areas: list[city.Area]) -> None:
    assert Counter(area.level for area in areas) == {
        "city": 1,
        "county": 10,
        "township": 199,
        "village": 2877,
        "grid": 25413,
    }
    assert areas[0] == city.Area("9917", None, "city", "安澜市", "Anlan City", "Asia/Shanghai", 7_150_000)


@pytest.mark.parametrize("code", COUNTIES)
def test_each_county_has_as_many_of_everything_as_planned(code: str) -> None:
    name, townships, villages, grids, adults = COUNTIES[code]
    inside = list(city.areas(code))
    count = Counter(area.level for area in inside)
    assert (inside[0].name_zh, inside[0].pop_adult) == (name, adults)
    assert count == {"county": 1, "township": townships, "village": villages, "grid": grids}


def test_adults_of_a_place_are_the_sum_of_the_places_in_it(areas: list[city.Area]) -> None:
    inside: Counter[str] = Counter()
    for area in areas:
        if area.parent_code is not None:
            inside[area.parent_code] += area.pop_adult
    assert all(inside[area.code] == area.pop_adult for area in areas if area.level != "grid")
    assert min(area.pop_adult for area in areas) >= 60


def test_a_code_is_its_parents_code_and_digits_of_its_own(areas: list[city.Area]) -> None:
    digits = {"city": 4, "county": 6, "township": 9, "village": 12, "grid": 15}
    seen: set[str] = set()
    for area in areas:
        assert len(area.code) == digits[area.level]
        assert area.code not in seen
        assert area.parent_code is None or (
            area.parent_code in seen and area.code.startswith(area.parent_code)
        )
        seen.add(area.code)


def test_codes_tell_streets_from_towns_and_communities_from_villages(areas: list[city.Area]) -> None:
    for area in areas:
        if area.level == "township":
            own = int(area.code[6:])
            kind = "街道" if own < 100 else "镇" if own < 200 else "乡"
            assert area.name_zh.endswith(kind)
        if area.level == "village":
            assert area.name_zh.endswith("社区" if int(area.code[9:]) < 200 else "村")


def test_no_two_places_inside_one_have_the_same_name(areas: list[city.Area]) -> None:
    names: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for area in areas:
        names[area.parent_code][area.name_zh] += 1
    assert all(count == 1 for inside in names.values() for count in inside.values())


def test_a_village_is_named_in_both_languages(areas: list[city.Area]) -> None:
    by_code = {area.code: (area.name_zh, area.name_en) for area in areas}
    assert by_code["991721100"] == ("沙店镇", "Shadian Town")
    assert by_code["991721204210"] == ("何渠村", "Hequ Village")
    assert by_code["991721204210001"] == ("何渠村第1网格", "Hequ Village Grid 1")


def test_syllables_join_as_pinyin_does() -> None:
    assert joined("liu", "he") == "Liuhe"
    assert joined("chang", "an") == "Chang'an"


def test_the_same_areas_come_every_time(areas: list[city.Area]) -> None:
    assert list(city.areas()) == areas


def test_every_county_has_its_centre() -> None:
    assert [centre.code for centre in city.centres()] == list(COUNTIES)
    centre = city.centre("991721")
    assert centre == city.Centre(
        "991721", "991721", "遂澜县社情民意调查中心", "遂澜", "Suilan County Public Opinion Survey Centre"
    )
    assert centre.signature == "遂澜民调中心"


def test_a_county_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="123456 is no county of 安澜市; it has"):
        city.centre("123456")


def test_parts_sum_to_the_whole_and_none_is_too_small() -> None:
    assert apportion(10, [1, 1, 1], least=2) == [4, 3, 3]
    assert apportion(7, [0.9, 0.1], least=1) == [6, 1]
    with pytest.raises(ValueError, match="5 cannot be split into 3 parts of at least 2"):
        apportion(5, [1, 1, 1], least=2)
