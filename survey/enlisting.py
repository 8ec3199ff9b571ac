"""DOOR. The list that a centre draws from: people are enrolled, and put on it, who are not on it yet."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from survey.ahead import ahead
from survey.enrolling import AT_ONCE, add_spares, enrol, sealed, spares_of
from survey.hashing import Hashing
from survey.sampling.list_policy import list_policy
from survey.store import enrolments, frame
from survey.store.copying import Packed
from survey.vault import Vault

LISTED: Final = pl.Schema({"area_code": pl.String(), "given": pl.String(), "attributes": pl.String()})
"""What a list says of people beside. `given`: the number as it is written there, where that is more than the number without its
+86; `attributes`: further columns, as JSON."""

_Part = tuple[pl.DataFrame, Future[list[bytes]]]
"""People, and their tokens when they are there."""

Told = Callable[[int, int], None]
"""Called with how many people are stored by now, and of how many."""

WHILE_KEYS_ARE_BUILT: Final = 20
"""So many times `AT_ONCE` people are sealed meanwhile: a hundred megabytes."""


def nobody(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


async def enlist(
    conn: Any, hashes: Hashing, centre_code: str, batch_id: int, people: pl.DataFrame, told: Told
) -> None:
    """Enrol people of different numbers, and put them on the list that the centre draws from; who is on it already stays as they
    are. `people` has the columns of `PEOPLE` and `LISTED`, and `prn`, the permanent random number.
    """
    if people.is_empty():
        return
    long = len(people) >= list_policy().limits.keys_last_from
    put_on_list = _first_list if long and await frame.set_keys_aside(conn) else _later_list
    await enrolments.one_after_the_other(conn)
    await put_on_list(conn, hashes, centre_code, batch_id, people, told)


async def _first_list(
    conn: Any, hashes: Hashing, centre_code: str, batch_id: int, people: pl.DataFrame, told: Told
) -> None:
    """All are new, and the tables have no keys. The list comes before its persons: while the server builds its keys, they are
    sealed."""
    first = await enrolments.reserve_ids(conn, len(people))
    people = people.with_columns(pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("id"))
    hashed = list(_with_tokens(hashes, people))  # all asked for now: the list is written meanwhile
    in_circles = await asyncio.to_thread(_in_circles, people.select(*LISTED, "prn", person_id="id"))
    write = partial(_written, hashes.vault, centre_code, batch_id)
    async with ahead(write, in_circles.iter_slices(AT_ONCE)) as parts:
        async for entries in parts:
            await frame.add(conn, entries, keys_aside=True)
    seal = partial(_persons_written, hashes.vault)
    async with ahead(seal, hashed, WHILE_KEYS_ARE_BUILT) as parts:
        await frame.build_keys_of_the_list(conn)
        done = 0
        async for persons in parts:
            await enrolments.add(conn, persons)
            done = min(done + AT_ONCE, len(people))
            told(done, len(people))
    await frame.build_keys(conn)
    await add_spares(conn, hashes.vault, spares_of(people, people["id"]))


def _in_circles(entries: pl.DataFrame) -> pl.DataFrame:
    """Sorted as the circles have them, so that the largest of the keys finds its entries sorted: by township, permanent random
    number and person. They come sorted by person."""
    townships = entries["area_code"].str.head(9)
    place = {code: at for at, code in enumerate(townships.unique().sort())}
    places = townships.replace_strict(place, return_dtype=pl.Int32).to_numpy()
    by_prn = np.argsort(entries["prn"].to_numpy(), kind="stable")
    return entries[by_prn[np.argsort(places[by_prn], kind="stable")]]


def _with_tokens(hashes: Hashing, people: pl.DataFrame) -> Iterator[_Part]:
    """Part by part; the tokens of each are asked for when it is taken from here."""
    for part in people.iter_slices(AT_ONCE):
        yield part, hashes.tokens(part["number"].to_list())


def _sealed(vault: Vault, part: _Part) -> pl.DataFrame:
    people, tokens = part
    return sealed(vault, people, tokens.result(), people["prn"])


def _persons_written(vault: Vault, part: _Part) -> Packed:
    return enrolments.written(_sealed(vault, part).with_columns(part[0]["id"]))


async def _later_list(
    conn: Any, hashes: Hashing, centre_code: str, batch_id: int, people: pl.DataFrame, told: Told
) -> None:
    """Some may be enrolled, or on the list."""
    spares, done = [], 0
    seal = partial(_with_persons, hashes.vault)
    async with ahead(seal, _with_tokens(hashes, people)) as parts:
        async for part, persons in parts:
            ids = await enrol(conn, persons)
            own = await enrolments.prns(conn, ids)
            entries = part.select(*LISTED).with_columns(
                pl.Series("person_id", ids, pl.Int64), pl.Series("prn", [own[one] for one in ids], pl.Float64)
            )
            new = await _not_listed(conn, centre_code, entries)
            await frame.add(conn, _written(hashes.vault, centre_code, batch_id, new))
            spares.append(spares_of(part, ids))
            done += len(part)
            told(done, len(people))
    await add_spares(conn, hashes.vault, pl.concat(spares))


def _with_persons(vault: Vault, part: _Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    return part[0], _sealed(vault, part)


async def _not_listed(conn: Any, centre_code: str, entries: pl.DataFrame) -> pl.DataFrame:
    """Those who are not on the list yet; of one who comes twice the first row."""
    there = await frame.listed(conn, centre_code, entries["person_id"].to_list())
    new = entries.filter(~pl.col("person_id").is_in(there))
    return new.unique("person_id", keep="first", maintain_order=True)


def _written(vault: Vault, centre_code: str, batch_id: int, entries: pl.DataFrame) -> Packed:
    """What the list says of persons, its number sealed."""
    given = vault.seal_all(entries["given"].to_list())
    return frame.written(
        centre_code, batch_id, entries.with_columns(pl.Series("given_cipher", given, pl.Binary))
    )
