"""The list as the draw sees it: its people as arrays, and its fingerprint. And drawing from it, with the record of the draw."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from survey.sampling.allocation import allocate
from survey.sampling.draw import Drawn, Frame, draw
from survey.sampling.draw_record import DrawRecord
from survey.store import draws
from survey.store.draws import FrameRow


def frame_of(rows: Sequence[FrameRow]) -> Frame:
    """One entry per person, in the order of `rows`."""
    return Frame(
        np.array([row.stratum for row in rows], dtype=np.str_),
        np.array([row.prn for row in rows], dtype=np.float64),
        np.array([row.person_id for row in rows], dtype=np.int64),
    )


def frame_sha256(rows: Sequence[FrameRow]) -> str:
    """Hex digest of one line per person, `stratum prn` (the number as Python writes it, in full), in the order of the circle:
    the same list under the same key has the same digest, whatever ids its people have in this database."""
    return hashlib.sha256("\n".join(f"{r.stratum} {r.prn!r}" for r in rows).encode()).hexdigest()


async def draw_from_list(
    conn: Any,
    centre: str,
    *,
    size: int,
    rested_since: datetime,
    at: datetime,
    key_id: str,
    areas: Sequence[str] = (),
    replicate: int | None = None,
) -> tuple[list[FrameRow], Drawn, DrawRecord] | None:
    """A proportional stratified sample of `size` people of a centre's list, or as many as the list has if `replicate` is None.

    None: the list has too few people. In the caller's transaction, which nobody else's draw overlaps.
    """
    number = await draws.begin_draw(conn, centre)
    rows = await draws.frame(conn, centre, rested_since, areas, at, number)
    if len(rows) < size and replicate is not None:
        return None
    frame = frame_of(rows)
    sizes = _sizes(frame)
    wanted = allocate(sizes, min(size, len(rows)))
    taken = draw(frame, wanted)
    record = DrawRecord(
        allocation="proportional",
        number=number,
        at=at,
        key_id=key_id,
        frame_sha256=frame_sha256(rows),
        rested_since=rested_since,
        areas=tuple(areas),
        frame=sizes,
        wanted=wanted,
        pointer=taken.pointer,
        replicate=replicate,
    )
    return [rows[i] for i in taken.index], taken, record


def _sizes(frame: Frame) -> dict[str, int]:
    codes, counts = np.unique(frame.stratum, return_counts=True)
    return {str(code): int(n) for code, n in zip(codes, counts, strict=True)}


async def redraw(conn: Any, centre: str, record: DrawRecord, key_id: str) -> Mapping[str, Any]:
    """Draw again from the list as it was then, and hold it against who stands in the sample. Raises CannotRedraw.

    `same`: it is the same sample. `missing`, `strange`: people drawn who do not stand there, and the other way round.
    """
    rows = await draws.frame(conn, centre, record.rested_since, record.areas, record.at, record.number)
    taken = record.redraw(frame_of(rows), frame_sha256(rows), key_id)
    again = {rows[i].person_id for i in taken.index}
    stands = await draws.taken(conn, record.number)
    return {
        "same": again == stands,
        "people": len(again),
        "list": len(rows),
        "missing": len(again - stands),
        "strange": len(stands - again),
    }
