"""The examples of docs/rates.md, typed: files as they are shown there, and what is printed, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from analyst_bench import minyi

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rates.md"
BLOCKS = [
    block
    for block in re.findall(r"^```\n(.*?)^```$", PAGE.read_text("utf-8"), re.S | re.M)
    if block.startswith("$ ")
]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.splitlines()[0] for block in BLOCKS])
def test_an_example_prints_what_the_page_shows(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
        typed, _, shown = step.partition("\n")
        if typed.startswith("cat "):
            Path(typed.removeprefix("cat ")).write_text(shown, "utf-8")
            continue
        done = minyi(*typed.split()[1:])
        assert done.exit_code == 0, done.output
        printed = "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())
        assert printed == shown.rstrip(), typed


def test_the_page_has_its_examples() -> None:
    typed = [line for block in BLOCKS for line in block.splitlines() if line.startswith("$ minyi")]
    assert [line.split()[2] for line in typed] == ["rates", "rates", "ranks", "sample", "sample"]
