"""Drawing from a centre's lists, with the record of the draw; and drawing again from the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.sampling.allocation import allocate
from survey.sampling.draw import behind
from survey.sampling.draw_record import DrawRecord
from survey.sampling.frame_hash import Seal, frame_sha256
from survey.store import circles, draws, frame_draw, frame_seals
from survey.store.frame_draw import Taken, View

ANY_DRAW = 2**62
"""Sees what every draw so far has taken."""


@dataclass(frozen=True)
class Listed:
    """What a view sees: the fingerprint of its lists, and how many people of each township may be drawn."""

    sha256: str
    sizes: dict[str, int]


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
) -> tuple[list[Taken], DrawRecord] | None:
    """A proportional stratified sample of `size` people of a centre's list, or as many as the list has if `replicate` is None.

    None: the list has too few people. In the caller's transaction, which nobody else's draw overlaps.
    """
    number = await draws.begin_draw(conn, centre)
    view = await _view(conn, centre, rested_since, at, number, areas)
    listed = await _listed(conn, view, await frame_seals.seals(conn, view.lists))
    people = sum(listed.sizes.values())
    if people < size and replicate is not None:
        return None
    wanted = allocate(listed.sizes, min(size, people))
    pointers = await circles.pointers(conn, centre)
    start = {code: pointers[code] for code in listed.sizes if code in pointers}
    taken = await frame_draw.clockwise(conn, view, wanted, start)
    last = {one.stratum: one.prn for one in taken}
    moved = {code: behind(prn) for code, prn in last.items()}
    await circles.move_pointers(conn, centre, moved)
    record = DrawRecord(
        allocation="proportional",
        number=number,
        at=at,
        key_id=key_id,
        lists=view.lists,
        frame_sha256=listed.sha256,
        rested_since=rested_since,
        areas=view.areas,
        frame=listed.sizes,
        wanted=wanted,
        start=start,
        pointer=dict.fromkeys(listed.sizes, 0.0) | start | moved,
        replicate=replicate,
    )
    return taken, record


async def people_to_draw(
    conn: Any, centre: str, rested_since: datetime, at: datetime, areas: Sequence[str]
) -> int:
    """How many people a draw at `at` could take. In a transaction, as a draw is."""
    await draws.alone(conn, centre)
    view = await _view(conn, centre, rested_since, at, ANY_DRAW, areas)
    listed = await _listed(conn, view, await frame_seals.seals(conn, view.lists))
    return sum(listed.sizes.values())


async def _view(
    conn: Any, centre: str, rested_since: datetime, at: datetime, number: int, areas: Sequence[str]
) -> View:
    lists = await frame_seals.lists(conn, centre, at)
    await frame_seals.seal(conn, centre, lists, at)
    return View(centre, lists, rested_since, at, number, tuple(areas))


async def _listed(conn: Any, view: View, seals: Sequence[Seal]) -> Listed:
    """Whole townships are counted by their seals; those of which the view sees a part, person by person."""
    seen = [one for one in seals if _touches(view.areas, one.stratum)]
    sizes: dict[str, int] = {}
    for one in seen:
        sizes[one.stratum] = sizes.get(one.stratum, 0) + one.people
    in_part = [code for code in sizes if view.areas and not code.startswith(view.areas)]
    if in_part:
        sizes |= dict.fromkeys(in_part, 0) | await frame_draw.listed_in(conn, view, in_part)
    for code, people in (await frame_draw.left_out(conn, view)).items():
        sizes[code] = sizes.get(code, 0) - people
    return Listed(frame_sha256(seen), {code: n for code, n in sorted(sizes.items()) if n > 0})


def _touches(areas: tuple[str, ...], stratum: str) -> bool:
    return not areas or stratum.startswith(areas) or any(area.startswith(stratum) for area in areas)


async def redraw(conn: Any, centre: str, record: DrawRecord, key_id: str) -> Mapping[str, Any]:
    """Draw again from the lists as they were then, and hold it against who stands in the sample. In a transaction, as a draw is.
    Raises CannotRedraw.

    `same`: it is the same sample. `missing`, `strange`: people drawn who do not stand there, and the other way round.
    """
    await draws.alone(conn, centre)
    view = View(centre, record.lists, record.rested_since, record.at, record.number, record.areas)
    listed = await _listed(conn, view, await frame_seals.made_anew(conn, centre, record.lists))
    record.check_lists(listed.sha256, key_id)
    record.check_frame(listed.sizes)
    again = {one.person_id for one in await frame_draw.clockwise(conn, view, record.wanted, record.start)}
    stands = await draws.taken(conn, record.number)
    return {
        "same": again == stands,
        "people": len(again),
        "list": sum(listed.sizes.values()),
        "missing": len(again - stands),
        "strange": len(stands - again),
    }
