"""A stratified draw by permanent random numbers on a circle (statistics.md §2 (a)).

Every unit of a stratum sits on a circle at its own permanent number. The draw takes the next n units
clockwise from the stratum's pointer; the pointer then moves behind the last one taken. Each draw is a simple
random sample of its stratum, and a unit comes round again only after a full turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """The units that may be drawn, one entry per unit in each array.

    `stratum`: code. `prn`: permanent random number in [0, 1). `unit`: identity, unique; it decides between
    equal numbers.
    """

    stratum: NDArray[np.str_]
    prn: NDArray[np.float64]
    unit: NDArray[np.int64]

    def __post_init__(self) -> None:
        lengths = {len(self.stratum), len(self.prn), len(self.unit)}
        if len(lengths) > 1:
            raise ValueError(
                f"frame: stratum, prn and unit have lengths {sorted(lengths)}; one entry per unit each"
            )
        if not np.all((self.prn >= 0) & (self.prn < 1)):
            raise ValueError("frame: a permanent random number is outside [0, 1)")
        if len(np.unique(self.unit)) < len(self.unit):
            raise ValueError("frame: a unit is listed twice; remove duplicates before drawing")


@dataclass(frozen=True)
class Drawn:
    """The sample: `index` into the frame, in the order drawn by stratum; for each its inclusion probability
    and base weight.

    `pointer`: where the next draw of each stratum starts. Store it: with frame, pointer and n, a draw can be
    repeated.
    """

    index: NDArray[np.int64]
    probability: NDArray[np.float64]
    base_weight: NDArray[np.float64]
    pointer: dict[str, float]


def draw(frame: Frame, n_by_stratum: Mapping[str, int], start: Mapping[str, float] | float = 0.0) -> Drawn:
    """Draw n units from each stratum, clockwise from `start` (one pointer for all, or one per stratum, 0
    where absent).

    Raises ValueError naming the stratum when it has fewer units than asked for.
    """
    codes, stratum_of = np.unique(frame.stratum, return_inverse=True)
    sizes = dict(
        zip((str(code) for code in codes), np.bincount(stratum_of, minlength=len(codes)), strict=True)
    )
    _check_sizes(sizes, n_by_stratum)
    pointers = np.array([_pointer(str(code), start) for code in codes], dtype=np.float64)
    order = _clockwise(frame, stratum_of, pointers)
    first = np.concatenate(([0], np.cumsum(list(sizes.values()), dtype=np.int64)))
    taken = {code: order[first[h] : first[h] + n_by_stratum.get(code, 0)] for h, code in enumerate(sizes)}
    index = np.concatenate([*taken.values(), np.empty(0, dtype=np.int64)])
    probability = np.concatenate(
        [*(np.full(len(units), len(units) / sizes[code]) for code, units in taken.items()), np.empty(0)]
    )
    moved = {code: behind(float(frame.prn[units[-1]])) for code, units in taken.items() if len(units)}
    stayed = dict(zip(sizes, pointers.tolist(), strict=True))
    return Drawn(index, probability, 1.0 / probability, stayed | moved)


def _check_sizes(sizes: Mapping[str, int], n_by_stratum: Mapping[str, int]) -> None:
    for code, n in n_by_stratum.items():
        if not 0 <= n <= sizes.get(code, 0):
            raise ValueError(
                f"draw: {n} units asked of stratum {code}, which has {sizes.get(code, 0)}; "
                "lower n there or widen the frame"
            )


def _pointer(code: str, start: Mapping[str, float] | float) -> float:
    pointer = start.get(code, 0.0) if isinstance(start, Mapping) else start
    if not 0 <= pointer < 1:
        raise ValueError(f"draw: start {pointer} of stratum {code} is outside [0, 1)")
    return pointer


def _clockwise(
    frame: Frame, stratum_of: NDArray[np.intp], pointers: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Frame indices by stratum and, inside it, by place on the circle. Compares, never subtracts: no
    rounding.
    """
    passed = frame.prn < pointers[stratum_of]
    return np.lexsort((frame.unit, frame.prn, passed, stratum_of)).astype(np.int64)


def behind(prn: float) -> float:
    """The pointer that stands just behind a number: the next double, or 0 after the last one before 1."""
    after = float(np.nextafter(prn, 2.0))
    return after if after < 1 else 0.0
