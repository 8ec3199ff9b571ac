"""The fingerprint of a list: the same people in the same townships under the same key have the same one, in every database."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Township:
    """`size`: its people on the list. `digest`: SHA-256 (32 bytes) over their permanent random numbers in ascending order, each
    as the 8 bytes of an IEEE 754 double, most significant byte first, nothing between them."""

    stratum: str
    size: int
    digest: bytes


def frame_sha256(townships: Iterable[Township]) -> str:
    """Hex digest (SHA-256) over one line per township, `code people digest` (decimal, lower-case hex, single spaces, UTF-8), the
    lines in order with a line feed between them."""
    lines = [f"{one.stratum} {one.size} {one.digest.hex()}" for one in townships]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def townships(stratum: NDArray[np.str_], prn: NDArray[np.float64]) -> list[Township]:
    """The townships of a list that lies in arrays, one entry per person in each; in the order of their codes."""
    codes, of = np.unique(stratum, return_inverse=True)
    ordered = np.ascontiguousarray(prn[np.lexsort((prn, of))], dtype=">f8")
    ends = np.cumsum(np.bincount(of, minlength=len(codes))).tolist()
    starts = [0, *ends[:-1]]
    return [
        Township(str(code), end - start, hashlib.sha256(ordered[start:end].tobytes()).digest())
        for code, start, end in zip(codes, starts, ends, strict=True)
    ]
