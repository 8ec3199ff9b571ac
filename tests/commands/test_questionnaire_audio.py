"""`minyi questionnaire audio`: what is missing, the studio's sheet, what comes back, and what a machine speaks."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import asyncpg
import pytest
from commands_bench import Minyi

from survey.dialogue.sentences import voice_sentences
from survey.questionnaire import from_yaml
from survey.twin.audio import tone

LAMPS = """
code: lamps
version: 1
title: {zh: "路灯", en: "Lamps"}
languages: [zh, en]
facts: {voice: [centre]}
voice: {audio: [zh]}
choices:
  lit:
    - {code: "1", label: {zh: "亮", en: "lit"}}
    - {code: "2", label: {zh: "不亮", en: "dark"}}
items:
  - id: lit
    kind: select_one
    choices: lit
    missing: []
    prompt: {zh: "路灯亮不亮?", en: "Are the lamps lit?"}
    audio: {zh: 路灯.wav}
  - id: since
    kind: integer
    relevant: "${lit} = '2'"
    prompt: {zh: "从哪天起${lit}?", en: "Since when are they ${lit}?"}
    audio: {zh: 哪天.wav}
scripts:
  opening: [{say: {zh: "您好,这里是${centre}。", en: "Hello, this is ${centre}."}}]
  closing: [{say: {zh: "再见。", en: "Goodbye."}}]
"""
SENTENCES = voice_sentences(from_yaml(LAMPS, name="lamps.yaml"), "zh", {"centre": "遂澜民调中心"})
ALL, SPOKEN = sum(not one.piped for one in SENTENCES), sum(one.piped for one in SENTENCES)
ASKED = "路灯亮不亮?"
OPENING = "您好,这里是遂澜民调中心。"


@pytest.fixture
def lamps(tmp_path: Path) -> Path:
    """A questionnaire of two questions, in the folder in which the command runs; beside it an empty folder 录音."""
    path = tmp_path / "lamps.yaml"
    path.write_text(LAMPS, encoding="utf-8")
    (tmp_path / "录音").mkdir()
    return path


def lines(shown: str) -> list[str]:
    return [line.rstrip() for line in shown.splitlines()]


CHECKED = """\
  1 缺 missing  scripts.opening: 您好,这里是遂澜民调中心。
  2 录音 recorded 2.0 s  lit: 路灯亮不亮?
  3 缺 missing  lit.options: 亮请按1,不亮请按2。
    代说 spoken  since: 从哪天起${lit}?
  4 缺 missing  since.how: 请按数字键输入,按井号键结束;说不清请按星号键和8。
