"""The list as the draw sees it: its people as arrays, and its fingerprint."""

import hashlib
from collections.abc import Sequence

import numpy as np

from survey.sampling.draw import Frame
from survey.store.campaigns import FrameRow


def frame_of(rows: Sequence[FrameRow]) -> Frame:
    """One entry per person, in the order of `rows`."""
    return Frame(
        np.array([row.stratum for row in rows], dtype=np.str_),
        np.array([row.prn for row in rows], dtype=np.float64),
        np.array([row.person_id for row in rows], dtype=np.int64),
    )


def frame_sha256(rows: Sequence[FrameRow]) -> str:
    """Hex digest of stratum and permanent random number of every row: the same list, the same digest."""
    return hashlib.sha256("\n".join(f"{r.stratum} {r.prn!r}" for r in rows).encode()).hexdigest()
