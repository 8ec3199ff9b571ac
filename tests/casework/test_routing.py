"""Where a case must never go, and what somebody sees of it: 遂澜县 with its bureau, station, town and offices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.casework.routing import Matter, Reason, Sight, Viewer, may_see, refusal

C = "991721"
BUREAU, STATION, BRIGADE = "991721-police", "991721100-police", "991721-traffic-police"
TOWN, VILLAGE, WATER = "991721100-gov", "991721100200-committee", "991721-tap-water"
GOVERNANCE, PARTY_OFFICE, GOV_OFFICE = "991721-zongzhi", "991721-dcs-party", "991721-dcs-gov"
PARENTS: dict[str, str | None] = {
    BUREAU: None,
    STATION: BUREAU,
    BRIGADE: BUREAU,
    TOWN: None,
    VILLAGE: TOWN,
    WATER: None,
    GOVERNANCE: None,
    PARTY_OFFICE: None,
    GOV_OFFICE: None,
}

LAMP = Matter(C, 1)
RUDE_BUREAU = Matter(C, 3, criticised_unit=BUREAU)
RUDE_STATION = Matter(C, 3, criticised_unit=STATION)
RUDE_TOWN = Matter(C, 3, criticised_unit=TOWN)
RUDE_CENTRE = Matter(C, 3, criticised_centre=True)
RUDE_GOVERNANCE = Matter(C, 3, criticised_unit=GOVERNANCE)
SLOW_OFFICE = Matter(C, 3, criticised_unit=GOV_OFFICE)
WATER_IS_PARTY = Matter(C, 6, parties=frozenset({WATER, "督办员-0102"}))


@pytest.mark.parametrize(
    ("matter", "unit", "by_city", "reason"),
    [
        (LAMP, BUREAU, False, None),
        (LAMP, WATER, False, None),
        (RUDE_BUREAU, BUREAU, False, Reason.CRITICISED),
        (RUDE_BUREAU, STATION, False, Reason.BELOW_CRITICISED),
        (RUDE_BUREAU, BRIGADE, False, Reason.BELOW_CRITICISED),
        (RUDE_BUREAU, BUREAU, True, Reason.CRITICISED),
        (RUDE_BUREAU, TOWN, False, None),
        (RUDE_BUREAU, GOV_OFFICE, False, None),
        (RUDE_STATION, STATION, False, Reason.CRITICISED),
        (RUDE_STATION, BUREAU, False, None),
        (RUDE_TOWN, VILLAGE, False, Reason.BELOW_CRITICISED),
        (RUDE_TOWN, TOWN, False, Reason.CRITICISED),
        (RUDE_CENTRE, BUREAU, False, Reason.CITY_LEVEL),
        (RUDE_CENTRE, BUREAU, True, None),
        (RUDE_CENTRE, GOV_OFFICE, True, Reason.UNDER_CRITICISM),
        (RUDE_GOVERNANCE, BUREAU, False, Reason.CITY_LEVEL),
        (RUDE_GOVERNANCE, GOVERNANCE, True, Reason.CRITICISED),
        (RUDE_GOVERNANCE, PARTY_OFFICE, True, Reason.UNDER_CRITICISM),
        (SLOW_OFFICE, TOWN, False, Reason.CITY_LEVEL),
        (SLOW_OFFICE, TOWN, True, None),
        (WATER_IS_PARTY, WATER, False, Reason.PARTY),
        (WATER_IS_PARTY, WATER, True, Reason.PARTY),
        (WATER_IS_PARTY, BUREAU, False, None),
    ],
)
def test_where_it_cannot_go_and_why(matter: Matter, unit: str, by_city: bool, reason: Reason | None) -> None:
    assert refusal(matter, unit, PARENTS, by_city=by_city) == reason


CENTRE = Viewer("centre", C, person="审核员-0101")
SUPERVISOR = Viewer("centre", C, person="督办员-0102")
NEIGHBOUR = Viewer("centre", "991722", person="审核员-0101")
PARTY = Viewer("party", C, PARTY_OFFICE)
GOVERNMENT = Viewer("government", C, GOV_OFFICE)
CITY = Viewer("city", person="市级-0001")
NOTHING, ALL, REDACTED, NAME = Sight(), Sight(None, True, True), Sight(), Sight(None, True, False)


def unit(code: str) -> Viewer:
    return Viewer("unit", C, code)


def with_units(matter: Matter, *units: str, anonymity: str = "named", office: str | None = None) -> Matter:
    return Matter(
        matter.centre_code,
        matter.duty_no,
        anonymity,
        matter.criticised_unit,
        matter.criticised_centre,
        matter.parties,
        frozenset(units),
        office,
    )


@pytest.mark.parametrize(
    ("viewer", "matter", "sight"),
    [
        (CENTRE, LAMP, ALL),
        (NEIGHBOUR, LAMP, Sight(Reason.OTHER_CENTRE)),
        (GOVERNMENT, LAMP, REDACTED),
        (CITY, LAMP, REDACTED),
        (unit(BUREAU), LAMP, Sight(Reason.NOT_DISPATCHED)),
        (unit(BUREAU), with_units(LAMP, BUREAU), NAME),
        (unit(BUREAU), with_units(LAMP, BUREAU, anonymity="confidential"), REDACTED),
        (unit(BUREAU), with_units(LAMP, BUREAU, anonymity="anonymous"), REDACTED),
        (CENTRE, RUDE_BUREAU, ALL),  # it has not been handed on yet
        (CENTRE, with_units(RUDE_BUREAU, office="government"), REDACTED),
        (GOVERNMENT, with_units(RUDE_BUREAU, office="government"), ALL),
        (PARTY, with_units(RUDE_BUREAU, office="government"), REDACTED),
        (unit(TOWN), with_units(RUDE_BUREAU, TOWN), REDACTED),
        (unit(BUREAU), with_units(RUDE_BUREAU, BUREAU), Sight(Reason.CRITICISED)),
        (unit(STATION), with_units(RUDE_BUREAU, STATION), Sight(Reason.BELOW_CRITICISED)),
        (CENTRE, RUDE_CENTRE, Sight(Reason.UNDER_CRITICISM)),
        (GOVERNMENT, RUDE_CENTRE, Sight(Reason.UNDER_CRITICISM)),
        (CITY, RUDE_CENTRE, ALL),
        (CENTRE, RUDE_GOVERNANCE, Sight(Reason.UNDER_CRITICISM)),
        (GOVERNMENT, SLOW_OFFICE, Sight(Reason.CRITICISED)),
        (PARTY, SLOW_OFFICE, Sight(Reason.UNDER_CRITICISM)),
        (unit(TOWN), with_units(SLOW_OFFICE, TOWN), REDACTED),
        (CENTRE, WATER_IS_PARTY, ALL),
        (SUPERVISOR, WATER_IS_PARTY, Sight(Reason.PARTY)),
        (unit(WATER), with_units(WATER_IS_PARTY, WATER), Sight(Reason.PARTY)),
    ],
)
def test_what_somebody_sees(viewer: Viewer, matter: Matter, sight: Sight) -> None:
    assert may_see(viewer, matter, PARENTS) == sight


UNITS = st.sampled_from(sorted(PARENTS))
MATTERS = st.builds(
    Matter,
    st.just(C),
    st.sampled_from([1, 3, 6]),
    st.sampled_from(["named", "confidential", "anonymous"]),
    st.none() | UNITS,
    st.booleans(),
    st.frozensets(UNITS, max_size=2),
    st.frozensets(UNITS, max_size=3),
    st.sampled_from([None, "party", "government"]),
)


@given(MATTERS, UNITS, st.booleans())
def test_the_criticised_and_the_parties_never_have_it(matter: Matter, code: str, by_city: bool) -> None:
    goes = refusal(matter, code, PARENTS, by_city=by_city) is None
    if goes:
        assert code not in matter.parties
        assert matter.criticised_unit is None or matter.criticised_unit not in (code, PARENTS[code])
    sight = may_see(unit(code), matter, PARENTS)
    if not goes and by_city:
        assert sight.denied is not None
    assert not sight.original
    if sight.reporter:
        assert (matter.anonymity, matter.about_official) == ("named", False)


@given(MATTERS, st.sampled_from([CENTRE, PARTY, GOVERNMENT, CITY]))
def test_one_office_at_the_most_sees_who_criticises_an_official(matter: Matter, viewer: Viewer) -> None:
    sight = may_see(viewer, matter, PARENTS)
    if matter.about_official and sight.reporter:
        assert viewer.role == matter.handled_by


def test_a_circle_of_units_ends() -> None:
    assert refusal(RUDE_BUREAU, "a", {"a": "b", "b": "a"}) is None
