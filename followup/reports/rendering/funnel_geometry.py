"""Where the lines and dots of a funnel plot lie, in a square from (0, 0) above left to (1, 1) below right; drawn by
each format."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from followup.reports.document.figures import Figure, HasFigures
from followup.reports.document.model import Funnel

STEPS = 48
Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """A dot; `outside` the widest limits; `number` by which the legend names it."""

    at: Point
    outside: bool
    number: int


@dataclass(frozen=True)
class Geometry:
    """`middle`: the line of the centre; `limits`: one line above and one below for each level; `most`: n at the right edge."""

    middle: tuple[Point, ...]
    limits: tuple[tuple[Point, ...], ...]
    spots: tuple[Spot, ...]
    most: int


def geometry(document: HasFigures, funnel: Funnel) -> Geometry:
    """Of a funnel that has dots."""
    figures = [document.figures[dot.figure] for dot in funnel.dots]
    most = max(figure.n or 0 for figure in figures)
    middle = float(document.figures[funnel.centre].value or 0.0)
    limits = []
    for z in funnel.levels:
        for side in (-1, 1):
            sizes = [1 + (most - 1) * step / STEPS for step in range(STEPS + 1)]
            limits.append(
                tuple((n / most, _down(middle + side * z * funnel.spread / sqrt(n))) for n in sizes)
            )
    spots = tuple(
        Spot(
            ((figure.n or 0) / most, _down(float(figure.value or 0))), outside(figure, middle, funnel), number
        )
        for number, figure in enumerate(figures, 1)
    )
    return Geometry(((0.0, _down(middle)), (1.0, _down(middle))), tuple(limits), spots, most)


def outside(figure: Figure, middle: float, funnel: Funnel) -> bool:
    """Whether a figure lies beyond the widest limits."""
    reach = max(funnel.levels) * funnel.spread / sqrt(figure.n or 1)
    return abs(float(figure.value or 0) - middle) > reach


def _down(share: float) -> float:
    return 1 - min(max(share, 0.0), 1.0)
