"""The interval of a share for charts."""

from __future__ import annotations

import numpy as np
import pytest

from survey.statistics.chart_intervals import chart_limits
from survey.statistics.intervals import clopper_pearson, jeffreys


def test_jeffreys_inside_and_exact_at_the_edges() -> None:
    low, high = chart_limits([0.0, 0.9, 1.0], [30, 60, 40], [1, 1.5, 1])
    assert (low[1], high[1]) == pytest.approx(jeffreys(0.9, 40))
    assert (low[0], high[0]) == pytest.approx(clopper_pearson(0.0, 30))
    assert (low[2], high[2]) == pytest.approx(clopper_pearson(1.0, 40))
    assert np.all(high - low > 0)
