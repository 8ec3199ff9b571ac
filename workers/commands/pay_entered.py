"""What a centre enters for the pay of a month: a table with a line for each surveyor, CSV or XLSX."""

from __future__ import annotations

from pathlib import Path

from followup.assessment.pay import pay_policy
from survey.sampling.refusals import ListError
from survey.statistics.plain_table import read_table
from workers.commands.exits import refused


def entered_of(command: str, file: Path) -> dict[str, dict[str, float]]:
    """{staff number: {field: number}}. Ends the command where the file is none."""
    try:
        table = read_table(file.read_bytes(), file.name)
        staff = table.names(table.heading("staff_no", "staff_no"))
        fields = [name for name in table.headings if name and name != "staff_no"]
        columns = {
            name: table.numbers(name, lambda number: number >= 0, "number of 0 or more") for name in fields
        }
    except ListError as no:
        raise refused(command, str(no)) from None
    missing = sorted(set(pay_policy().entered) - set(fields))
    if missing:
        raise refused(command, f"{file.name}: no column {', '.join(missing)}; each line needs all of them")
    return {one: {name: columns[name][n] for name in fields} for n, one in enumerate(staff)}
