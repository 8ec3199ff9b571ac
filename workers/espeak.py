"""A voice where nobody has recorded one: the library espeak-ng through ctypes, from the optional package or the system."""

from __future__ import annotations

import ctypes
import importlib.util
import io
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from math import gcd
from typing import Any, Final

from survey.audio_policy import audio_policy

PACKAGE: Final = "espeakng_loader"
LIBRARY: Final = "espeak-ng"
_INTO_MEMORY: Final = 2  # AUDIO_OUTPUT_SYNCHRONOUS: sound goes to the callback
_OWN_LENGTH: Final = 0  # in pieces of the library's own length
_SAY_SO: Final = 0x8000  # espeakINITIALIZE_DONT_EXIT: without its data it would end the process
_UTF_8: Final = 1
_BY_CHARACTERS: Final = 1
_SPEED: Final = 1
_SAMPLE_BYTES: Final = 2


class NoSpeech(Exception):
    """Nothing can be spoken here; the message says what is missing, and how to get it."""


class Espeak:
    """One voice for the whole process: the library keeps its state in globals."""

    def __init__(self, library: Any, rate: int) -> None:
        self._library = library
        self._rate = rate
        self._sound = bytearray()
        self._callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
            self._take
        )
        library.espeak_SetSynthCallback(self._callback)
        library.espeak_SetParameter(_SPEED, audio_policy().synthesis.words_a_minute, 0)

    def say(self, text: str, lang: str) -> bytes:
        """A WAV file, mono, 16 bit, at the rate of policy `audio`. Raises NoSpeech for a language without a voice."""
        voice = audio_policy().synthesis.voice(lang)
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise NoSpeech(
                f"espeak-ng has no voice {voice!r} for {lang}; name one that it has in policy `audio` "
                "(survey/policies/audio.yaml), or record the sentences"
            )
        self._sound.clear()
        words = text.encode() + b"\0"
        self._library.espeak_Synth(words, len(words), 0, _BY_CHARACTERS, 0, _UTF_8, None, None)
        self._library.espeak_Synchronize()
        return _wav(bytes(self._sound), self._rate, audio_policy().synthesis.rate_hz)

    def _take(self, samples: int | None, count: int, events: int | None) -> int:
        """What the library calls with each piece of sound; 0: go on."""
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, _SAMPLE_BYTES * count)
        return 0


@contextmanager
def open_espeak() -> Iterator[Espeak]:
    """Raises NoSpeech where there is no such library."""
    path, data = _where()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise NoSpeech(
            f"espeak-ng cannot be loaded ({error}); install it anew: pip install --force-reinstall espeakng-loader"
        ) from None
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    rate = library.espeak_Initialize(_INTO_MEMORY, _OWN_LENGTH, data.encode() if data else None, _SAY_SO)
    if rate <= 0:
        raise NoSpeech(
            "espeak-ng finds none of its voices; install it anew: pip install --force-reinstall espeakng-loader"
        )
    try:
        yield Espeak(library, rate)
    finally:
        library.espeak_Terminate()


def _where() -> tuple[str, str | None]:
    """The library and its data: of the optional package first, then of the system, which knows where its data are."""
    if importlib.util.find_spec(PACKAGE) is not None:
        loader: Any = importlib.import_module(PACKAGE)
        return loader.get_library_path(), loader.get_data_path()
    found = find_library(LIBRARY)
    if found is None:
        raise NoSpeech(
            "没有语音合成库 espeak-ng。There is no espeak-ng here to speak with. "
            "Install it with `pip install espeakng-loader` (our extra `speech`), or as the system's package espeak-ng."
        )
    return found, None


def _wav(samples: bytes, rate: int, wanted: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(wanted)
        file.writeframes(_resampled(samples, rate, wanted))
    return out.getvalue()


def _resampled(samples: bytes, rate: int, wanted: int) -> bytes:
    """The same sound with so many samples a second; what the new rate cannot carry is taken out first."""
    if rate == wanted or not samples:
        return samples
    import numpy as np
    from scipy.signal import resample_poly  # a second of loading that no other command needs

    common = gcd(rate, wanted)
    sound = resample_poly(np.frombuffer(samples, "<i2").astype(np.float64), wanted // common, rate // common)
    return bytes(np.clip(np.rint(sound), -32768, 32767).astype("<i2").tobytes())
