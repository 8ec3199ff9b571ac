"""Which sound files are taken for voice prompts, and what is said of the others."""

import io
import math
import struct
import wave

import pytest

from survey.sounds import Sound, SoundRefused, read_sound


def wav(seconds: float = 1.0, *, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    """A note of 440 Hz."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        for n in range(round(seconds * rate)):
            value = int(100 * math.sin(2 * math.pi * 440 * n / rate))
            file.writeframesraw(struct.pack("<i", value)[:width] * channels)
    return out.getvalue()


def mp3(frames: int, header: str, size: int) -> bytes:
    """Frames of silence, as an encoder writes them."""
    frame = bytes.fromhex(header)
    return (frame + bytes(size - len(frame))) * frames


MPEG_1 = ("fffb90c4", 417)
"""44100 Hz, 128 kbit/s, 26 ms a frame."""
MPEG_2 = ("fff348c4", 144)
"""16000 Hz, 32 kbit/s, 36 ms a frame."""
MPEG_25 = ("ffe328c4", 144)
"""8000 Hz, 16 kbit/s, 72 ms a frame."""
ID3 = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)


@pytest.mark.parametrize("made", [{}, {"rate": 16000}, {"rate": 44100}, {"width": 1}, {"seconds": 59.9}])
def test_wav_files_that_a_telephone_can_play(made: dict[str, int]) -> None:
    assert read_sound(wav(**made), "Q1.wav") == Sound("audio/wav", made.get("seconds", 1.0))


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        (mp3(100, *MPEG_1), 100 * 1152 / 44100),
        (mp3(20, *MPEG_2), 20 * 576 / 16000),
        (mp3(20, *MPEG_25), 20 * 576 / 8000),
        (ID3 + mp3(20, *MPEG_2) + b"TAG" + bytes(125), 20 * 576 / 16000),
    ],
)
def test_mp3_files_and_how_long_they_last(data: bytes, seconds: float) -> None:
    found = read_sound(data, "Q1.mp3")
    assert found.media_type == "audio/mpeg" and found.seconds == pytest.approx(seconds)


def test_it_counts_what_is_in_the_file_and_not_what_it_is_called() -> None:
    assert read_sound(wav(), "Q1.mp3").media_type == "audio/wav"
    assert read_sound(mp3(20, *MPEG_2), "Q1.wav").media_type == "audio/mpeg"


AS_PCM = "save it as PCM WAV, mono, 8000 Hz or more, 16 bit, or as MP3"
MU_LAW = b"RIFF\x32\x00\x00\x00WAVEfmt \x12\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00\x00\x00"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (wav(channels=2), "it has 2 channels; save it as mono"),
        (wav(width=3), "its samples have 24 bits; save it with 16 bits"),
        (wav(rate=6000), "it has 6000 samples a second, fewer than 8000; record it with 8000 Hz or more"),
        (wav(61), "it lasts 61.0 s, longer than 60; cut it, or split the sentence in the questionnaire"),
        (wav(0.1), "it lasts 0.10 s, too short to say anything; record it again"),
        (mp3(3, *MPEG_2), "it lasts 0.11 s, too short to say anything; record it again"),
        (wav(2)[:-9000], "its end is missing; copy the file again"),
        (MU_LAW + b"data\x02\x00\x00\x00\xff\xff", f"it cannot be read as WAV (unknown format: 7); {AS_PCM}"),
        (b"RIFF", f"it cannot be read as WAV (it ends too early); {AS_PCM}"),
        (b"RIFF\x04\x00\x00\x00WAVE", f"it cannot be read as WAV (fmt chunk and/or data chunk missing); {AS_PCM}"),
        (b"", f"it is neither WAV nor MP3; {AS_PCM}"),
        (b"\x00\x00\x00\x20ftypM4A ", f"it is neither WAV nor MP3; {AS_PCM}"),
        (b"<html>not here</html>", f"it is neither WAV nor MP3; {AS_PCM}"),
        (ID3, f"it is neither WAV nor MP3; {AS_PCM}"),
        (b"\xff\xfb\x90\xc4", f"it is neither WAV nor MP3; {AS_PCM}"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_file_the_reason_and_the_remedy(data: bytes, told: str) -> None:
    with pytest.raises(SoundRefused) as refused:
        read_sound(data, "Q1 第一题.wav")
    assert str(refused.value) == f"Q1 第一题.wav: {told}"


def test_a_large_file_is_not_even_looked_into() -> None:
    with pytest.raises(SoundRefused, match=r"^Q1.wav: it has more than 2000000 bytes; save it with a lower"):
        read_sound(wav(30, rate=44100), "Q1.wav")


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_no_piece_of_a_file_breaks_anything(cut: int) -> None:
    for whole in (wav(0.5), MU_LAW, ID3 + mp3(20, *MPEG_1)):
        for piece in (whole[:cut], whole[cut:], whole[:cut] + b"\xff" * 40 + whole[cut:]):
            try:
                assert read_sound(piece, "x").seconds > 0
            except SoundRefused:
                continue
