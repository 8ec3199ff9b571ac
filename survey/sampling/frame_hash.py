"""The fingerprint of what a draw was made from: the same lists, with the same people under the same key in the same areas, have
the same one in every database."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Seal:
    """One township of one list. `people`: how many. `digest`: SHA-256 (32 bytes) over their permanent random numbers in ascending
    order, each as the 8 bytes of an IEEE 754 double, most significant byte first, nothing between them; then, in the same order,
    the codes of their areas in UTF-8, a space between two."""

    batch_id: int
    stratum: str
    people: int
    digest: bytes


def frame_sha256(seals: Iterable[Seal]) -> str:
    """Hex digest (SHA-256) over one line per list and township, `list township people digest`, in that order with a line feed
    between. The list: its place in the order in which lists were brought, from 1. Lower-case hex, single spaces, UTF-8."""
    ordered = sorted(seals, key=lambda one: (one.batch_id, one.stratum))
    place = {batch: at for at, batch in enumerate(dict.fromkeys(one.batch_id for one in ordered), 1)}
    lines = (f"{place[one.batch_id]} {one.stratum} {one.people} {one.digest.hex()}" for one in ordered)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
