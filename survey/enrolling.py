"""DOOR. Persons whom lists name: enrolled once, whoever brings them, with their numbers sealed; and where each list came from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from survey.sampling.numbers import is_landline
from survey.store import campaigns, enrolments
from survey.vault import Vault

AT_ONCE: Final = 20_000
"""People in one write: some megabytes of sealed rows, and a progress bar that moves."""


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
    numbers = people["number"].to_list()
    ids = await enrol(conn, sealed(vault, people, vault.tokens(numbers), vault.prns(numbers)))
    await add_spares(conn, vault, spares_of(people, ids))
    return ids


def sealed(
    vault: Vault, people: pl.DataFrame, tokens: Sequence[bytes], prns: Sequence[float] | pl.Series
) -> pl.DataFrame:
    """What the store may know of people with the columns of `PEOPLE`, and with these hashes of their numbers."""
    return people.select(
        pl.Series("token", tokens, pl.Binary),
        pl.lit(vault.key_id).alias("key_id"),
        pl.Series("number_cipher", vault.seal_all(people["number"].to_list()), pl.Binary),
        pl.Series("name_cipher", vault.seal_all(people["name"].to_list()), pl.Binary),
        pl.Series("prn", prns, pl.Float64),
        "lang",
        "birth_year",
        "landline",
    )


async def enrol(conn: Any, persons: pl.DataFrame) -> list[int]:
    """The person of each token, found or made; of two rows with one token the first is kept. `persons` as `sealed` has them."""
    tokens = persons["token"].to_list()
    ids = await enrolments.known(conn, tokens)
    new = list(dict.fromkeys(token for token in tokens if token not in ids))
    if new:
        first = await enrolments.reserve_ids(conn, len(new))
        ids |= zip(new, range(first, first + len(new)), strict=True)
        places = dict(zip(reversed(tokens), range(len(tokens) - 1, -1, -1), strict=True))
        rows = persons if len(new) == len(tokens) else persons[[places[token] for token in new]]
        numbered = rows.with_columns(id=pl.int_range(first, first + len(new), dtype=pl.Int64))
        await enrolments.add(conn, enrolments.written(numbered))
    return [ids[token] for token in tokens]


def spares_of(people: pl.DataFrame, ids: Sequence[int] | pl.Series) -> pl.DataFrame:
    """The further numbers of these people, one a row."""
    several = people.select(pl.Series("person_id", ids, pl.Int64), number="spares")
    each = several.filter(pl.col("number").list.len() > 0).explode("number")
    return each.with_columns(position=pl.int_range(1, pl.len() + 1).over("person_id"))


async def add_spares(conn: Any, vault: Vault, spares: pl.DataFrame) -> None:
    """Further numbers, as `spares_of` makes them."""
    for some in spares.iter_slices(AT_ONCE):
        numbers = some["number"].to_list()
        rows = some.with_columns(
            pl.Series("token", vault.tokens(numbers), pl.Binary),
            pl.Series("number_cipher", vault.seal_all(numbers), pl.Binary),
            pl.Series("landline", [is_landline(number) for number in numbers], pl.Boolean),
        )
        await enrolments.add_spares(conn, vault.key_id, rows)
