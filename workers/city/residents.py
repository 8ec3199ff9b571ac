"""The list of residents that a county hands in, a few rows of it spoilt on purpose."""

from bisect import bisect_right
from itertools import accumulate

from workers.city.draws import below, chance, uniform
from workers.city.people import LIST_NUMBERS, home_of, name_of, number_of
from workers.city.seed_lists import (
    Damage,
    SeedList,
    SeedRow,
    all_blank,
    blanked,
    cut,
    misspelt,
    replaced,
    with_damage,
    written,
)

HEADINGS = ("姓名", "电话", "乡镇", "村", "出生年", "年龄段")

AGE_SHARES = (
    (0.20, 18, 29, "18-29岁"),
    (0.28, 30, 44, "30-44岁"),
    (0.30, 45, 59, "45-59岁"),
    (0.22, 60, 88, "60岁以上"),
)

DAMAGES = (
    Damage("bad_number", "电话", cut("电话")),
    Damage("bad_number", "电话", replaced("电话", "1.54E+10")),
    Damage("missing_field", "姓名", blanked("姓名")),
    Damage("missing_field", "电话", blanked("电话")),
    Damage("unknown_township", "乡镇", misspelt("乡镇")),
    Damage("duplicate", "电话", again="电话"),
    Damage("minor", "出生年", lambda cells: {**cells, "出生年": "2012", "年龄段": ""}),
    Damage("blank_line", "", all_blank),
)


def residents(seed: int, county: str, n: int, year: int = 2026) -> SeedList:
    """`n` adults of a county who can be asked, their numbers all different, and spoilt rows between them.

    `year` is the one in which the list is made.
    Raises KeyError for an unknown county, ValueError for n under 1.
    """
    if n < 1:
        raise ValueError(f"a list has at least one resident, not {n}")
    good = [_resident(seed, county, nth, year) for nth in range(n)]
    rows = with_damage(good, lambda at: _resident(seed, county, n + at, year), DAMAGES, seed)
    return SeedList(HEADINGS, tuple(rows))


def _resident(seed: int, county: str, nth: int, year: int) -> SeedRow:
    number = number_of(LIST_NUMBERS, seed, county, nth)
    home = home_of(seed, county, number)
    age, band = _age(seed, number)
    by_year = chance(0.6, seed, "by year", number)
    whole = chance(0.1, seed, "whole place", number)
    cells = {
        "姓名": name_of(seed, county, number),
        "电话": written(number, seed, number),
        "乡镇": (home.county.name_zh if whole else "") + home.township.name_zh,
        "村": home.village.name_zh,
        "出生年": str(year - age) if by_year else "",
        "年龄段": "" if by_year else band,
    }
    return SeedRow(cells, {"number": number, "area_code": home.village.code})


def _age(seed: int, number: str) -> tuple[int, str]:
    """Years, and the band as the list writes it."""
    upto = list(accumulate(share for share, *_ in AGE_SHARES))
    _, first, last, band = AGE_SHARES[bisect_right(upto[:-1], uniform(seed, "age band", number))]
    return first + below(last - first + 1, seed, "age", number), band
