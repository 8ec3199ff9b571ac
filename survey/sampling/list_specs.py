"""The two lists that come from outside: residents to be asked, and cases that another platform has closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from survey.sampling.area_names import AreaNames, UnitNames, plain_name
from survey.sampling.list_fields import age_band, age_code, birth_year, moment, words, yes_no
from survey.sampling.lists import ColumnSpec, Values
from survey.sampling.numbers import NumberPlan, is_landline, parted, to_dial
from survey.sampling.refusals import FieldRefused


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """A resident who may be asked. `number_given` is the cell as the file has it, `number` E.164."""

    line: int
    name: str
    number_given: str
    number: str
    landline: bool
    spares: tuple[str, ...]  # further numbers of the same person, E.164, in the order they would be tried
    area_code: str  # village where the list names one, else township
    birth_year: int | None
    age_band: str | None  # code of question Q10, "1" 18-29 … "4" 60 and over
    attributes: Mapping[str, str]  # further columns that are kept, by heading


@dataclass(frozen=True, slots=True)
class ClosedCaseRow:
    """A case that another platform closed: what was asked for, who handled it, the result to be told."""

    line: int
    external_number: str
    name: str
    number_given: str
    number: str
    landline: bool
    content: str
    category: str
    area_code: str
    unit_code: str
    closed_at: datetime
    result_summary: str
    claimed_contact: bool


@dataclass(frozen=True, kw_only=True)
class ResidentSpec(ColumnSpec[ResidentRow]):
    """`area` makes the code of a township and village out of their names, or raises FieldRefused."""

    plan: NumberPlan
    today: date
    area: Callable[[str, str], str]


def residents(
    areas: Mapping[str, str], *, plan: NumberPlan, today: date, dialling_code: str | None = None
) -> ResidentSpec:
    """The list of residents. `areas` is code -> Chinese name of the county, its townships and villages."""
    places = AreaNames(areas)
    number = partial(to_dial, plan=plan, dialling_code=dialling_code)

    def several(text: str) -> tuple[str, ...]:
        """All numbers in a cell, parted by / 、 or ；, the first of them the one that is tried first."""
        return tuple(dict.fromkeys(number(part) for part in parted(text)))

    def build(line: int, texts: Mapping[str, str], values: Values) -> ResidentRow:
        year: int | None = values.get("birth_year")
        first, *others = values["number"]
        further = (*others, *values.get("second_mobile", ()), *values.get("landline", ()))
        return ResidentRow(
            line=line,
            name=values["name"],
            number_given=texts["number"],
            number=first,
            landline=is_landline(first),
            spares=tuple(one for one in dict.fromkeys(further) if one != first),
            area_code=places.resolve(texts["township"], texts.get("village", "")),
            birth_year=year,
            age_band=values.get("age_band") or (age_code(today.year - year) if year else None),
            attributes=values["attributes"],
        )

    return ResidentSpec(
        kind="residents",
        parsers={
            "name": _name,
            "number": several,
            "township": str,
            "village": str,
            "birth_year": partial(birth_year, today=today),
            "age_band": age_band,
            "landline": several,
            "second_mobile": several,
        },
        build=build,
        key=lambda row: row.number,
        key_field="number",
        merge=_one_resident,
        plan=plan,
        today=today,
        area=places.resolve,
    )


def _one_resident(first: ResidentRow, second: ResidentRow) -> tuple[ResidentRow, tuple[str, ...]] | None:
    """One row of two with the same number: the first stands, and the second fills what it leaves open. None where they are two
    people: another name under the same number is told, not guessed at."""
    if first.name != second.name:
        return None
    differs = []
    if second.area_code != first.area_code:
        if first.area_code.startswith(second.area_code):
            pass  # the second names only the township of the same village
        elif not second.area_code.startswith(first.area_code):
            differs.append("village" if second.area_code[:9] == first.area_code[:9] else "township")
    if second.birth_year not in (None, first.birth_year) and first.birth_year is not None:
        differs.append("birth_year")
    finer = second.area_code.startswith(first.area_code)
    together = replace(
        first,
        area_code=second.area_code if finer else first.area_code,
        birth_year=first.birth_year or second.birth_year,
        age_band=first.age_band or second.age_band,
        spares=tuple(dict.fromkeys((*first.spares, *(n for n in second.spares if n != first.number)))),
        attributes={**second.attributes, **first.attributes},
    )
    return together, tuple(differs)


def closed_cases(
    areas: Mapping[str, str],
    units: Mapping[str, str],
    *,
    plan: NumberPlan,
    today: date,
    tz: ZoneInfo,
    dialling_code: str | None = None,
) -> ColumnSpec[ClosedCaseRow]:
    """Closed cases of another platform. `areas` as above; `units` is code -> Chinese name.

    A resident may have several cases; a case number may stand in the file once.
    """
    places = AreaNames(areas)
    handlers = UnitNames(units, [name for code, name in areas.items() if len(code) == 6])

    def build(line: int, texts: Mapping[str, str], values: Values) -> ClosedCaseRow:
        return ClosedCaseRow(
            line=line,
            external_number=values["external_number"],
            name=values["name"],
            number_given=texts["number"],
            number=values["number"],
            landline=is_landline(values["number"]),
            content=values["content"],
            category=values["category"],
            area_code=places.resolve(texts["township"], texts.get("village", "")),
            unit_code=values["unit"],
            closed_at=values["closed_at"],
            result_summary=values["result_summary"].rstrip("。.;； "),
            claimed_contact=values["claimed_contact"],
        )

    return ColumnSpec(
        kind="closed_cases",
        parsers={
            "external_number": _case_number,
            "name": _name,
            "number": partial(to_dial, plan=plan, dialling_code=dialling_code),
            "content": words,
            "category": plain_name,
            "township": str,
            "village": str,
            "unit": handlers.resolve,
            "closed_at": partial(moment, tz=tz, today=today),
            "result_summary": words,
            "claimed_contact": yes_no,
        },
        build=build,
        key=lambda row: row.external_number,
        key_field="external_number",
    )


def _case_number(text: str) -> str:
    return plain_name(words(text)).upper()


def _name(text: str) -> str:
    name = words(text)
    if any(character.isdigit() for character in name):
        raise FieldRefused("a name has no digits", "check that the columns are not shifted")
    return name
