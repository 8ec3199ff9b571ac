"""Estimates of many domains in a few passes over the rows, with their design-based variances (statistics.md §3.2).

A domain never takes units out of the design: a unit outside has the influence 0. Each estimate is a ratio of two weighted
totals, or a total; its weighted influence values are w (y - R x) / X inside the domain, or w y.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from survey.statistics.calibration import Calibrated
from survey.statistics.design import Design
from survey.statistics.sums import Codes, Floats, sums

ONE: Final = np.ones(1)
"""The denominator of a mean."""
OUTSIDE: Final = -1
MOST_SUMS: Final = 10_000_000
"""Domains times strata that are summed at once: 80 MB a sum."""
NOTHING: Final = 1e-14
"""A variance below so small a part of the sum of squares that it is left of is 0, and rounding."""


@dataclass(frozen=True)
class Variable:
    """What is estimated, by respondent: numerator y and denominator x, (n,). x is ONE for a mean, None for a total of y."""

    y: Floats
    x: Floats | None


@dataclass(frozen=True)
class DomainEstimates:
    """By domain, (D,). nan where a domain has nothing to say.

    n: respondents with a weight; weight: their sum; value; variance; simple: the variance of a simple random sample of the same
    n drawn with replacement; kish: design effect of unequal weights; df: first-stage units less strata inside.
    """

    n: Floats
    weight: Floats
    value: Floats
    variance: Floats
    simple: Floats
    kish: Floats
    df: Floats


def estimate_domains(design: Design, variable: Variable, domain: Codes, domains: int) -> DomainEstimates:
    """domain: (n,) codes 0..domains-1, or -1 outside of all, which is also where an answer is missing."""
    at_once = max(1, MOST_SUMS // max(1, design.strata))
    if domains <= at_once:
        return _estimate(design, variable, domain, domains)
    parts = []
    for first in range(0, domains, at_once):
        many = min(at_once, domains - first)
        inside = (domain >= first) & (domain < first + many)
        parts.append(_estimate(design, variable, np.where(inside, domain - first, OUTSIDE), many))
    columns = ([getattr(part, one.name) for part in parts] for one in fields(DomainEstimates))
    return DomainEstimates(*(np.concatenate(column) for column in columns))


def _estimate(design: Design, variable: Variable, domain: Codes, domains: int) -> DomainEstimates:
    rows = _Rows.of(design, domain, domains)
    d, w, y = rows.domain, rows.weights, rows.take(variable.y)
    n, weight = rows.n, sums(d, domains, w)
    wy = w * y
    total = sums(d, domains, wy)
    with np.errstate(divide="ignore", invalid="ignore"):
        if variable.x is None:
            value, z = np.where(n > 0, total, np.nan), wy
            simple = _simple(y - (total / weight)[d], w, rows, weight)
        else:
            x = None if variable.x is ONE else rows.take(variable.x)
            bottom = weight if x is None else sums(d, domains, w * x)
            value = total / bottom
            residual = y - (value[d] if x is None else value[d] * x)
            residual *= (1 / bottom)[d]
            if not np.all(bottom[n > 0]):
                residual[~np.isfinite(residual)] = 0.0
            z = w * residual
            simple = _simple(residual, w, rows, weight)
        kish = n * sums(d, domains, w * w) / (weight * weight)
    variance = np.where(np.isfinite(value), _variances(design, rows, z), np.nan)
    return DomainEstimates(n, weight, value, variance, simple, kish, rows.df)


@dataclass(frozen=True)
class _Rows:
    """The rows that are in a domain: which (None: all), their domains and weights; the units, (D, H), of each domain in each
    stratum; n, (D,), rows of each."""

    which: Codes | None
    domain: Codes
    weights: Floats
    unit: Codes
    group: Codes
    of_row: Codes | None
    units: Floats
    n: Floats

    @classmethod
    def of(cls, design: Design, domain: Codes, domains: int) -> _Rows:
        inside = (domain >= 0) & (design.weights != 0)
        which = None if inside.all() else np.flatnonzero(inside)
        d, w = (domain, design.weights) if which is None else (domain[which], design.weights[which])
        unit = design.unit if which is None else design.unit[which]
        many = domains * design.strata
        if design.units_are_rows:
            stratum = design.stratum if which is None else design.stratum[which]
            group = d * design.strata + stratum
            units = sums(group, many).reshape(domains, design.strata)
            return cls(which, d, w, unit, group, None, units, units.sum(axis=1))
        key, of_row = np.unique(d * len(design.unit_stratum) + unit, return_inverse=True)
        unit = key % len(design.unit_stratum)
        group = key // len(design.unit_stratum) * design.strata + design.unit_stratum[unit]
        units = sums(group, many).reshape(domains, design.strata)
        return cls(which, d, w, unit, group, of_row, units, sums(d, domains))

    def take(self, values: Floats) -> Floats:
        return values if self.which is None else values[self.which]

    def by_unit(self, z: Floats) -> Floats:
        """Totals by domain and unit, in the order of `unit` and `group`."""
        return z if self.of_row is None else sums(self.of_row, len(self.unit), z)

    @property
    def df(self) -> Floats:
        return np.asarray(self.n_units - (self.units > 0).sum(axis=1), dtype=np.float64)

    @property
    def n_units(self) -> Floats:
        return np.asarray(self.units.sum(axis=1))


def _simple(residual: Floats, w: Floats, rows: _Rows, weight: Floats) -> Floats:
    """Variance of the estimate under simple random sampling with replacement: that of its residuals, times N² / n."""
    spread = sums(rows.domain, len(weight), w * residual * residual)
    return np.where(rows.n > 1, spread * weight / (rows.n - 1), np.nan)


def _variances(design: Design, rows: _Rows, z: Floats) -> Floats:
    """(D,) of the sums of z by domain."""
    total = rows.by_unit(z)
    domains, strata = rows.units.shape
    first = sums(rows.group, domains * strata, total).reshape(domains, strata)
    square = sums(rows.group, domains * strata, total * total).reshape(domains, strata)
    scale = square @ design.factor
    variance = scale - (first * first) @ (design.factor * design.centred)
    if isinstance(design.adjusted, Calibrated):
        less, more = _explained(design, design.adjusted, rows, z, total, first)
        variance, scale = variance - 2 * less + more, scale + more
    return np.where(variance > NOTHING * scale, variance, 0.0)


def _explained(
    design: Design, fit: Calibrated, rows: _Rows, z: Floats, total: Floats, first: Floats
) -> tuple[Floats, Floats]:
    """What the calibration takes from the variances, (D,) each: the residual of z is z - w x'b, so its variance is that of z,
    less twice its covariance with w x'b, more the variance of that. total: z by domain and unit; first: (D, H) by stratum."""
    domains, columns, units = len(first), len(fit.cells.totals), len(design.unit_stratum)
    fitted = np.zeros(domains * columns)
    cells = fit.cells.of_row
    cell, share = cells if rows.which is None else cells[rows.which], z / rows.take(fit.factors)
    for members in fit.cells.members.T:
        fitted += sums(rows.domain * columns + members[cell], domains * columns, share)
    b = fit.coefficients(fitted.reshape(domains, columns).T).T
    x = fit.weighted_design(design.unit, units)
    strata = csr_array(
        (np.ones(units), (design.unit_stratum, np.arange(units))), shape=(design.strata, units)
    )
    of_strata = np.asarray((strata @ x).todense())
    factor, once = design.factor[design.unit_stratum], design.factor * design.centred
    at = (rows.group // design.strata, rows.unit)
    by_unit = csr_array((total * factor[rows.unit], at), shape=(domains, units))
    crossed = np.asarray((by_unit @ x).todense()) - (first * once) @ of_strata
    spread = np.asarray((x.T @ (x * factor[:, None])).todense()) - of_strata.T @ (of_strata * once[:, None])
    return np.sum(b * crossed, axis=1), np.einsum("di,ij,dj->d", b, spread, b, optimize=True)


def domain_values(weights: Floats, variable: Variable, domain: Codes, domains: int) -> Floats:
    """(D,) the estimates alone, with other weights, as a replicate has them; nan where a domain has nothing to say."""
    inside = domain >= 0
    d, w = domain[inside], weights[inside]
    total = sums(d, domains, w * variable.y[inside])
    weight = sums(d, domains, w)
    if variable.x is None:
        return np.where(weight > 0, total, np.nan)
    bottom = weight if variable.x is ONE else sums(d, domains, w * variable.x[inside])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total / bottom)


def influence(design: Design, variable: Variable, inside: NDArray[np.bool_]) -> Floats:
    """(n,) weighted influence values of the estimate of one domain: 0 outside of it. Those of two estimates are subtracted for
    the influence of their difference, and so its variance has their covariance in it."""
    w = np.where(inside, design.weights, 0.0)
    if variable.x is None:
        return np.asarray(w * variable.y)
    x = np.broadcast_to(variable.x, w.shape)
    bottom = float(w @ x)
    if bottom == 0:
        return np.zeros(len(w))
    return np.asarray(w * (variable.y - float(w @ variable.y) / bottom * x) / bottom)
