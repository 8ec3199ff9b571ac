"""How many adults of which kinds live in a county of the city: what its answers are calibrated to."""

from __future__ import annotations

from workers.city.areas import county_areas
from workers.city.residents import AGE_SHARES

SEX_SHARES = {"1": 0.505, "2": 0.495}


def population(county: str) -> dict[str, object]:
    """The body of policy `population`, as its centre would enter it: by township, by age and by sex, each the same adults."""
    townships = {one.code: one.pop_adult for one in county_areas(county) if one.level == "township"}
    adults = sum(townships.values())
    return {
        "method": "raking",
        "questionnaire": "perception",
        "area": "township",
        "questions": {"sex": "Q10_sex", "age": "Q10_age"},
        "totals": {
            "area": townships,
            "sex": {code: share * adults for code, share in SEX_SHARES.items()},
            "age": {str(place): row[0] * adults for place, row in enumerate(AGE_SHARES, 1)},
        },
        "source": {"zh": "虚构城市的人口", "en": "the population of the fictional city"},
    }
