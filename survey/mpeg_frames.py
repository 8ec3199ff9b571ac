"""How long an MP3 file lasts, frame by frame (ISO/IEC 11172-3 and 13818-3, layer III); nothing of it is decoded."""

from typing import Final, NamedTuple

_MPEG_1, _MPEG_2, _MPEG_25 = 3, 2, 0
_LAYER_3: Final = 1
_KBITS: Final = {
    _MPEG_1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    _MPEG_2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = {
    _MPEG_1: (44100, 48000, 32000),
    _MPEG_2: (22050, 24000, 16000),
    _MPEG_25: (11025, 12000, 8000),
}
_HEADER: Final = 4
_LEAST_FRAMES: Final = 2
"""Fewer may be chance in a file of another kind."""


class _Frame(NamedTuple):
    size: int
    seconds: float


def mpeg_seconds(data: bytes) -> float | None:
    """None: this is no MP3. Tags before and after the sound are no part of it."""
    at = _after_tag(data)
    frames, seconds = 0, 0.0
    while (frame := _frame(data, at)) is not None:
        frames += 1
        seconds += frame.seconds
        at += frame.size
    return seconds if frames >= _LEAST_FRAMES else None


def _after_tag(data: bytes) -> int:
    """Where the sound begins: behind an ID3 tag, whose length has seven bits in each byte."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    a, b, c, d = data[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def _frame(data: bytes, at: int) -> _Frame | None:
    """The frame that begins here; None where none does."""
    header = data[at : at + _HEADER]
    if len(header) < _HEADER or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bits, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version not in _RATES or layer != _LAYER_3 or not 0 < bits < 15 or rate == 3:
        return None
    family = _MPEG_1 if version == _MPEG_1 else _MPEG_2
    samples, hz = (1152 if family == _MPEG_1 else 576), _RATES[version][rate]
    size = samples // 8 * 1000 * _KBITS[family][bits] // hz + padding
    return _Frame(size, samples / hz)
