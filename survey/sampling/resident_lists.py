"""A list of residents of any length, read column by column.

What stands in most rows (a mobile, a name, places and years that come again and again) is taken for a whole column at once, each
text that comes again only once. Every other row goes, whole, through the same functions as a row of any list.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import polars as pl

from survey.sampling.list_fields import age_code, words
from survey.sampling.list_lines import Block
from survey.sampling.list_policy import Column, list_policy
from survey.sampling.list_specs import ResidentRow, ResidentSpec
from survey.sampling.lists import Merged, OpenList, Rows, open_list
from survey.sampling.numbers import FICTIONAL, PLAIN_MOBILE, NumberPlan
from survey.sampling.refusals import FieldRefused, Refusal
from survey.sampling.workbook_lines import NO_VALUE

SCHEMA: Final = pl.Schema(
    {
        "line": pl.Int64(),
        "name": pl.String(),
        "number_given": pl.String(),
        "number": pl.String(),
        "landline": pl.Boolean(),
        "spares": pl.List(pl.String()),
        "area_code": pl.String(),
        "birth_year": pl.Int32(),
        "age_band": pl.String(),
        "attributes": pl.String(),  # JSON
    }
)
"""The columns of `ResidentRow`."""

_NAME: Final = r"^[\u4e00-\u9fff]+$"
_NO_ATTRIBUTES: Final = "{}"
_CLEAN, _PLAIN_NUMBER, _PLAIN_NAME, _VALUE = " clean", " plain number", " plain name", " value"
"""Columns of ours beside the texts: no field is called like this."""


@dataclass(frozen=True)
class ResidentList:
    """As `ListRead`, with the residents as a table of `SCHEMA` in the order of their lines."""

    people: pl.DataFrame
    refusals: tuple[Refusal, ...]
    merged: tuple[Merged, ...]
    headings: Mapping[str, str]
    ignored: tuple[str, ...]
    blank_lines: tuple[int, ...]
    encoding: str
    separator: str

    @property
    def rows(self) -> tuple[ResidentRow, ...]:
        return tuple(_row(values) for values in self.people.iter_rows(named=True))

    @property
    def refused_lines(self) -> frozenset[int]:
        return frozenset(refusal.line for refusal in self.refusals)

    @property
    def rows_read(self) -> int:
        return len(self.people) + len(self.merged) + len(self.refused_lines)


def read_residents(
    data: bytes,
    file_name: str,
    spec: ResidentSpec,
    *,
    mapping: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    meanwhile: Callable[[pl.DataFrame], None] = lambda part: None,
) -> ResidentList:
    """What `read_list` reads, whatever the length of the list. Raises ListError and RefusedColumn.

    `meanwhile` is called with people, a table of `SCHEMA`, as soon as they are read; those whose number comes again, and the few
    whose lines are read one by one, may be others in the end.
    """
    found = open_list(data, file_name, spec, mapping or {}, keep)
    parts: list[pl.DataFrame] = []
    others = Rows(spec, found.headings, found.further)
    blank = list(found.blank_above)
    for block in found.blocks():
        parts.append(_at_once(block, found, spec))
        meanwhile(parts[-1])
        blank += block.blank
        _take_others(others, block, parts[-1])
    at_once = pl.concat(parts, rechunk=False)
    twice = _doubled(at_once["number"], others.first)
    if twice.any():
        at_once = at_once.filter(~twice)
        others = _read_again(found, spec, at_once)
    people = pl.concat([at_once, _table(others.kept)]).sort("line") if others.kept else at_once
    return ResidentList(
        people=people,
        refusals=tuple(others.refusals),
        merged=tuple(others.merged),
        headings=found.known,
        ignored=found.ignored,
        blank_lines=tuple(blank),
        encoding=found.encoding,
        separator=found.separator,
    )


def _take_others(rows: Rows[ResidentRow], block: Block, at_once: pl.DataFrame) -> None:
    """The lines of a block that could not be taken at once."""
    if len(at_once) < len(block.numbers):
        for line in block.lines(~block.numbers.is_in(at_once["line"].implode())):
            rows.take(line)


def _doubled(numbers: pl.Series, others: Collection[str]) -> pl.Series:
    """Which numbers stand on several lines: among these, or on one of the others."""
    digits = numbers.str.slice(1).cast(pl.Int64)
    found = digits.is_duplicated()
    if others:
        found |= numbers.is_in(pl.Series(list(others), dtype=pl.String).implode())
    return found


def _read_again(found: OpenList, spec: ResidentSpec, at_once: pl.DataFrame) -> Rows[ResidentRow]:
    """Every line but those that stay taken, in the order of the list: of two with one number the first stands."""
    rows = Rows(spec, found.headings, found.further)
    for block in found.blocks():
        _take_others(rows, block, at_once)
    return rows


def _table(rows: Sequence[ResidentRow]) -> pl.DataFrame:
    return pl.DataFrame(
        [asdict(row) | {"attributes": _as_json(row.attributes)} for row in rows], schema=SCHEMA, orient="row"
    )


def _row(values: Mapping[str, Any]) -> ResidentRow:
    return ResidentRow(
        **{**values, "spares": tuple(values["spares"]), "attributes": json.loads(values["attributes"])}
    )


def _as_json(attributes: Mapping[str, str]) -> str:
    return json.dumps(dict(attributes), ensure_ascii=False, separators=(",", ":")) if attributes else "{}"


def _at_once(block: Block, found: OpenList, spec: ResidentSpec) -> pl.DataFrame:
    """Those rows of a block, as a table of `SCHEMA`, that can be taken column by column: nothing in them would be refused, and
    they have one number."""
    columns = _Columns(block, found, spec)
    years, bands = columns.parsed("birth_year"), columns.parsed("age_band")
    people = pl.DataFrame(
        {
            "line": block.numbers,
            "name": columns.names(),
            "number_given": columns.texts["number"],
            "number": columns.numbers(),
            "landline": pl.repeat(False, len(block.numbers), eager=True),
            "spares": pl.repeat([], len(block.numbers), dtype=pl.List(pl.String()), eager=True),
            "area_code": columns.areas(),
            "birth_year": years,
            "age_band": bands.fill_null(columns.bands_of(years)),
            "attributes": columns.attributes(),
        },
        schema=SCHEMA,
    )
    return people if columns.clean().all() else people.filter(columns.clean())


class _Columns:
    """The columns below the headings. `texts`: of each field, and of each further column under its heading, without the blanks
    around them, "" where there is none. A method that takes a column leaves out, by `clean`, the rows it does not take."""

    def __init__(self, block: Block, found: OpenList, spec: ResidentSpec) -> None:
        self._block = block
        self._found = found
        self._spec = spec
        places = dict(found.headings.columns)
        texts = {name: pl.col(str(at)) for name, at in places.items()}
        further = {_further(heading): pl.col(str(at)) for heading, at in found.further.items()}
        absent = {name: pl.lit("") for name in spec.columns if name not in places}
        self.texts = (
            block.cells.lazy()
            .select(**texts, **further, **absent)
            .with_columns(
                plain_mobiles(pl.col("number"), spec.plan).alias(_PLAIN_NUMBER),
                pl.col("name").str.contains(_NAME).alias(_PLAIN_NAME),
                pl.all_horizontal(pl.col(*texts, *further) != NO_VALUE).alias(_CLEAN),
            )
            .collect()
        )
        self._clean = self.texts[_CLEAN]
        wide = pl.Series(list(block.wide), dtype=pl.Int64)
        if len(wide):
            self._leave_out(block.numbers.is_in(wide.implode()))
        for name in ("landline", "second_mobile"):
            self._leave_out(self.texts[name] != "")

    def clean(self) -> pl.Series:
        """Which rows every method so far has taken."""
        return self._clean

    def names(self) -> pl.Series:
        texts = self.texts["name"]
        self._leave_out(texts.str.len_chars() > self._policy("name").max_length)
        plain = self.texts[_PLAIN_NAME]
        if plain.all():
            return texts
        others = self._each_once(texts.filter(~plain), "name")
        return self._all_known(
            texts.zip_with(plain, texts.replace_strict(others, default=None, return_dtype=pl.String))
        )

    def numbers(self) -> pl.Series:
        self._leave_out(self.texts["number"].str.len_chars() > self._policy("number").max_length)
        return self._all_known(self.texts[_PLAIN_NUMBER])

    def areas(self) -> pl.Series:
        """Codes; each township and village that stand together are looked up once."""
        pairs = self.texts.select("township", "village")
        known = pairs.unique()
        codes = [self._area(township, village) for township, village in known.iter_rows()]
        return self._all_known(_looked_up(pairs, known, codes))

    def parsed(self, name: str) -> pl.Series:
        """The values of a field that may be left out, each text parsed once; null where it is."""
        texts = self.texts[name]
        parsed = texts.replace_strict(self._each_once(texts, name), default=None, return_dtype=SCHEMA[name])
        self._leave_out((texts != "") & parsed.is_null())
        return parsed

    def bands_of(self, years: pl.Series) -> pl.Series:
        """The code of the age band that each year of birth means today."""
        bands = {year: age_code(self._spec.today.year - year) for year in years.drop_nulls().unique()}
        return years.replace_strict(bands, default=None, return_dtype=pl.String)

    def attributes(self) -> pl.Series:
        """Of the further columns that are kept, as JSON; texts that stand together are looked at once."""
        headings = list(self._found.further)
        if not headings:
            return pl.repeat(_NO_ATTRIBUTES, len(self._block.numbers), eager=True)
        table = self.texts.select(map(_further, headings))
        known = table.unique()
        written = [self._attributes(dict(zip(headings, texts, strict=True))) for texts in known.iter_rows()]
        return self._all_known(_looked_up(table, known, written))

    def _attributes(self, texts: Mapping[str, str]) -> str | None:
        most = list_policy().limits.max_attribute
        try:
            if any(len(text) > most for text in texts.values()):
                return None
            return _as_json({heading: words(text) for heading, text in texts.items() if text})
        except FieldRefused:
            return None

    def _area(self, township: str, village: str) -> str | None:
        longest = {name: self._policy(name).max_length for name in ("township", "village")}
        if not township or len(township) > longest["township"] or len(village) > longest["village"]:
            return None
        try:
            return self._spec.area(township, village)
        except FieldRefused:
            return None

    def _policy(self, name: str) -> Column:
        return self._spec.columns[name]

    def _each_once(self, texts: pl.Series, name: str) -> dict[str, object]:
        """{text: value} of every text of a field that can be taken."""
        longest = self._policy(name).max_length
        short = [text for text in texts.unique().to_list() if 0 < len(text) <= longest]
        return dict(_taken(short, self._spec.parsers[name]))

    def _leave_out(self, which: pl.Series) -> None:
        self._clean = self._clean & ~which

    def _all_known(self, values: pl.Series) -> pl.Series:
        self._leave_out(values.is_null())
        return values


def _further(heading: str) -> str:
    """The name of a further column among our fields, where its heading could be one of them."""
    return f"further {heading}"


def _looked_up(table: pl.DataFrame, known: pl.DataFrame, values: Sequence[str | None]) -> pl.Series:
    """The value of each row of `table`, where `known` has its different rows."""
    found = known.with_columns(pl.Series(_VALUE, values, pl.String))
    return table.join(found, on=table.columns, how="left", maintain_order="left")[_VALUE]


def _taken(texts: Sequence[str], parse: Callable[[str], object]) -> Iterator[tuple[str, object]]:
    for text in texts:
        try:
            yield text, parse(text)
        except FieldRefused:
            continue


def plain_mobiles(texts: pl.Expr, plan: NumberPlan) -> pl.Expr:
    """What `to_dial` makes of a whole column of texts, for the plain mobiles among them: eleven digits, blanks and hyphens
    anywhere, with +86, 0086 or 86 in front. Null for whatever else there is."""
    e164 = FICTIONAL if plan == "fictional" else PLAIN_MOBILE
    national = e164.pattern.removeprefix(r"\+86")
    return "+86" + texts.str.replace_all("[ -]", "").str.extract(rf"^(?:(?:\+|00)?86)?({national})$")
