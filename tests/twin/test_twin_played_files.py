"""<Play>: files are fetched and listened to, and understood where the rehearsal is told what they say."""

import io
import wave

import pytest
from twin_service import SAFETY, File, goodbye, named

from survey.twin.audio import tone, wav_seconds

WANG = "+8615400000083"


def asked(url: str) -> str:
    return (
        f'<Response><Gather numDigits="1" finishOnKey="" timeout="6" actionOnEmptyResult="true" action="/voice/1">'
        f"<Play>{url}</Play></Gather></Response>"
    )


async def a_call(bench, document: str) -> dict:
    bench.plant(WANG, temper="patient", answers=["answered"], opinions={"safety": "比较安全"})
    bench.service.script = lambda path, params: document if path == "/voice/0" else goodbye()
    await bench.call(WANG)
    await bench.clock.run_out()
    return (await bench.ledger())["calls"][-1]


async def test_a_file_whose_words_are_told_is_answered_like_a_voice(bench):
    bench.service.files["/audio/Q1.wav"] = File(tone(20), says=SAFETY)
    entry = await a_call(bench, asked("/audio/Q1.wav"))
    assert entry["said"] == [SAFETY, "谢谢您,再见。"]
    assert entry["played"] == [{"url_path": "/audio/Q1.wav", "seconds": 20.0, "text": SAFETY}]
    assert named(entry["keys"], "digits", "kind", "meant", "prompt") == [("2", "answer", "比较安全", SAFETY)]
    assert int(bench.service.at("/status")[-1]["CallDuration"]) >= 20
    assert (await bench.control("errors")) == {"errors": [], "puzzled": []}


async def test_a_file_whose_words_are_not_told_is_a_voice_that_nobody_understands(bench):
    bench.service.files["/audio/Q1.mp3"] = File(b"ID3 and so on", "audio/mpeg")
    entry = await a_call(bench, asked(f"{bench.service.url}/audio/Q1.mp3"))
    assert entry["played"] == [{"url_path": "/audio/Q1.mp3", "seconds": 3.0, "text": None}]
    assert named(entry["keys"], "digits", "kind") == [("", "silence")]
    assert named((await bench.control("errors"))["puzzled"], "prompt") == [("[/audio/Q1.mp3]",)]


async def test_files_and_voice_are_heard_as_one_prompt(bench):
    question, options = SAFETY.split("?")
    bench.service.files["/audio/Q1.wav"] = File(tone(4), says=question + "?")
    document = asked("/audio/Q1.wav").replace("</Play>", f"</Play><Say>{options}</Say>")
    entry = await a_call(bench, document)
    assert named(entry["keys"], "digits", "prompt") == [("2", SAFETY)]
    assert entry["said"] == [question + "?", options, "谢谢您,再见。"]


async def test_the_hurried_press_in_the_middle_of_a_file(bench):
    bench.service.files["/audio/Q1.wav"] = File(tone(60), says=SAFETY)
    bench.plant(WANG, temper="hurried", answers=["answered"], opinions={"safety": "安全"})
    bench.service.script = lambda path, params: asked("/audio/Q1.wav") if path == "/voice/0" else goodbye()
    await bench.call(WANG)
    await bench.clock.run_out()
    assert 20 <= int(bench.service.at("/status")[-1]["CallDuration"]) <= 55


@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        ("/audio/none.wav", 11200, "/audio/none.wav was answered 404"),
        ("/audio/page.html", 12300, "/audio/page.html is text/html, which is not played"),
        ("/audio/Q1.ogg", 12300, "/audio/Q1.ogg is audio/ogg, which is not played"),
        ("http://127.0.0.1:1/audio/Q1.wav", 11200, "/audio/Q1.wav was answered not at all"),
        ("/audio/Q1.wav#rc=9", 11200, "/audio/Q1.wav cannot be asked for: connection override rc='9' is not"),
    ],
)
async def test_what_cannot_be_played_is_an_error_and_the_call_goes_on(bench, url, code, message):
    bench.service.files["/audio/page.html"] = File(b"<html/>", "text/html")
    bench.service.files["/audio/Q1.ogg"] = File(b"OggS", "audio/ogg")
    entry = await a_call(bench, f"<Response><Play>{url}</Play><Say>再见。</Say></Response>")
    [error] = (await bench.control("errors"))["errors"]
    assert (error["sid"], error["code"]) == (entry["sid"], code) and error["message"].startswith(message)
    assert (entry["status"], entry["said"], entry["played"]) == ("completed", ["再见。"], [])


def mu_law(seconds: int) -> bytes:
    """A telephone's own WAV, which the standard library does not read."""
    sound = b"\xff" * 8000 * seconds
    fmt = b"fmt \x12\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00\x00\x00"
    chunks = fmt + b"LIST\x03\x00\x00\x00abc\x00" + b"data" + len(sound).to_bytes(4, "little") + sound
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WAVE" + chunks


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (tone(7), 7.0),
        (mu_law(3), 3.0),
        (mu_law(3)[:-16000], 1.0),
        (b"ID3", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00abcd", None),
        (b"", None),
    ],
)
def test_the_length_of_a_file_by_its_header(body, seconds):
    assert wav_seconds(body) == seconds


def test_a_tone_is_a_wav_that_the_standard_library_reads():
    with wave.open(io.BytesIO(tone(2))) as file:
        assert (file.getnframes() / file.getframerate(), file.getnchannels()) == (2.0, 1)
        assert len(set(file.readframes(100))) > 10
