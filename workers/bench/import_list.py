"""The list that the bench of the import takes in: residents of one county of the fictional city, their numbers in no order."""

from __future__ import annotations

from typing import Final

import numpy as np

from workers import city

COUNTY: Final = "991721"
HEADINGS: Final = "姓名,电话,乡镇,村,出生年"
_FAMILY: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = "芳娜秀英敏静丽强磊军洋勇艳杰涛明超霞平刚"
_BORN: Final = (1936, 2007)


def csv_list(people: int, seed: int = 0) -> bytes:
    """A CSV file (UTF-8) of so many people, each with a number of their own (+86154…), which no phone has."""
    dice = np.random.default_rng(seed)
    places = [place for place in city.areas(COUNTY) if place.level == "village"]
    towns = {place.code: place.name_zh for place in city.areas(COUNTY) if place.level == "township"}
    where = [f"{towns[place.code[:9]]},{place.name_zh}" for place in places]
    rows = zip(
        dice.integers(len(_FAMILY), size=people).tolist(),
        dice.integers(len(_GIVEN), size=(people, 2)).tolist(),
        dice.choice(10**8, size=people, replace=False).tolist(),
        dice.integers(len(where), size=people).tolist(),
        dice.integers(*_BORN, size=people).tolist(),
        strict=True,
    )
    lines = [
        f"{_FAMILY[family]}{_GIVEN[first]}{_GIVEN[second]},154{number:08},{where[place]},{born}"
        for family, (first, second), number, place, born in rows
    ]
    return "\n".join([HEADINGS, *lines, ""]).encode()
