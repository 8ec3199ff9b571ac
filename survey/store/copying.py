"""Many rows at once into a table, by COPY in Postgres's binary format, made by arrays instead of one by one.

Rows whose fields have the same widths are one block of bytes, of which each column is written whole. Format: PostgreSQL
documentation, COPY, "Binary Format".
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
"""Signature, no flags, no extension."""
TRAILER: Final = b"\xff\xff"
NULL: Final = -1
"""The width of no value."""
_COUNT, _LENGTH = 2, 4  # bytes of the number of fields, and of the length in front of each
_BIG_ENDIAN: Final = {pl.Int64: ">i8", pl.Int32: ">i4", pl.Float64: ">f8", pl.Boolean: "?"}

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows as the server reads them."""

    columns: tuple[str, ...]
    body: bytes


def packed(rows: pl.DataFrame) -> Packed:
    """Rows for a table whose columns they name: bigint as Int64, int as Int32, double precision as Float64, boolean, text as
    String, bytea as Binary. Rows of one shape stand together, each group in its order."""
    return Packed(tuple(rows.columns), binary(rows))


async def copy_rows(conn: Any, table: str, rows: Packed, *, settled: bool = False) -> None:
    """`rows` into a table of schema `survey`. `settled`: one that this transaction has truncated; nobody else can see them before
    it ends, so they are written as if it had, and nothing that reads them later has to find out."""
    await conn.copy_to_table(
        table,
        schema_name="survey",
        columns=rows.columns,
        source=_whole(rows.body),
        format="binary",
        freeze=settled,
    )


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    """In one piece: in many, each would wait for the thread that makes the next rows."""
    yield body


def binary(rows: pl.DataFrame) -> bytes:
    """As the server reads it."""
    fields = [_field(column) for column in rows]
    widths = np.stack([field.widths for field in fields])
    blocks = [_block(fields, widths[:, places[0]], places) for places in _alike(widths)]
    return b"".join((HEADER, *(block.data for block in blocks), TRAILER))


@dataclass(frozen=True, slots=True)
class _Field:
    """One column of n rows: the `widths` of its values in bytes (n,), NULL where there is none; where each begins in `body`."""

    widths: NDArray[np.int32]
    starts: NDArray[np.int64]
    body: Bytes

    def taken(self, places: Places, width: int) -> Bytes:
        """The values at these places, which all have one width (len(places), width)."""
        if len(places) * width == len(self.body):
            return self.body.reshape(-1, width)
        return np.lib.stride_tricks.sliding_window_view(self.body, width)[self.starts[places]]


def _field(column: pl.Series) -> _Field:
    there = column.is_not_null().to_numpy()
    widths = np.full(len(column), NULL, np.int32)
    if column.dtype == pl.String:
        widths[there] = column.drop_nulls().str.len_bytes().to_numpy()
        body = column.str.join("").item().encode()
    elif column.dtype == pl.Binary:
        values = column.drop_nulls()
        widths[there] = values.bin.size().to_numpy()
        body = b"".join(values.to_list())
    else:
        kind = np.dtype(_BIG_ENDIAN[type(column.dtype)])
        widths[there] = kind.itemsize
        body = column.drop_nulls().to_numpy().astype(kind).tobytes()
    filled = np.maximum(widths, 0)
    return _Field(widths, np.cumsum(filled, dtype=np.int64) - filled, np.frombuffer(body, np.uint8))


def _alike(widths: NDArray[np.int32]) -> Iterator[Places]:
    """The places at which all fields have the same widths, group by group; `widths` (fields, n)."""
    if not widths.shape[1]:
        return
    varying = widths[(widths != widths[:, :1]).any(axis=1)]
    if not len(varying):
        yield np.arange(widths.shape[1])
        return
    order = np.lexsort(varying)
    turns = (np.diff(varying[:, order]) != 0).any(axis=0)
    yield from np.split(order, np.flatnonzero(turns) + 1)


def _block(fields: Sequence[_Field], widths: NDArray[np.int32], places: Places) -> Bytes:
    """Rows of one shape: the number of fields, and for each its length and its bytes."""
    block = np.empty((len(places), _COUNT + int((_LENGTH + np.maximum(widths, 0)).sum())), np.uint8)
    block[:, :_COUNT] = _big_endian(len(fields), ">i2")
    at = _COUNT
    for field, width in zip(fields, widths.tolist(), strict=True):
        block[:, at : at + _LENGTH] = _big_endian(width, ">i4")
        at += _LENGTH
        if width > 0:
            block[:, at : at + width] = field.taken(places, width)
            at += width
    return block


def _big_endian(number: int, kind: str) -> Bytes:
    return np.array([number], kind).view(np.uint8)
