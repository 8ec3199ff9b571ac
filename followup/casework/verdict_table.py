"""Every combination of answers with its verdict, for people who check the table: `verdict_table.csv` beside
this file.

A test compares the file with `render()`; after a change of verdict.yaml, write what `render()` returns into
it.
"""

import csv
import io
from collections.abc import Iterator
from itertools import product

from followup.casework.verdict import MISSING, verdict, verdict_table

ASKED = ("C0", "C6", "C1", "claimed_contact", "C2", "C3", "C7")
COLUMNS = (*ASKED, "reached", "line", "verdict", "reasons", "counted_as")


def render() -> str:
    """The whole table as CSV with a heading: those who were reached, then those who were not."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()


def rows() -> Iterator[tuple[str, ...]]:
    """One row per combination, in the order of COLUMNS. Who was not reached has said nothing about the
    result.
    """
    codes = {item: (*values, MISSING) for item, values in verdict_table().items.items()} | {
        "claimed_contact": ("yes", "no")
    }
    for combination in product(*(codes[column] for column in ASKED)):
        yield _row(dict(zip(ASKED, combination, strict=True)), reached=True)
    for c0, claimed in product(codes["C0"], codes["claimed_contact"]):
        unsaid = dict.fromkeys(ASKED, MISSING) | {"C0": c0, "claimed_contact": claimed}
        yield _row(unsaid, reached=False)


def _row(said: dict[str, str], *, reached: bool) -> tuple[str, ...]:
    answers = {item: None if code == MISSING else code for item, code in said.items()}
    claimed = answers.pop("claimed_contact") == "yes"
    result = verdict(answers, claimed_contact=claimed, reached=reached)
    return (
        *said.values(), "yes" if reached else "no",
        str(result.line), result.verdict, " ".join(result.reasons), result.counted_as,
    )  # fmt: skip
