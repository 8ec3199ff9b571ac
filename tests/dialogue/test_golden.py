"""Whole dialogues as heard, read and shown. `python -m survey.dialogue.script --golden` rewrites them."""

from pathlib import Path

import pytest

from survey.dialogue.script import main, play, read_script

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_dialogue_plays_as_it_was_agreed(file: Path) -> None:
    agreed = file.read_text("utf-8")
    assert play(read_script(agreed)) == agreed


def test_every_instrument_is_played_in_every_mode_and_language() -> None:
    played = {(script.code, script.mode, script.lang) for script in map(_script, GOLDEN)}
    assert played == {
        (code, mode, lang)
        for code in ("perception", "callback")
        for mode in ("voice", "text", "operator")
        for lang in ("zh", "en")
    }


def _script(file: Path):  # type: ignore[no-untyped-def]
    return read_script(file.read_text("utf-8"))


def test_the_command_says_what_changed_and_writes_only_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "short.txt"
    header = "# perception voice zh seed=1 centre=遂澜 frame=list"
    file.write_text(f"{header}\n> hangup\n", "utf-8")
    assert main([str(file)]) == 1
    assert "= broken_off, unknown_eligibility" in capsys.readouterr().out
    assert file.read_text("utf-8") == f"{header}\n> hangup\n"
    assert main([str(file), "--golden"]) == 0
    assert main([str(file)]) == 0


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "write `# perception voice zh"),
        ("perception voice zh", "write `# perception voice zh"),
        ("# perception voice zh seed=1\n> shout:1", "no input 'shout'"),
    ],
)
def test_a_script_that_cannot_be_read_says_why(body: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_script(body)
