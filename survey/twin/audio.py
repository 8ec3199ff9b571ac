"""Sound files: how long one of ours lasts, and a tone that stands for what a resident said."""

import io
import math
import struct
import wave
from functools import cache

# What Twilio's <Play> takes.
PLAYABLE = frozenset(
    {
        "audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff", "audio/x-aifc", "audio/x-aiff",
        "audio/x-gsm", "audio/gsm", "audio/ulaw",
    }
)  # fmt: skip
WAV = "audio/x-wav"
_RATE, _PITCH_HZ, _MIDDLE, _LOUDNESS = 8000, 440, 128, 60
_CHUNK = struct.Struct("<4sI")
_BYTE_RATE_AT = 8


def wav_seconds(body: bytes) -> float | None:
    """How long a WAV file of any encoding lasts, by its header; None when it is none."""
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        return None
    byte_rate, at = 0, 12
    while at + _CHUNK.size <= len(body):
        name, size = _CHUNK.unpack_from(body, at)
        at += _CHUNK.size
        if name == b"fmt " and at + 16 <= len(body):
            (byte_rate,) = struct.unpack_from("<I", body, at + _BYTE_RATE_AT)
        if name == b"data":
            return min(size, len(body) - at) / byte_rate if byte_rate else None
        at += size + size % 2  # chunks begin at even places
    return None


def tone(seconds: int) -> bytes:
    """A WAV file (8000 Hz, 8 bit, mono) of so many seconds of one note."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        file.writeframes(_one_second() * seconds)
    return out.getvalue()


@cache
def _one_second() -> bytes:
    """Whole periods of the note, so that seconds join without a click."""
    turn = 2 * math.pi * _PITCH_HZ / _RATE
    return bytes(_MIDDLE + round(_LOUDNESS * math.sin(turn * n)) for n in range(_RATE))
