"""DOOR. Persons whom lists name: enrolled once, whoever brings them, with their numbers sealed; and where each list came from."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from survey.sampling.list_policy import list_policy
from survey.sampling.numbers import is_landline
from survey.store import campaigns, enrolments, frame
from survey.vault import Vault

AT_ONCE: Final = 20_000
"""People in one write: some megabytes of sealed rows, and a progress bar that moves."""

Told = Callable[[int, int], None]
"""Called with how many people are stored by now, and of how many."""


def nobody(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


@dataclass(frozen=True)
class NewPerson:
    """A person as a list names them. `number` is canonical (+86…); `spares`: their further numbers, in the order to be tried."""

    number: str
    name: str | None = None
    birth_year: int | None = None
    landline: bool = False
    lang: str = "zh"
    spares: tuple[str, ...] = ()


PEOPLE: Final = pl.Schema(
    {
        "number": pl.String(),
        "name": pl.String(),
        "birth_year": pl.Int32(),
        "landline": pl.Boolean(),
        "lang": pl.String(),
        "spares": pl.List(pl.String()),
    }
)
"""The columns of `NewPerson`."""

LISTED: Final = pl.Schema({"area_code": pl.String(), "given": pl.String(), "attributes": pl.String()})
"""What a list says of them beside. `given`: the number as it is written there, where that is more than the number without its
+86; `attributes`: further columns, as JSON."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Of people, in their order: what the vault makes of their numbers, names, and the numbers as a list gives them."""

    tokens: list[bytes]
    prns: list[float]
    numbers: list[bytes | None]
    names: list[bytes | None]
    given: list[bytes | None]


@dataclass(frozen=True)
class ImportRecord:
    """Where a list came from, who brought it, why and on what ground. `refusals`: (line, field, reason)."""

    centre_code: str
    kind: str
    file_name: str
    sha256: str
    brought_by: str
    reason: str
    ground: str
    imported_at: datetime
    rows_read: int
    rows_kept: int
    refusals: Sequence[tuple[int, str, str]]
    rows_merged: int = 0


async def record_import(conn: Any, record: ImportRecord) -> int | None:
    """The batch's id, or None when this very file was imported before."""
    values = (
        record.centre_code,
        record.kind,
        record.file_name,
        record.sha256,
        record.brought_by,
        record.reason,
        record.ground,
        record.imported_at,
        record.rows_read,
        record.rows_kept,
        len({line for line, _, _ in record.refusals}),
        record.rows_merged,
    )
    return await campaigns.record_batch(conn, values, record.refusals)


async def enrol_persons(conn: Any, vault: Vault, persons: Sequence[NewPerson]) -> list[int]:
    """Person ids in the order given; a number that is known is found again, whoever brought it."""
    people = pl.DataFrame(list(map(asdict, persons)), schema=PEOPLE)
    await enrolments.one_after_the_other(conn)
    ids = await _enrol(conn, _persons(vault.key_id, people, _seal(vault, people)), nobody_yet=False)
    await _add_spares(conn, vault, _spares(people, ids))
    return ids


async def enlist(
    conn: Any, vault: Vault, centre_code: str, batch_id: int, people: pl.DataFrame, told: Told
) -> None:
    """Enrol people of different numbers, and put them on the list that the centre draws from; who is on it already stays as they
    are. `people` has the columns of `PEOPLE` and `LISTED`.
    """
    if people.is_empty():
        return
    long = len(people) >= list_policy().limits.keys_last_from
    first_list = long and await frame.set_keys_aside(conn)
    await enrolments.one_after_the_other(conn)
    spares, done = [], 0
    for part in people.iter_slices(AT_ONCE):
        sealed = _seal(vault, part)
        persons = _persons(vault.key_id, part, sealed)
        ids = await _enrol(conn, persons, nobody_yet=first_list)
        own = dict(zip(ids, sealed.prns, strict=True)) if first_list else await enrolments.prns(conn, ids)
        entries = _entries(part, sealed, ids, [own[person] for person in ids])
        await _list(conn, centre_code, batch_id, entries, nobody_yet=first_list)
        spares.append(_spares(part, ids))
        done += len(part)
        told(done, len(people))
    if first_list:
        await frame.build_keys(conn)
    await _add_spares(conn, vault, pl.concat(spares))


