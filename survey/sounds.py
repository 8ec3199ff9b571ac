"""A sound file as it is taken in: what it is, how long it lasts, and why it is refused."""

import io
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from survey.audio_policy import audio_policy
from survey.mpeg_frames import mpeg_seconds

MediaType: TypeAlias = Literal["audio/wav", "audio/mpeg"]
ENDINGS: Final[Mapping[str, str]] = {"audio/wav": "wav", "audio/mpeg": "mp3"}

_AS_PCM: Final = "save it as PCM WAV, mono, 8000 Hz or more, 16 bit, or as MP3"


class SoundRefused(ValueError):
    """A file that is not played to residents: which, why, and what to do about it."""

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        super().__init__(f"{file}: {reason}; {remedy}")
        self.file, self.reason, self.remedy = file, reason, remedy


@dataclass(frozen=True, slots=True)
class Sound:
    media_type: MediaType
    seconds: float


def read_sound(data: bytes, file: str) -> Sound:
    """What the bytes are, whatever the file is called. Raises SoundRefused where policy `audio` does not take them."""
    policy = audio_policy()
    if len(data) > policy.largest_bytes:
        raise SoundRefused(
            file,
            f"it has more than {policy.largest_bytes} bytes",
            "save it with a lower sample rate (8000 Hz is enough for a telephone), or shorten the sentence",
        )
    sound = _wav(data, file) if data[:4] == b"RIFF" else _mpeg(data, file)
    if sound.seconds > policy.longest_s:
        why = f"it lasts {sound.seconds:.1f} s, longer than {policy.longest_s:g}"
        raise SoundRefused(file, why, "cut it, or split the sentence in the questionnaire")
    if sound.seconds < policy.shortest_s:
        why = f"it lasts {sound.seconds:.2f} s, too short to say anything"
        raise SoundRefused(file, why, "record it again")
    return sound


def _mpeg(data: bytes, file: str) -> Sound:
    seconds = mpeg_seconds(data)
    if seconds is None:
        raise SoundRefused(file, "it is neither WAV nor MP3", _AS_PCM)
    return Sound("audio/mpeg", seconds)


def _wav(data: bytes, file: str) -> Sound:
    policy = audio_policy()
    try:
        with wave.open(io.BytesIO(data)) as sound:
            shape = sound.getparams()
            body = len(sound.readframes(shape.nframes))
    except (wave.Error, EOFError, ValueError, RuntimeError) as error:
        reason = f"it cannot be read as WAV ({str(error) or 'it ends too early'})"
        raise SoundRefused(file, reason, _AS_PCM) from None
    if shape.nchannels != 1:
        raise SoundRefused(file, f"it has {shape.nchannels} channels", "save it as mono")
    if shape.sampwidth not in policy.sample_bytes:
        raise SoundRefused(file, f"its samples have {8 * shape.sampwidth} bits", "save it with 16 bits")
    if shape.framerate < policy.lowest_rate_hz:
        reason = f"it has {shape.framerate} samples a second, fewer than {policy.lowest_rate_hz}"
        raise SoundRefused(file, reason, f"record it with {policy.lowest_rate_hz} Hz or more")
    if body < shape.nframes * shape.sampwidth:
        raise SoundRefused(file, "its end is missing", "copy the file again")
    return Sound("audio/wav", shape.nframes / shape.framerate)
