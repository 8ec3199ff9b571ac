"""To whom a case must never go, and who may read it (R04, settled.md §3). Pure; the door brings the facts.

A matter about an official never reaches that official's unit, nor a unit below it; one about the centre, the
governance office or a supervision office leaves the county and is dispatched by the city. Who is party to a
matter neither handles nor reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CONDUCT_DUTY: Final = 3
ABOVE_THE_COUNTY: Final = ("zongzhi", "dcs-party", "dcs-gov")
"""Keys of units whose criticism goes to the city: 综治办, 县委督查室, 县政府督查室."""


class Reason(StrEnum):
    """Why a unit cannot have a case, or a viewer not read it."""

    CRITICISED = "criticised_unit"
    BELOW_CRITICISED = "below_criticised_unit"
    PARTY = "party_to_the_matter"
    CITY_LEVEL = "city_level"
    UNDER_CRITICISM = "centre_or_office_is_the_subject"
    OTHER_CENTRE = "other_centre"
    NOT_DISPATCHED = "not_dispatched_to_it"


@dataclass(frozen=True)
class Matter:
    """What of a case decides where it may go. `parties`: units and persons with a stake in it; `units`: those that have
    or had it. `criticised_centre`: the centre itself is criticised. `office`: the supervision office that has it, party
    or government; None: it is still with the centre.
    """

    centre_code: str
    duty_no: int
    anonymity: str = "named"
    criticised_unit: str | None = None
    criticised_centre: bool = False
    parties: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    office: str | None = None

    @property
    def about_official(self) -> bool:
        """Whether somebody's conduct is criticised."""
        return self.duty_no == CONDUCT_DUTY or self.criticised_unit is not None or self.criticised_centre

    @property
    def handled_by(self) -> str:
        """The office that handles it: city, party, government, or the centre until it is handed on."""
        return "city" if self.city_level else self.office or "centre"

    @property
    def city_level(self) -> bool:
        """Whether the county's own offices are the subject, so that the city decides who handles it."""
        return self.criticised_centre or _key(self.criticised_unit) in ABOVE_THE_COUNTY


def refusal(
    matter: Matter, unit: str, parents: Mapping[str, str | None], *, by_city: bool = False
) -> Reason | None:
    """Why `unit` cannot have the case; None: it can. `parents`: unit to the one it belongs to. `by_city`: the city
    dispatches.
    """
    above = _and_above(unit, parents)
    if matter.criticised_unit is not None and matter.criticised_unit in above:
        return Reason.CRITICISED if unit == matter.criticised_unit else Reason.BELOW_CRITICISED
    if unit in matter.parties:
        return Reason.PARTY
    if matter.city_level:
        if _key(unit) in ABOVE_THE_COUNTY:
            return Reason.UNDER_CRITICISM
        return None if by_city else Reason.CITY_LEVEL
    return None


def _and_above(unit: str, parents: Mapping[str, str | None]) -> set[str]:
    """The unit and all that it belongs to; a circle among them ends the walk."""
    chain: set[str] = set()
    now: str | None = unit
    while now is not None and now not in chain:
        chain.add(now)
        now = parents.get(now)
    return chain


def _key(unit: str | None) -> str:
    """The part of a unit's code behind its area: `zongzhi` of `991721-zongzhi`."""
    return unit.partition("-")[2] if unit else ""


@dataclass(frozen=True)
class Viewer:
    """Who looks. `role`: centre, party or government (the supervision offices), city, unit. `unit`: theirs, also that of
    an office. `person`: their sign.
    """

    role: str
    centre_code: str = ""
    unit: str | None = None
    person: str = ""


@dataclass(frozen=True)
class Sight:
    """What a viewer gets to see. `denied`: nothing, and why. `reporter`: also who raised it. `original`: the words as
    they were said, not the redacted ones.
    """

    denied: Reason | None = None
    reporter: bool = False
    original: bool = False


def may_see(viewer: Viewer, matter: Matter, parents: Mapping[str, str | None]) -> Sight:
    """What somebody may see of a case.

    The centre sees its own cases whole, and the city all, unless they are party to it or their house is the
    subject. Who criticises an official is seen by the office alone that handles it. A supervision office reads the
    redacted words, as units do; a unit sees who raised a matter if the resident gave their name and it has the case.
    """
    if viewer.person in matter.parties or (viewer.unit is not None and viewer.unit in matter.parties):
        return Sight(Reason.PARTY)
    if viewer.unit is not None and viewer.role != "unit" and _is_subject(viewer.unit, matter, parents):
        return Sight(Reason.CRITICISED)
    if viewer.role != "city" and viewer.centre_code != matter.centre_code:
        return Sight(Reason.OTHER_CENTRE)
    if viewer.role == "unit":
        return _unit_sight(viewer.unit, matter, parents)
    if viewer.role != "city" and matter.city_level:
        return Sight(Reason.UNDER_CRITICISM)
    if matter.about_official:
        handles = viewer.role == matter.handled_by
        return Sight(reporter=handles, original=handles)
    whole = viewer.role == "centre"
    return Sight(reporter=whole, original=whole)


def _is_subject(unit: str, matter: Matter, parents: Mapping[str, str | None]) -> bool:
    return matter.criticised_unit is not None and matter.criticised_unit in _and_above(unit, parents)


def _unit_sight(unit: str | None, matter: Matter, parents: Mapping[str, str | None]) -> Sight:
    if unit is None or unit not in matter.units:
        return Sight(Reason.NOT_DISPATCHED)
    never = refusal(matter, unit, parents, by_city=True)
    if never is not None:
        return Sight(never)
    return Sight(reporter=matter.anonymity == "named" and not matter.about_official)