def _seal(vault: Vault, people: pl.DataFrame) -> Sealed:
    numbers = people["number"].to_list()
    return Sealed(
        vault.tokens(numbers),
        vault.prns(numbers),
        vault.seal_all(numbers),
        vault.seal_all(people["name"].to_list()),
        vault.seal_all(people["given"].to_list()) if "given" in people.columns else [],
    )


def _persons(key_id: str, people: pl.DataFrame, sealed: Sealed) -> pl.DataFrame:
    """What the store may know of them."""
    return people.select(
        pl.Series("token", sealed.tokens, pl.Binary),
        pl.lit(key_id).alias("key_id"),
        pl.Series("number_cipher", sealed.numbers, pl.Binary),
        pl.Series("name_cipher", sealed.names, pl.Binary),
        pl.Series("prn", sealed.prns, pl.Float64),
        "lang",
        "birth_year",
        "landline",
    )


def _entries(people: pl.DataFrame, sealed: Sealed, ids: Sequence[int], prns: Sequence[float]) -> pl.DataFrame:
    """What a list says of them."""
    return people.select(
        pl.Series("person_id", ids, pl.Int64),
        pl.Series("prn", prns, pl.Float64),
        pl.Series("given_cipher", sealed.given, pl.Binary),
        "area_code",
        "attributes",
    )


async def _enrol(conn: Any, persons: pl.DataFrame, *, nobody_yet: bool) -> list[int]:
    """The person of each token, found or made; of two rows with one token the first is kept."""
    tokens = persons["token"].to_list()
    ids = {} if nobody_yet else await enrolments.known(conn, tokens)
    new = list(dict.fromkeys(token for token in tokens if token not in ids))
    if new:
        first = await enrolments.reserve_ids(conn, len(new))
        ids |= zip(new, range(first, first + len(new)), strict=True)
        places = dict(zip(reversed(tokens), range(len(tokens) - 1, -1, -1), strict=True))
        rows = persons if len(new) == len(tokens) else persons[[places[token] for token in new]]
        await enrolments.add(
            conn, rows.with_columns(pl.int_range(first, first + len(new), dtype=pl.Int64).alias("id"))
        )
    return [ids[token] for token in tokens]


async def _list(
    conn: Any, centre_code: str, batch_id: int, entries: pl.DataFrame, *, nobody_yet: bool
) -> None:
    """Put persons on the list who are not on it yet; of one who comes twice the first row is kept."""
    if not nobody_yet:
        there = await frame.listed(conn, centre_code, entries["person_id"].to_list())
        new = entries.filter(~pl.col("person_id").is_in(there))
        entries = new.unique("person_id", keep="first", maintain_order=True)
    await frame.add(conn, centre_code, batch_id, entries)


def _spares(people: pl.DataFrame, ids: Sequence[int]) -> pl.DataFrame:
    """The further numbers of these people, one a row."""
    several = people.select(pl.Series("person_id", ids, pl.Int64), number="spares")
    each = several.filter(pl.col("number").list.len() > 0).explode("number")
    return each.with_columns(position=pl.int_range(1, pl.len() + 1).over("person_id"))


async def _add_spares(conn: Any, vault: Vault, spares: pl.DataFrame) -> None:
    for some in spares.iter_slices(AT_ONCE):
        numbers = some["number"].to_list()
        sealed = some.with_columns(
            pl.Series("token", vault.tokens(numbers), pl.Binary),
            pl.Series("number_cipher", vault.seal_all(numbers), pl.Binary),
            pl.Series("landline", [is_landline(number) for number in numbers], pl.Boolean),
        )
        await enrolments.add_spares(conn, vault.key_id, sealed)
