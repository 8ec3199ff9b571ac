"""Cases out of a file, for `minyi rates`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.field.dispositions import Group
from survey.statistics.outcome_words import UnknownOutcome, group_of
from survey.statistics.plain_table import PlainTable, shown
from workers.commands.analyst_files import not_negative, table_of

YES = frozenset({"1", "yes", "y", "true", "open", "是", "未完"})
NO = frozenset({"", "0", "no", "n", "false", "closed", "否", "已完"})


@dataclass(frozen=True)
class Cases:
    """One entry a row of the file; None where its column was not asked for."""

    groups: list[Group]
    weights: list[float] | None
    cohorts: list[str] | None
    still_open: list[bool] | None


def read_cases(
    file: Path, column: str | None, weight: str | None, cohort: str | None, still_open: str | None
) -> Cases:
    """Raises ListError with the first line that is wrong."""
    table = table_of(file)
    return Cases(
        _groups(table, table.heading("disposition", column)),
        None if weight is None else table.numbers(
            table.heading("weight", weight), not_negative, "weight: a number, 0 or more"
        ),
        None if cohort is None else _filled(table, table.heading("cohort", cohort)),
        None if still_open is None else _open(table, table.heading("open", still_open)),
    )  # fmt: skip


def _groups(table: PlainTable, heading: str) -> list[Group]:
    found = []
    for place, text in enumerate(table.texts(heading)):
        if not text:
            raise table.wrong(
                place,
                heading,
                "the cell is empty",
                "Write not_attempted (3.11) for a case that nobody has tried yet",
            )
        try:
            found.append(group_of(text))
        except UnknownOutcome as unknown:
            what, _, remedy = str(unknown).partition("; ")
            raise table.wrong(
                place, heading, f"{shown(text)}: {what}", remedy[:1].upper() + remedy[1:]
            ) from None
    return found


def _filled(table: PlainTable, heading: str) -> list[str]:
    texts = table.texts(heading)
    for place, text in enumerate(texts):
        if not text:
            raise table.wrong(
                place, heading, "the cell is empty", "Write the day on which the case was released"
            )
    return texts


def _open(table: PlainTable, heading: str) -> list[bool]:
    found = []
    for place, text in enumerate(table.texts(heading)):
        if text.lower() not in YES | NO:
            raise table.wrong(
                place, heading, f"{shown(text)} is neither yes nor no", "Write 是 or 否, yes or no"
            )
        found.append(text.lower() in YES)
    return found
