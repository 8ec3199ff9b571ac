"""The heading line of a list: which column is which field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.sampling.list_policy import Column
from survey.sampling.random_digit_list import BLOCK
from survey.sampling.refusals import ListError

_HINT = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】")
_MARKS = re.compile(r"[\s_*:()\[\]【】\-、/\"'“”\ufeff\u200b]+")


@dataclass(frozen=True, slots=True)
class Headings:
    """`columns`: field -> position from 0. `ignored`: positions of columns that are not kept."""

    texts: tuple[str, ...]
    columns: Mapping[str, int]
    ignored: tuple[int, ...]

    def heading(self, field: str) -> str:
        """The heading as the file has it; the field's own name where the file has no such column."""
        return self.texts[self.columns[field]] if field in self.columns else field


def plain(heading: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", heading).lower())


def _without_hints(heading: str) -> str:
    """电话(必填) -> 电话"""
    return plain(_HINT.sub("", unicodedata.normalize("NFKC", heading)))


def _meanings(fields: Mapping[str, Column], mapping: Mapping[str, str]) -> dict[str, str]:
    """{heading as compared: field}; a mapping given for this file stands above what is known, and takes its field whole."""
    told = {plain(heading): field for heading, field in mapping.items()}
    known = {plain(word): field for field, column in fields.items() for word in column.headings}
    return {word: field for word, field in known.items() if field not in told.values()} | told


def has_headings(cells: Sequence[str], fields: Mapping[str, Column], mapping: Mapping[str, str]) -> bool:
    """Whether a line names every field that must be there."""
    meanings = _meanings(fields, mapping)
    named = {meanings.get(plain(text)) or meanings.get(_without_hints(text)) for text in cells}
    return all(name in named for name, column in fields.items() if column.required)


def further_columns(headings: Headings, keep: Sequence[str], file_name: str) -> dict[str, int]:
    """{heading: position} of further columns that are to be kept; that of random numbers always is. Raises ListError for one that
    is not there."""
    at = {plain(headings.texts[i]): i for i in headings.ignored if headings.texts[i]}
    if BLOCK in at and BLOCK not in map(plain, keep):
        keep = [*keep, BLOCK]
    lacking = [heading for heading in keep if plain(heading) not in at]
    if lacking:
        others = ", ".join(f'"{headings.texts[i]}"' for i in at.values()) or "none"
        named = ", ".join(f'"{heading}"' for heading in lacking)
        raise ListError(
            file_name, f"there is no further column {named}; there are: {others}", "Correct --keep"
        )
    return {headings.texts[at[plain(heading)]]: at[plain(heading)] for heading in keep}


def read_headings(
    cells: Sequence[str],
    fields: Mapping[str, Column],
    file_name: str,
    encoding: str,
    mapping: Mapping[str, str] | None = None,
) -> Headings:
    """`mapping`: heading -> field, for this file. Raises ListError for headings that are double, missing, mean the same
    field twice, or are mapped to no field of ours."""
    texts = tuple(cell.strip() for cell in cells)
    _refuse_doubles(texts, file_name)
    _refuse_mapping(texts, mapping or {}, fields, file_name)
    meanings = _meanings(fields, mapping or {})
    columns: dict[str, int] = {}
    ignored: list[int] = []
    for position, text in enumerate(texts):
        field = meanings.get(plain(text)) or meanings.get(_without_hints(text))
        if field is None:
            ignored.append(position)
        elif field in columns:
            raise _same_field_twice(texts, columns[field], position, field, file_name)
        else:
            columns[field] = position
    _refuse_missing(texts, columns, fields, file_name, encoding)
    return Headings(texts, columns, tuple(ignored))


def _refuse_mapping(
    texts: Sequence[str], mapping: Mapping[str, str], fields: Mapping[str, Column], file_name: str
) -> None:
    for heading, field in mapping.items():
        if field not in fields:
            raise ListError(file_name, f"--map names the field {field!r}", f"Use one of: {', '.join(fields)}")
        if plain(heading) not in {plain(text) for text in texts}:
            found = ", ".join(f'"{text}"' for text in texts if text) or "none"
            raise ListError(
                file_name, f'--map names the heading "{heading}"; found: {found}', "Correct --map"
            )


def _refuse_doubles(texts: Sequence[str], file_name: str) -> None:
    seen: dict[str, int] = {}
    for position, text in enumerate(texts):
        if text and plain(text) in seen:
            raise ListError(
                file_name,
                f'the heading "{text}" stands over columns {seen[plain(text)] + 1} and {position + 1}',
                "Rename or delete one of them",
            )
        seen[plain(text)] = position


def _same_field_twice(texts: Sequence[str], first: int, second: int, field: str, file_name: str) -> ListError:
    return ListError(
        file_name,
        f'columns {first + 1} "{texts[first]}" and {second + 1} "{texts[second]}" both mean {field}',
        "Rename or delete one of them",
    )


def _refuse_missing(
    texts: Sequence[str],
    columns: Mapping[str, int],
    fields: Mapping[str, Column],
    file_name: str,
    encoding: str,
) -> None:
    missing = [name for name, column in fields.items() if column.required and name not in columns]
    if not missing:
        return
    wanted = ", ".join(f'{name} ("{fields[name].headings[0]}")' for name in missing)
    found = ", ".join(f'"{text}"' for text in texts if text) or "none"
    noun = "column" if len(missing) == 1 else "columns"
    raise ListError(
        file_name,
        f"the first line, read as {encoding}, has no heading for the {noun} {wanted}; found: {found}",
        "Put the headings into the first line, one for each column, or name them with --map 手机=number",
    )
