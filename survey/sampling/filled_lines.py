"""A file as its filled lines, the first of which holds the headings: CSV, or the first sheet of a workbook."""

from survey.sampling.csv_lines import Line, csv_lines, separator_of
from survey.sampling.encodings import decode
from survey.sampling.refusals import ListError
from survey.sampling.workbook_lines import is_workbook, sheets


def filled_lines(data: bytes, file_name: str) -> list[Line]:
    """Two or more: CSV in UTF-8, UTF-16 or GB18030, or XLSX. Raises ListError where there is no row below the headings."""
    filled = [line for line in _lines(data, file_name) if not line.blank]
    if len(filled) < 2:
        raise ListError(file_name, "there is no row below the headings", "Check that the file has rows")
    return filled


def _lines(data: bytes, file_name: str) -> list[Line]:
    if is_workbook(data):
        found = sheets(data, file_name)
        return list(found[0].lines) if found else []
    text, _ = decode(data, file_name)
    return list(csv_lines(text, separator_of(text), file_name))


def too_long(line: Line, headings: int, file_name: str) -> ListError:
    """What is to be raised for a line with more cells than there are headings."""
    return ListError(
        file_name,
        f"line {line.number} has {len(line.cells)} cells, and there are {headings} headings",
        "Take out the separator that is too many, or put the cell into quotes",
    )
