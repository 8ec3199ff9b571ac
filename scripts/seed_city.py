"""Write the fictional city of Anlan as files: areas, units, residents, closed cases, planted truth."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from workers import city

app = typer.Typer(add_completion=False, rich_markup_mode=None)

AREA_HEADINGS = ("code", "parent_code", "level", "name_zh", "name_en", "tz", "pop_adult")
UNIT_HEADINGS = ("code", "county", "area_code", "kind", "name_zh", "name_en", "parent_code")


@app.command()
def seed_city(
    out: Annotated[Path, typer.Option(help="Folder for the five files; made if it is not there.")],
    county: Annotated[
        str, typer.Option(help="County of the residents and cases: 991702 … 991771.")
    ] = "991721",
    seed: Annotated[int, typer.Option(help="The same seed writes the same files, byte for byte.")] = 1,
    residents: Annotated[int, typer.Option(min=1, help="Good rows in residents.csv.")] = 3000,
    cases: Annotated[int, typer.Option(min=1, help="Good rows in closed_cases.csv.")] = 220,
    last_day: Annotated[
        str, typer.Option(help="Last day on which cases were closed, like 2026-03-06.")
    ] = "2026-03-06",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Write a fictional city to try things out on. Its numbers begin with 154: no phone has them.

    areas.csv and units.csv hold the whole city (10 counties, 199 townships, 2,877 villages, 25,413 grids).
    residents.csv and closed_cases.csv hold one county's lists as people hand them in: numbers written in many
    ways, and on purpose a few rows that must be refused. planted.json says which rows those are, and the
    truth: how honest each unit is, and which cases were really worked on.

    Example:  python -m scripts.seed_city --out city --county 991721 --seed 7 --residents 3000 --cases 220

    Exit codes: 0 all written, 2 wrong options.
    """
    if county not in city.counties():
        raise typer.BadParameter(
            f"{county} is no county of the city; there are {', '.join(city.counties())}."
        )
    closed_until = _day(last_day)
    people = city.residents(seed, county, residents, closed_until.year)
    closed = city.closed_cases(seed, county, cases, closed_until)
    files: dict[str, Callable[[], bytes]] = {
        "areas.csv": lambda: _table(AREA_HEADINGS, map(asdict, city.areas())),
        "units.csv": lambda: _table(
            UNIT_HEADINGS, (asdict(u) for code in city.counties() for u in city.units(code))
        ),
        "residents.csv": people.csv,
        "closed_cases.csv": closed.csv,
        "planted.json": lambda: _planted(seed, county, people, closed),
    }
    _write(out, files)
    _tell(out, people, closed, as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no day; write it like 2026-03-06.") from None


def _write(out: Path, files: dict[str, Callable[[], bytes]]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        for name in progress.track(files, description="Building the city"):
            whole = files[name]()
            unfinished = out / f".{name}.unfinished"
            unfinished.write_bytes(whole)
            unfinished.replace(out / name)


def _table(headings: tuple[str, ...], rows: Iterable[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _planted(seed: int, county: str, people: city.SeedList, closed: city.SeedList) -> bytes:
    """The truth without a single phone number: cases go by their number on the other platform."""
    facts = [row.facts for row in closed.good]
    truth = {
        "seed": seed,
        "county": county,
        "planted_results": {f["case_no"]: f["result"] for f in facts if f["result"] in city.PLANTED_RESULTS},
        "dirty_rows": {
            "residents.csv": [asdict(dirty) for dirty in people.dirty],
            "closed_cases.csv": [asdict(dirty) for dirty in closed.dirty],
        },
        "units": {unit.code: asdict(city.unit_truth(seed, unit.code)) for unit in city.units(county)},
        "cases": {
            f["case_no"]: {
                "unit_code": f["unit_code"],
                **asdict(city.work(seed, f["case_no"], f["unit_code"], 1)),
            }
            for f in facts
        },
    }
    return (json.dumps(truth, ensure_ascii=False, indent=1) + "\n").encode()


def _tell(out: Path, people: city.SeedList, closed: city.SeedList, as_json: bool) -> None:
    lists = {"residents.csv": people, "closed_cases.csv": closed}
    summary = {
        name: {"good": len(rows.good), "dirty": dict(rows.dirty_counts)} for name, rows in lists.items()
    }
    if as_json:
        json.dump({"out": str(out), **summary}, sys.stdout, ensure_ascii=False)
        print()
        return
    for name, rows in lists.items():
        dirty = ", ".join(f"{count} {kind}" for kind, count in rows.dirty_counts.items())
        print(f"{out / name}: {len(rows.good)} good rows; spoilt on purpose: {dirty}")
    print(f"{out / 'areas.csv'}, {out / 'units.csv'}, {out / 'planted.json'}: the city and its truth")


if __name__ == "__main__":
    app()