"""


async def test_each_sentence_is_listed_with_its_places_and_whether_it_is_there(
    minyi: Minyi, county: str, lamps: Path
) -> None:
    (lamps.parent / "录音" / "002.wav").write_bytes(tone(2))
    added = await minyi("questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音")
    assert (added.exit_code, lines(added.stdout)[0]) == (0, "002.wav: 收录 added: 路灯亮不亮?")

    shown = await minyi("questionnaire", "audio", "check", "lamps.yaml")

    assert shown.exit_code == 1
    told = lines(shown.stdout)
    assert told[:5] == lines(CHECKED)
    sums = f"zh: {ALL} 句要录 to be recorded, 缺 {ALL - 1} 句 missing; 另有 {SPOKEN} 句因人而异,"
    assert told[-1].startswith(sums) and len(told) == ALL + SPOKEN + 1


async def test_the_languages_to_be_played_are_checked_or_the_one_that_is_named(
    minyi: Minyi, county: str, lamps: Path
) -> None:
    played = json.loads((await minyi("questionnaire", "audio", "check", "lamps.yaml", "--json")).stdout)
    assert list(played["languages"]) == ["zh"] and played["languages"]["zh"]["played"]

    english = await minyi("questionnaire", "audio", "check", "lamps.yaml", "--lang", "en")
    assert "Are the lamps lit?" in english.stdout
    assert lines(english.stdout)[-1].endswith(
        "until the questionnaire asks for them: voice: {audio: [zh, en]}"
    )

    every = json.loads((await minyi("questionnaire", "audio", "check", "special_poll", "--json")).stdout)
    assert list(every["languages"]) == ["zh", "en"]
    assert every["languages"]["zh"]["sentences"][0] == {
        "number": 1,
        "where": ["scripts.opening"],
        "sentence": "您好,这里是遂澜民调中心社情民意调查中心,想了解夜间噪声的情况。",
        "piped": False,
        "missing": True,
        "source": None,
        "seconds": None,
        "media_type": None,
        "added_by": None,
        "added_at": None,
    }


async def test_to_the_studio_and_back(minyi: Minyi, county: str, lamps: Path) -> None:
    """The sheet goes out; two files come back as MP3 and WAV, one is spoilt, and one that nobody asked for."""
    out = await minyi("questionnaire", "audio", "list", "lamps.yaml", "--lang", "zh", "--export", "单子")
    assert (out.exit_code, out.stdout) == (0, f"单子/manifest.csv: {ALL} 句待录 sentences to record (zh)\n")
    sheet = lamps.parent / "单子"
    written = (sheet / "manifest.csv").read_bytes()
    assert written.startswith("\ufeffnumber,where,file,sentence\r\n".encode())
    first, second, third = written.decode("utf-8-sig").splitlines()[1:4]
    assert first.startswith("1,scripts.opening,001-") and first.endswith(f'.wav,"{OPENING}"')
    assert third.endswith(',"亮请按1,不亮请按2。"')

    names = [line.split(",")[2] for line in (first, second, third)]
    (sheet / names[0]).write_bytes(tone(3))
    (sheet / names[1].replace(".wav", ".MP3")).write_bytes((bytes.fromhex("fff348c4") + bytes(140)) * 30)
    (sheet / names[2]).write_bytes(b"not a sound")
    (sheet / "extra.wav").write_bytes(tone(1))
    back = await minyi(
        "questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "单子", "--by", "录音室"
    )

    as_pcm = "save it as PCM WAV, mono, 8000 Hz or more, 16 bit, or as MP3"
    assert (back.exit_code, back.stderr) == (1, "")
    assert lines(back.stdout) == [
        f"{names[0]}: 收录 added: {OPENING}",
        f"{names[1].replace('.wav', '.MP3')}: 收录 added: {ASKED}",
        "extra.wav: 未收 refused: manifest.csv does not name it; give it a line of its own in manifest.csv, or take it out",
        f"{names[2]}: 未收 refused: it is neither WAV nor MP3; {as_pcm}",
        f"2 个已收 kept, 2 个未收 refused, 还缺 {ALL - 2} 句 still missing (zh)",
    ]
    again = await minyi("questionnaire", "audio", "list", "lamps.yaml", "--lang", "zh", "--export", "再录")
    assert again.stdout == f"再录/manifest.csv: {ALL - 2} 句待录 sentences to record (zh)\n"
    everything = await minyi(
        "questionnaire", "audio", "list", "lamps.yaml", "--lang", "zh", "--export", "全部", "--all"
    )
    assert everything.stdout == f"全部/manifest.csv: {ALL} 句待录 sentences to record (zh)\n"


async def test_files_are_known_by_their_names(
    minyi: Minyi, conn: asyncpg.Connection, county: str, lamps: Path
) -> None:
    folder = lamps.parent / "录音"
    changed = "有人改过"
    files = {
        "路灯.wav": f"收录 added: {ASKED}",
        "001 开场.wav": f"收录 added: {OPENING}",
        "003.wav": "收录 added: 亮请按1,不亮请按2。",
        "哪天.wav": "未收 refused: the words of since are not the same in every call, or no call says them; "
        "leave them to the carrier's voice",
        "002-00000000.wav": "未收 refused: sentence 002 has other words now; "
        "export the list again, and record what has changed",
        "099.wav": "未收 refused: neither the questionnaire nor a number tells which sentence it is; "
        "begin its name with the number of the sentence, or write a manifest.csv",
        f"{changed}.wav": "未收 refused: neither the questionnaire nor a number tells which sentence it is; "
        "begin its name with the number of the sentence, or write a manifest.csv",
    }
    for number, name in enumerate(files, 1):
        (folder / name).write_bytes(tone(number))
    (folder / ".DS_Store").write_bytes(b"left by the system")

    added = await minyi(
        "questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音", "--by", "王芳"
    )

    assert added.exit_code == 1
    assert dict(line.split(": ", 1) for line in lines(added.stdout)[:-1]) == files
    assert await conn.fetch(
        "SELECT sentence, seconds, source, added_by FROM survey.voice_audio ORDER BY seconds"
    ) == [
        (ASKED, 1.0, "recorded", "王芳"),
        (OPENING, 2.0, "recorded", "王芳"),
        ("亮请按1,不亮请按2。", 3.0, "recorded", "王芳"),
    ]


async def test_a_manifest_as_spreadsheet_programs_save_it(minyi: Minyi, county: str, lamps: Path) -> None:
    folder = lamps.parent / "录音"
    (folder / "a.wav").write_bytes(tone(1))
    manifest = f"备注;Sentence ;FILE\n好;{ASKED};a.wav\n;再见。;未录.wav\n;;\n"
    (folder / "manifest.csv").write_bytes(manifest.encode("gb18030"))

    added = await minyi("questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音")

    assert (added.exit_code, lines(added.stdout)[0]) == (0, f"a.wav: 收录 added: {ASKED}")
    (folder / "manifest.csv").write_text("文件,句子\na.wav,再见。\n", encoding="utf-8")
    wrong = await minyi("questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音")
    assert (wrong.exit_code, wrong.stdout) == (3, "")
    assert wrong.stderr == (
        "minyi questionnaire audio add: manifest.csv: its first line is 文件, 句子. "
        "Name two of its columns file and sentence.\n"
    )


async def test_nothing_done_is_told_by_the_exit_code(minyi: Minyi, county: str, lamps: Path) -> None:
    empty = await minyi("questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音")
    assert (empty.exit_code, empty.stdout) == (
        3,
        f"0 个已收 kept, 0 个未收 refused, 还缺 {ALL} 句 still missing (zh)\n",
    )
    await minyi("questionnaire", "audio", "list", "lamps.yaml", "--lang", "zh", "--export", "单子")
    there = await minyi("questionnaire", "audio", "list", "lamps.yaml", "--lang", "zh", "--export", "单子")
    assert (there.exit_code, there.stdout) == (3, "")
    assert "单子/manifest.csv is there already; name another folder" in there.stderr
    both = await minyi("questionnaire", "audio", "list", "special_poll", "--export", "单子")
    assert (both.exit_code, both.stderr) == (
        3,
        "minyi questionnaire audio list: a sheet is for one language: say --lang zh or --lang en\n",
    )


async def test_all_recorded_is_exit_code_zero(minyi: Minyi, county: str, lamps: Path) -> None:
    folder = lamps.parent / "录音"
    for number in range(1, ALL + 1):
        (folder / f"{number}.wav").write_bytes(tone(number))
    await minyi("questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音")

    shown = await minyi("questionnaire", "audio", "check", "lamps.yaml")

    assert shown.exit_code == 0
    assert "缺 missing" not in shown.stdout


async def test_a_questionnaire_that_no_call_asks(minyi: Minyi, county: str, tmp_path: Path) -> None:
    body = "code: web\nversion: 1\ntitle: {zh: 网页}\nitems: [{id: a, kind: text, modes: [web], prompt: {zh: 说?}}]"
    (tmp_path / "web.yaml").write_text(body, encoding="utf-8")
    shown = await minyi("questionnaire", "audio", "check", "web.yaml")
    assert (shown.exit_code, shown.stdout) == (0, "zh: web 不用电话问 is not asked by telephone\n")


async def test_the_machine_speaks_what_nobody_recorded(
    minyi: Minyi, conn: asyncpg.Connection, county: str, lamps: Path
) -> None:
    """With espeak-ng all of it, and no recording is replaced; without it a sentence says how to get it."""
    (lamps.parent / "录音" / "002.wav").write_bytes(tone(2))
    await minyi(
        "questionnaire", "audio", "add", "lamps.yaml", "--lang", "zh", "--from", "录音", "--by", "王芳"
    )

    spoken = await minyi("questionnaire", "audio", "synthesise", "lamps.yaml", "--lang", "zh")

    if importlib.util.find_spec("espeakng_loader") is None:
        assert (spoken.exit_code, spoken.stdout) == (3, "")
        assert spoken.stderr == (
            "minyi questionnaire audio synthesise: 没有语音合成库 espeak-ng。There is no espeak-ng here to speak with. "
            "Install it with `pip install espeakng-loader` (our extra `speech`), or as the system's package espeak-ng.\n"
        )
        return
    assert spoken.exit_code == 0
    assert (
        lines(spoken.stdout)[-1] == f"{ALL - 1} 个已收 kept, 0 个未收 refused, 还缺 0 句 still missing (zh)"
    )
    assert (await minyi("questionnaire", "audio", "check", "lamps.yaml")).exit_code == 0
    assert await conn.fetch(
        "SELECT source, added_by, count(*) AS n FROM survey.voice_audio GROUP BY 1, 2 ORDER BY 1"
    ) == [("recorded", "王芳", 1), ("synthesised", "espeak-ng", ALL - 1)]


async def test_help_speaks_both_languages_and_gives_an_example(minyi: Minyi) -> None:
    for verb in ("check", "list", "add", "synthesise"):
        shown = await minyi("questionnaire", "audio", verb, "--help", COLUMNS="200")
        assert shown.exit_code == 0 and f"例 example:  minyi questionnaire audio {verb}" in shown.stdout
