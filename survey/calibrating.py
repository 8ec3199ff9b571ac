"""Indicators with weights that are calibrated to a centre's population: the answers of each person, read and
estimated by the same path as `minyi estimate` takes. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from pydantic import ValidationError

from survey.indicator_reading import Ground
from survey.policies import packaged
from survey.statistics.calibration_checks import Infeasible
from survey.statistics.columns import Column, DataTable
from survey.statistics.estimate_cells import Cell
from survey.statistics.estimate_spec import EstimateSpec
from survey.statistics.estimating import estimate
from survey.statistics.indicator_definitions import Composite, IndicatorError, Mean, Share
from survey.statistics.joined_categories import joined_categories
from survey.statistics.population import AREA, KEY, Population, packaged_population
from survey.statistics.weighing import Weighing
from survey.statistics.weighting import kish, weighting_policy
from survey.store import policies
from survey.store.respondents import Respondent, respondents

WEIGHT = "weight"


@dataclass(frozen=True)
class CalibratedAnswers:
    """`cells`: {indicator: its estimate over everybody}. `n`: interviews that every margin is known of, of `asked` in
    which anything was answered; `joined`: categories that were joined with others for their few answers;
    `design_effect`: Kish's, of the weights. `why_not`: why there are no cells, in the words of whoever refused; None
    also where no population is entered."""

    population: Population
    version: int
    asked: int = 0
    n: int = 0
    joined: int = 0
    design_effect: float = 1.0
    cells: Mapping[str, Cell] | None = None
    why_not: str | None = None


async def population_of(conn: Any, centre: str, day: date) -> tuple[Population, int]:
    """That of a centre on a day, and its version. Raises IndicatorError for a row that is none."""
    row = await policies.in_force(conn, KEY, centre, day)
    if row is None:
        return packaged_population(), packaged("survey.statistics", KEY).version
    try:
        return Population.model_validate(row.body), row.version
    except ValidationError as error:
        why = "; ".join(str(one["msg"]) for one in error.errors())
        raise IndicatorError(
            f"policy {KEY}, version {row.version}, of centre {centre} is refused: {why}"
        ) from None


async def read_calibrated(conn: Any, ground: Ground) -> CalibratedAnswers:
    """Of the shares and means of a table, over all its days. Nothing is calibrated in a sample with quotas."""
    population, version = await population_of(conn, ground.centre.code, ground.frame.last)
    wanted = [
        one
        for one in ground.definitions
        if not isinstance(one, Composite) and one.source == population.questionnaire
    ]
    campaigns = ground.campaigns.get(population.questionnaire, ())
    if not population.totals or ground.quota or not wanted or not campaigns:
        return CalibratedAnswers(population, version)
    questions = {one.question for one in wanted} | set(population.questions.values())
    rows = await respondents(
        conn,
        ground.frame.first,
        ground.frame.last,
        ground.centre.code,
        campaigns,
        sorted(questions),
        population.area,
    )
    return calibrated(rows, wanted, population, version, ground.policy.level)


def calibrated(
    rows: Sequence[Respondent],
    wanted: Sequence[Share | Mean],
    population: Population,
    version: int,
    level: float,
) -> CalibratedAnswers:
    """Everybody of whom every margin is known stands for the population; the others stand in no figure of it."""
    kinds = [_kind_of(row, population) for row in rows]
    known = [(row, kind) for row, kind in zip(rows, kinds, strict=True) if kind is not None]
    if not known:
        return CalibratedAnswers(population, version, asked=len(rows))
    margins: dict[str, Mapping[str, float]] = {}
    columns: dict[str, list[str | None]] = {WEIGHT: [repr(row.weight) for row, _ in known]}
    joined = 0
    for name, totals in population.totals.items():
        own = [kind[name] for _, kind in known]
        found = joined_categories(
            totals, {one: own.count(one) for one in totals}, weighting_policy().least_in_category
        )
        margins[name] = found.totals
        columns[name] = [found.of[one] for one in own]
        joined += found.joined
    for one in wanted:
        columns[one.question] = [row.codes.get(one.question) for row, _ in known]
    spec = EstimateSpec.model_validate(
        {
            "weight": WEIGHT,
            "calibrate": {"method": population.method, "margins": margins},
            "estimates": [_spec_of(one) for one in wanted],
            "level": level,
        }
    )
    weighing = Weighing(_table(columns, len(known)), spec)
    try:
        cells = estimate(weighing)
    except Infeasible as error:
        return CalibratedAnswers(population, version, len(rows), len(known), joined, why_not=str(error))
    return CalibratedAnswers(
        population, version, len(rows), len(known), joined, kish(weighing.design.weights),
        {cell.estimate: cell for cell in cells},
    )  # fmt: skip


def _kind_of(row: Respondent, population: Population) -> dict[str, str] | None:
    """{margin: category} of a person, None where one is not known, or has no people in the population."""
    told = {AREA: row.area} | {
        name: row.codes.get(question) for name, question in population.questions.items()
    }
    found = {name: told[name] for name in population.totals}
    if any(one is None or one not in population.totals[name] for name, one in found.items()):
        return None
    return {name: one for name, one in found.items() if one is not None}


def _spec_of(one: Share | Mean) -> dict[str, Any]:
    kind = "proportion" if isinstance(one, Share) else "mean"
    return {
        "name": one.id, "kind": kind, "of": one.question, "recode": dict(one.points), "missing": list(one.outside),
    }  # fmt: skip


def _table(columns: Mapping[str, Sequence[str | None]], rows: int) -> DataTable:
    found = {}
    for name, values in columns.items():
        labels = sorted({one for one in values if one is not None})
        place = {label: at for at, label in enumerate(labels)}
        codes = np.array([-1 if one is None else place[one] for one in values], dtype=np.int64)
        found[name] = Column(name, codes, tuple(labels))
    return DataTable(found, rows, list(columns))
