"""A file of any kind that XLSForms come in, as a Book."""

from difflib import get_close_matches
from typing import Final

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import FormRefused, refused
from survey.questionnaire.xlsform.limits import MOST_BYTES
from survey.questionnaire.xlsform.plain_text import read_plain
from survey.questionnaire.xlsform.sheets import SURVEY, Book
from survey.questionnaire.xlsform.workbooks import read_xls, read_xlsx

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
_SAVE_ANEW: Final = "save it anew as .xlsx, .csv or .md"
NO_FORM: Final = "not an XLSForm"


def open_book(data: bytes, file: str) -> Book:
    """By content where that is plain (workbooks), else by name. Raises FormRefused and nothing else."""
    if len(data) > MOST_BYTES:
        why = f"it is larger than {MOST_BYTES // 2**20} MiB"
        raise refused("size", Place(file), why, "leave out pictures and empty rows, or split the form")
    try:
        book = _read(data, file)
    except FormRefused:
        raise
    except Exception as error:  # whatever the readers of others stumble over in a broken file
        why = f"the file cannot be read ({type(error).__name__})"
        raise refused(NO_FORM, Place(file), why, _SAVE_ANEW) from error
    if SURVEY not in book.sheets:
        seen = ", ".join(list(book.titles)[:10]) or "none"
        why = f"there is no sheet named survey (sheets: {seen[:200]})"
        like = get_close_matches(SURVEY, [title.lower()[:60] for title in book.titles], 1, 0.75)
        place = next((at for title, at in book.titles.items() if title.lower()[:60] in like), Place(file))
        raise refused(NO_FORM, place, why, "name the sheet with the questions survey")
    return book


def _read(data: bytes, file: str) -> Book:
    if data.startswith(_ZIP):
        return read_xlsx(data, file)
    if data.startswith(_OLE):
        return read_xls(data, file)
    if file.lower().endswith(_WORKBOOKS):
        raise refused(NO_FORM, Place(file), "the file is no workbook, though its name says so", _SAVE_ANEW)
    return read_plain(data, file)
