"""The files of `minyi estimate`: a table of answers (CSV, Parquet), and the specification in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PolarsError
from pydantic import ValidationError

from survey.questionnaire.places import UnreadableYaml, YamlDocument
from survey.sampling.csv_lines import separator_of
from survey.sampling.encodings import decode
from survey.sampling.list_lines import lines_of, top
from survey.sampling.refusals import ListError
from survey.statistics.codes import BLANK, plain_code
from survey.statistics.columns import Column, DataTable
from survey.statistics.estimate_spec import OVERALL, EstimateSpec
from survey.statistics.sums import Codes

PARQUET = frozenset({".parquet", ".pq"})
MOST_FAULTS = 20


class Unusable(ValueError):
    """A file that cannot be used; the message names file, place, reason and remedy."""


def read_spec(path: Path) -> EstimateSpec:
    """Raises Unusable with every fault and where it stands."""
    try:
        yaml = YamlDocument(_bytes(path).decode("utf-8-sig"), path.name, as_texts=True)
    except UnicodeDecodeError:
        raise Unusable(f"{path}: 不是 UTF-8 文本 this is no UTF-8 text; save it as UTF-8") from None
    except UnreadableYaml as error:
        raise Unusable(str(error)) from None
    try:
        return EstimateSpec.model_validate(yaml.value)
    except ValidationError as error:
        raise Unusable("\n".join(_faults(error, yaml))) from None


def _faults(error: ValidationError, yaml: YamlDocument) -> Iterable[str]:
    faults = error.errors(include_url=False)
    inner = {fault["loc"][:end] for fault in faults for end in range(len(fault["loc"]))}
    for fault in faults[:MOST_FAULTS]:
        if fault["loc"] in inner and fault["type"] == "too_short":
            continue  # a list whose items are all wrong is not short
        where = ".".join(str(step) for step in fault["loc"]) or "the specification"
        yield f"{yaml.place(fault['loc'])}: {where}: {_said(fault['type'], fault['msg'])}"


def _said(kind: str, message: str) -> str:
    if kind == "missing":
        return "this key is missing; add it (docs/estimation.md lists the keys)"
    if kind == "extra_forbidden":
        return "there is no such key; correct its name, or take it out (docs/estimation.md lists the keys)"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}; correct it (docs/estimation.md says what may stand here)"


def columns_of(spec: EstimateSpec) -> list[str]:
    """The columns that a specification needs, each once."""
    single = (spec.weight, spec.population, spec.drawn, spec.disposition)
    named = [*spec.filter, *spec.strata, *spec.clusters, *(one for one in single if one)]
    named += [*spec.nonresponse_classes, *(spec.calibrate.margins if spec.calibrate else ())]
    named += [one for wanted in spec.estimates for one in (wanted.of, wanted.over) if one]
    named += [*(one for one in spec.by if one != OVERALL), *(one.by for one in spec.compare)]
    return list(dict.fromkeys(named))


def read_table(path: Path, needed: Sequence[str]) -> tuple[DataTable, Codes]:
    """The needed columns that the file has, and the line of every row. Raises Unusable."""
    return _read_parquet(path, needed) if path.suffix.lower() in PARQUET else _read_csv(path, needed)


def _read_csv(path: Path, needed: Sequence[str]) -> tuple[DataTable, Codes]:
    try:
        text, _ = decode(_bytes(path), path.name)
        lines = lines_of(text, separator_of(text), path.name)
        heading = top(lines, 1)[0]
        known = [cell.strip() for cell in heading.cells]
        _refuse_double(path, known, needed)
        frames, numbers = [], []
        for block in lines.below(heading.number, len(known)):
            for number in block.wide:
                raise Unusable(
                    f"{path}:{number}: more cells than there are headings; put quotes around a cell with a separator in it"
                )
            frames.append(block.cells.select(pl.nth([known.index(one) for one in needed if one in known])))
            numbers.append(block.numbers)
    except ListError as error:
        raise Unusable(str(error)) from None
    kept = [one for one in needed if one in known]
    empty = pl.DataFrame({str(at): [] for at, _ in enumerate(kept)}, schema_overrides=None)
    cells = pl.concat(frames) if frames else empty
    rows = sum(len(one) for one in numbers)
    columns = {name: _column(name, series) for name, series in zip(kept, cells.get_columns(), strict=True)}
    line = pl.concat(numbers).to_numpy() if numbers else np.zeros(0, dtype=np.int64)
    return DataTable(columns, rows, known), np.asarray(line, dtype=np.int64)


def _read_parquet(path: Path, needed: Sequence[str]) -> tuple[DataTable, Codes]:
    _bytes(path, 4)
    try:
        known = list(pl.read_parquet_schema(path))
        kept = [one for one in needed if one in known]
        rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        cells = pl.read_parquet(path, columns=kept) if kept else pl.DataFrame()
    except (PolarsError, OSError) as error:
        raise Unusable(
            f"{path}: 读不了 cannot be read as Parquet: {error}; write it again, or use CSV"
        ) from None
    columns = {name: _column(name, cells[name].cast(pl.String)) for name in kept}
    return DataTable(columns, rows, known), np.arange(1, rows + 1)


def _column(name: str, texts: pl.Series) -> Column:
    """Each distinct text once, in plain writing; texts that are the same code become one label."""
    distinct = texts.unique(maintain_order=True)
    place = texts.to_frame("text").join(
        pl.DataFrame({"text": distinct, "place": np.arange(len(distinct))}),
        on="text", how="left", maintain_order="left", nulls_equal=True,
    )["place"].to_numpy()  # fmt: skip
    labels: dict[str, int] = {}
    of_text = np.empty(len(distinct), dtype=np.int64)
    for at, text in enumerate(distinct.to_list()):
        code = "" if text is None or text.strip() in BLANK else plain_code(text)
        of_text[at] = labels.setdefault(code, len(labels)) if code else -1
    return Column(name, of_text[place] if len(distinct) else np.zeros(0, dtype=np.int64), tuple(labels))


def _refuse_double(path: Path, known: Sequence[str], needed: Sequence[str]) -> None:
    for name in needed:
        if list(known).count(name) > 1:
            raise Unusable(f"{path}:1: two columns are called {name}; rename one")


def _bytes(path: Path, first: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(first)
    except FileNotFoundError:
        raise Unusable(f"没有文件 there is no file {path}") from None
    except OSError as error:
        raise Unusable(f"{path}: 读不了 cannot be read: {error.strerror}; name another file") from None
