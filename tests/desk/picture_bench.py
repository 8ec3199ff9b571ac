"""Pictures as cameras write them: with where, when and by which device they were taken."""

from __future__ import annotations

import random
import struct
from zlib import compress, crc32

SECRET = b"GPS 34.7N 113.6E 2026-03-09 SN154000"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc32(name + body))


def png(width: int = 4, height: int = 3, *, noise: bool = False) -> bytes:
    """A real PNG; `noise`: one that cannot be packed small."""
    chance = random.Random(7)
    row = chance.randbytes if noise else bytes
    lines = b"".join(b"\x00" + row(3 * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Comment\x00" + SECRET) + chunk(b"eXIf", SECRET)
        + chunk(b"IDAT", compress(lines, 1)) + chunk(b"IEND", b"") + SECRET
    )  # fmt: skip


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 640, height: int = 480) -> bytes:
    """The skeleton of a progressive JPEG: two scans, something of the device between them, and more behind the end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\x01\x01\x00\x00\x3f\x00"
    return b"".join((
        b"\xff\xd8", segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), segment(0xE1, b"Exif\x00\x00" + SECRET),
        segment(0xFE, SECRET), segment(0xDB, bytes(65)), segment(0xC2, frame), segment(0xC4, bytes(20)),
        segment(0xDA, scan), b"\x12\xff\x00\x34\xff\xd0\x56", segment(0xE2, SECRET), b"\xff", segment(0xDA, scan), b"\x78",
        b"\xff\xd9", SECRET,
    ))  # fmt: skip
