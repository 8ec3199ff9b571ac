"""The list that a centre draws from: who is on it, where they live, and what the list says of them beside."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from survey.store.copying import Packed, copy_rows, packed

SELECT_LISTED = """
SELECT person_id FROM survey.frame_entry WHERE centre_code = $1 AND person_id = ANY($2::bigint[])"""


async def listed(conn: Any, centre: str, persons: Sequence[int]) -> list[int]:
    """Those of the persons who are on the centre's list already."""
    return [row["person_id"] for row in await conn.fetch(SELECT_LISTED, centre, persons)]


_JSONB_VERSION = "\x01"  # stands in front of a jsonb value in binary form
ENTRY_COLUMNS = ("person_id", "area_code", "prn", "given_cipher", "attributes")


def written(centre: str, batch: int, entries: pl.DataFrame) -> Packed:
    """Persons who are not on the list yet, with the columns of `ENTRY_COLUMNS`, as `add` takes them. `prn`: the person's own;
    `given_cipher`: the number as the list writes it, sealed, where that is more than the number without its +86; `attributes`:
    further columns, as JSON."""
    return packed(
        entries.select(
            pl.lit(centre).alias("centre_code"),
            pl.lit(batch, pl.Int64).alias("batch_id"),
            *ENTRY_COLUMNS[:-1],
            (_JSONB_VERSION + pl.col("attributes")).alias("attributes"),
        )
    )


async def add(conn: Any, entries: Packed, *, keys_aside: bool = False) -> None:
    """Persons who are not on the list yet."""
    await copy_rows(conn, "frame_entry", entries, settled=keys_aside)


SET_KEYS_ASIDE = """
SELECT survey.set_keys_aside()"""

BEGIN_ANEW = """
TRUNCATE survey.frame_entry"""
"""It is empty, as nobody is enrolled, and locked. From here on its rows may be written as settled (`add`)."""


async def set_keys_aside(conn: Any) -> bool:
    """For the first long list of a city: its tables stay without keys until `build_keys`, in this transaction. False where
    somebody is enrolled already, or anybody else is at the tables just now: then the keys stay."""
    aside: bool = await conn.fetchval(SET_KEYS_ASIDE)
    if aside:
        await conn.execute(BEGIN_ANEW)
    return aside


BUILD_WITHOUT_WORKERS = """
SET LOCAL max_parallel_maintenance_workers = 0"""

BUILD_AS_BEFORE = """
RESET max_parallel_maintenance_workers"""

BUILD_KEYS_OF_THE_LIST = """
SELECT survey.build_keys(still_filling => ARRAY['survey.person'::regclass])"""


async def build_keys_of_the_list(conn: Any) -> None:
    """The keys of the list, over all rows at once, but those that refer to persons: they may come yet. By the session alone:
    whoever writes the list seals persons meanwhile, and its largest key finds its entries sorted, where workers are no help."""
    await conn.execute(BUILD_WITHOUT_WORKERS)
    await conn.execute(BUILD_KEYS_OF_THE_LIST)
    await conn.execute(BUILD_AS_BEFORE)


BUILD_KEYS = """
SELECT survey.build_keys()"""


BUILD_BY_ORDER = """
SET LOCAL enable_hashjoin = off"""

BUILD_AS_THE_PLANNER_LIKES = """
RESET enable_hashjoin"""


async def build_keys(conn: Any) -> None:
    """Every key as it was, over all rows at once; but those that are built already. Whether each entry has its person is seen
    along the two primary keys, of which that of the list is read alone because its rows are settled: the planner, which does not
    know that, would look each up in a table of its own, in twice the time."""
    await conn.execute(BUILD_BY_ORDER)
    await conn.execute(BUILD_KEYS)
    await conn.execute(BUILD_AS_THE_PLANNER_LIKES)
