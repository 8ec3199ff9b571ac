"""Conditions that go round in a circle, found by the names alone, before anything is compiled."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from survey.questionnaire.xlsform.dropped import refused
from survey.questionnaire.xlsform.headings import CALCULATION, RELEVANT, Table
from survey.questionnaire.xlsform.hostile import Row

_NAMES: Final = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_REMEDY: Final = "let none of them depend on what comes from it"
MOST_SHOWN: Final = 6


def refuse_circles(survey: Table, rows: Iterable[Row]) -> None:
    """Raises FormRefused for a question that is asked only if its own answer says so, directly or by way of others."""
    needs: dict[str, dict[str, None]] = {}
    at: dict[str, Row] = {}
    groups: list[str] = []
    for row in rows:
        if row.means.ends:
            groups = groups[:-1]
            continue
        name = f"group at {row.number}" if row.means.begins else row.name
        needed = needs.setdefault(name, {})
        at.setdefault(name, row)
        for key in (RELEVANT, CALCULATION):
            found = dict.fromkeys(_NAMES.findall(survey.value(row.number, key)))
            needed.update(found if key == RELEVANT else {one: None for one in found if one != name})
        if groups:
            needed[groups[-1]] = None
        if row.means.begins:
            groups = [*groups, name]
    circle = _circle(needs)
    if circle:
        first = next(at[name] for name in circle if name in at)
        shown = [
            f"group {at[name].name}" if name in at and at[name].means.begins else name for name in circle
        ]
        short = shown if len(shown) <= MOST_SHOWN else [*shown[:3], "…", shown[-1]]
        key = RELEVANT if survey.value(first.number, RELEVANT) else CALCULATION
        why = f"{' -> '.join(short)} goes round in a circle"
        raise refused("circle of conditions", survey.place(first.number, key), why, _REMEDY)


def _circle(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """The first circle, its first name repeated at its end; [] if there is none."""
    done: set[str] = set()
    for start in needs:
        path: dict[str, Iterator[str]] = {}
        if start not in done:
            path[start] = iter(needs[start])
        while path:
            name, following = next(reversed(path.items()))
            one = next(following, None)
            if one is None:
                done.add(name)
                path.pop(name)
            elif one in path:
                walked = list(path)
                return [*walked[walked.index(one) :], one]
            elif one not in done:
                path[one] = iter(needs.get(one, ()))
    return []
