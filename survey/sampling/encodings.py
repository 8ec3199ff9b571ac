"""From the bytes of a file to its text: UTF-8, UTF-16 or GB18030, never guessed past a broken byte."""

import codecs

from survey.sampling.csv_lines import has_text
from survey.sampling.refusals import ListError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB18030",
}
_SAVE_AS_WORKBOOK = (
    "Open it in the spreadsheet program and save it as .xlsx without a password, then load that file"
)
_SAVE_AGAIN = 'Save the file again as "CSV UTF-8", whole, and load that'


def decode(data: bytes, file_name: str) -> tuple[str, str]:
    """The text and the name of its encoding. Raises ListError for a file that is empty, broken or no text."""
    _refuse_other_formats(data, file_name)
    codec = _codec(data)
    try:
        text = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as broken:
        raise _undecodable(data, file_name, codec, broken) from None
    if not has_text(text):
        raise ListError(file_name, "the file is empty", "Export the list again and check that it has rows")
    return text, _NAMES[codec]


def _refuse_other_formats(data: bytes, file_name: str) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ListError(
            file_name,
            "this is an old workbook (.xls), or one with a password; neither is read",
            _SAVE_AS_WORKBOOK,
        )
    if data.startswith(b"%PDF"):
        raise ListError(
            file_name,
            "this is a PDF; lists are read from CSV and XLSX",
            "Ask the sender for the table itself",
        )


def _codec(data: bytes) -> str:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return codec
    if b"\x00" in data:
        # separators and line ends have their zero byte first in big-endian text, second in little-endian
        return "utf-16-be" if data[0::2].count(0) > data[1::2].count(0) else "utf-16-le"
    if _decodes(data, "utf-8") or _headings_are_utf8(data):
        return "utf-8"
    return "gb18030" if _valid_bytes(data, "gb18030") >= _valid_bytes(data, "utf-8") else "utf-8"


def _headings_are_utf8(data: bytes) -> bool:
    """Chinese headings in UTF-8 settle it.

    A file of that kind with one broken byte must not be read as GB18030, as it often could be.
    """
    first = data.lstrip().partition(b"\n")[0]
    return not first.isascii() and _decodes(first, "utf-8")


def _decodes(data: bytes, codec: str) -> bool:
    return _valid_bytes(data, codec) == len(data)


def _valid_bytes(data: bytes, codec: str) -> int:
    try:
        data.decode(codec)
    except UnicodeDecodeError as broken:
        return broken.start
    return len(data)


def _undecodable(data: bytes, file_name: str, codec: str, broken: UnicodeDecodeError) -> ListError:
    offset = broken.start
    line = data.count(b"\n", 0, offset) + 1
    what = f"byte {offset} (line {line}) is 0x{data[offset]:02X}, which is not valid {_NAMES[codec]}"
    if codec == "gb18030":
        what += ", nor is the file UTF-8"
    return ListError(file_name, what, _SAVE_AGAIN)
