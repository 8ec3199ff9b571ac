"""Whole dialogues as heard, read and shown. `python -m survey.dialogue.script --golden` rewrites them."""

import re
from itertools import product
from pathlib import Path

import pytest

from survey.dialogue.script import Script, main, play, read_script
from survey.questionnaire import library, shipped
from survey.questionnaire.wording import MODES

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


def scripts() -> dict[str, Script]:
    return {file.stem: read_script(file.read_text("utf-8")) for file in GOLDEN}


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_dialogue_plays_as_it_was_agreed(file: Path) -> None:
    agreed = file.read_text("utf-8")
    assert play(read_script(agreed)) == agreed


def test_every_shipped_instrument_is_played_in_every_mode_and_language() -> None:
    played = {(script.code, script.mode, script.lang) for script in scripts().values()}
    assert played == {
        (code, mode, lang)
        for code, mode in product(shipped(), MODES)
        for lang in library(code).spoken_languages
    }


def test_the_list_of_dialogues_reads_by_instrument_mode_and_what_happens() -> None:
    for name, script in scripts().items():
        assert name.startswith(f"{script.code}_{script.mode}_")
        assert name.endswith("_en") == (script.lang == "en")


DOUBLED = re.compile(r"[。,、;?!.,;?!][。,、;.,;]")


def test_no_sentence_ends_twice() -> None:
    shown = (line for file in GOLDEN for line in file.read_text("utf-8").splitlines())
    assert [line for line in shown if line.startswith("  ") and DOUBLED.search(line)] == []


HEADER = "# perception voice zh seed=1 centre=遂澜 frame=list"


def test_the_command_says_what_changed_and_writes_only_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "short.txt"
    file.write_text(f"{HEADER}\n> hangup\n", "utf-8")
    assert main([str(file)]) == 1
    assert "= broken_off, unknown_eligibility" in capsys.readouterr().out
    assert file.read_text("utf-8") == f"{HEADER}\n> hangup\n"
    assert main([str(file), "--golden"]) == 0
    assert main([str(file)]) == 0


def test_a_script_goes_on_in_another_mode_and_language() -> None:
    played = play(
        read_script(f"{HEADER}\n> digits:1\n> continue:text lang=en signature=遂澜民调中心\n> text:fairly\n")
    )
    assert (
        "\n> continue:text lang=en signature=遂澜民调中心\n[opened, open]\n  【遂澜民调中心】Where we"
        in played
    )
    assert played.endswith("= open, no disposition yet\n= S1: 1 是\n= Q1: 2 比较安全\n")


def test_facts_of_several_words_stand_in_quotation_marks() -> None:
    script = read_script('# callback text en case_short=7 result="mended on 6 March"')
    assert script.first.facts == {"case_short": "7", "result": "mended on 6 March"}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "line 1: ''; write `# perception voice zh"),
        ("perception voice zh", "write `# perception voice zh"),
        ("# perception fax zh seed=1", "line 1: no mode 'fax'; write one of voice, text, web, operator"),
        (f"{HEADER}\n> continue:fax", "line 2: no mode 'fax'"),
        (f"{HEADER}\n> continue:", "line 2: no mode ''"),
        (f"{HEADER}\n> shout:1", "no input 'shout'"),
        (f"{HEADER}\n> web:Q1=1", "write a page as JSON"),
        (f"{HEADER}\n> web:[1]", "no JSON object"),
    ],
)
def test_a_script_that_cannot_be_read_says_why(body: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_script(body)
