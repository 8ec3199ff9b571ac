"""`minyi sample audit FILE.record.json`: a sample that is a file, drawn again from its record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from survey.sampling.draw_record import CannotRedraw
from survey.sampling.list_draw import (
    LIST_DRAW_VERSION,
    ListDraw,
    design_of,
    draw_units,
    read_units,
    sample_file,
)
from survey.sampling.random_digit_list import RANDOM_DIGITS_VERSION, RandomDigitsDraw, drawn_again, same
from survey.sampling.refusals import ListError

FileRecord = Annotated[ListDraw | RandomDigitsDraw, Field(discriminator="kind")]
_READ: TypeAdapter[ListDraw | RandomDigitsDraw] = TypeAdapter(FileRecord)


def is_record(word: str) -> bool:
    """Whether this names a record file, and not a campaign: no code of one has a dot."""
    return word.endswith(".json")


def redrawn(path: Path, list_file: Path | None) -> dict[str, Any]:
    """The sample drawn again and held against its record, and against the file if that lies beside it. Raises CannotRedraw."""
    record = _record(path)
    made = _made(record, path, list_file)
    beside = path.parent / record.sample
    file = same(beside.read_bytes(), record.sample_sha256) if beside.is_file() else None
    return {
        "same": same(made, record.sample_sha256) and file is not False,
        "same_as_record": same(made, record.sample_sha256),
        "same_as_file": file,
        "record": record.model_dump(mode="json"),
    }


def _record(path: Path) -> ListDraw | RandomDigitsDraw:
    try:
        record = _READ.validate_json(path.read_bytes())
    except OSError as error:
        raise CannotRedraw(f"读不了 it cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise CannotRedraw(f"不是抽样留底 it is no record of a sample: {place}: {first['msg']}") from None
    version = LIST_DRAW_VERSION if isinstance(record, ListDraw) else RANDOM_DIGITS_VERSION
    if record.version != version:
        raise CannotRedraw(
            f"it was drawn by version {record.version} of the method; this program has version {version}"
        )
    return record


def _made(record: ListDraw | RandomDigitsDraw, path: Path, list_file: Path | None) -> bytes:
    try:
        if isinstance(record, RandomDigitsDraw):
            return _numbers_of(record)
        data = _list_of(record, list_file or path.parent / record.list)
        units = read_units(data, record.list)
        return sample_file(units, draw_units(units, design_of(record)))
    except (ListError, ValueError) as error:
        raise CannotRedraw(str(error)) from None


def _numbers_of(record: RandomDigitsDraw) -> bytes:
    made = drawn_again(record)
    if not same(made, record.sample_sha256) and record.numpy != np.__version__:
        raise CannotRedraw(
            f"its numbers were made by numpy {record.numpy}, and numpy {np.__version__} here makes others"
        )
    return made


def _list_of(record: ListDraw, where: Path) -> bytes:
    try:
        data = where.read_bytes()
    except OSError:
        raise CannotRedraw(f"there is no list {where}; name it with --list") from None
    if not same(data, record.list_sha256):
        raise CannotRedraw(
            f"{where} is not the list that it was drawn from: it was changed since, or is another"
        )
    return data
