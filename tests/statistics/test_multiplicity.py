"""Many tests at once, held against R's p.adjust, and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from survey.statistics.multiplicity import benjamini_hochberg, holm, two_sided

P = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001]


def test_adjusted_as_in_r() -> None:
    """R 4.2.2: p.adjust(c(.01, .02, .03, .04, .05, .001), "holm") and "BH"."""
    assert holm(P) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09, 0.006])
    assert benjamini_hochberg(P) == pytest.approx([0.03, 0.04, 0.045, 0.048, 0.05, 0.006])


def test_areas_and_indicators_are_one_family() -> None:
    table = np.array(P).reshape(2, 3)
    assert benjamini_hochberg(table).tolist() == benjamini_hochberg(P).reshape(2, 3).tolist()
    assert holm([]).tolist() == []
    with pytest.raises(ValueError, match="outside"):
        holm([0.5, 1.2])


def test_p_values_of_differences() -> None:
    assert two_sided([1.959963984540054, -1.959963984540054, 0.0], 1.0) == pytest.approx([0.05, 0.05, 1.0])
    assert two_sided(2.2281388519649385, 1.0, 10) == pytest.approx(0.05)
    assert two_sided([0.0, 0.1], 0.0).tolist() == [1.0, 0.0]
