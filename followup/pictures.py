"""PURE. A picture that somebody sends, checked and cleaned: JPEG or PNG by what it is, not by what it is called, and without
anything in it but the picture. Cameras write where, when and with which device; none of that is kept.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from followup.refusals import CaseRefusal

PNG: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
SOI, EOI, SOS, APP0, APP14, APP15, COMMENT = 0xD8, 0xD9, 0xDA, 0xE0, 0xEE, 0xEF, 0xFE
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that say how large the picture is."""
MOST_PIXELS: Final = 50_000_000
"""More than any telephone makes; what claims more is made to exhaust whoever opens it."""


class NotAPicture(CaseRefusal):
    """这不是照片(只收JPEG或PNG),或文件已损坏。This is no picture, JPEG or PNG, or it is damaged. Take it again."""


class PictureTooLarge(CaseRefusal):
    """照片太大,最多{most}字节。The picture is larger than {most} bytes. Send a smaller one."""


@dataclass(frozen=True)
class Picture:
    """A cleaned picture. `kind`: its media type; `width`, `height`: in pixels."""

    kind: str
    width: int
    height: int
    data: bytes


def cleaned(data: bytes, *, most: int) -> Picture:
    """The picture in these bytes. Raises PictureTooLarge above `most` bytes, NotAPicture."""
    if len(data) > most:
        raise PictureTooLarge(most=most)
    try:
        if data.startswith(PNG):
            found = _png(data)
        elif data[:2] == bytes((0xFF, SOI)):
            found = _jpeg(data)
        else:
            raise NotAPicture()
    except (IndexError, struct.error):
        raise NotAPicture() from None
    if not 0 < found.width * found.height <= MOST_PIXELS:
        raise NotAPicture()
    return found


def _png(data: bytes) -> Picture:
    at, kept, size = len(PNG), [PNG], (0, 0)
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        (check,) = struct.unpack_from(">I", data, end - 4)
        if crc32(data[at + 4 : end - 4]) != check:
            raise NotAPicture()
        if name == b"IHDR":
            size = struct.unpack_from(">II", data, at + 8)
        if name in PNG_KEPT:
            kept.append(data[at:end])
        if name == b"IEND":  # what comes after it is no part of the picture
            return Picture("image/png", *size, b"".join(kept))
        at = end


def _jpeg(data: bytes) -> Picture:
    at, kept, size, drawn = 2, [data[:2]], (0, 0), False
    while True:
        if data[at] != 0xFF:
            raise NotAPicture()
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == EOI:
            if not drawn:
                raise NotAPicture()
            kept.append(data[at : at + 2])
            return Picture("image/jpeg", *size, b"".join(kept))
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise NotAPicture()
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = (width, height)
        if marker == SOS:
            end, drawn = _scan_end(data, end), True
        if marker in (APP0, APP14) or not (APP0 <= marker <= APP15 or marker == COMMENT):
            kept.append(data[at:end])
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the drawn part that begins here is over: at the next marker that is not part of it. Raises IndexError."""
    while True:
        at = data.find(0xFF, at)
        if at < 0:
            raise IndexError
        if data[at + 1] not in (0x00, *range(0xD0, 0xD8)):
            return at
        at += 2
