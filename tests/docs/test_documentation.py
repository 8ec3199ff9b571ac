"""The documentation says nothing that is not there: files, names, commands, settings, policies."""

from __future__ import annotations

import importlib
import re
import xml.etree.ElementTree as ET
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import yaml
from reading_docs import (
    CODE,
    READMES,
    ROOT,
    anchors,
    command_lines,
    files_named,
    links,
    name_of,
    pages,
    prose_of,
    text_of,
    things_named,
)

from survey.settings import Settings
from workers import cli

each_page = pytest.mark.parametrize("page", pages(), ids=name_of)


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page

        assert target.exists(), link
        assert not heading or heading in anchors(target), link


@each_page
def test_every_file_named_exists(page: Path) -> None:
    missing = [name for name in files_named(page) if not any(ROOT.glob(name)) and not (ROOT / name).exists()]

    assert missing == []


@each_page
def test_everything_named_in_the_code_is_there(page: Path) -> None:
    tables = set(
        re.findall(
            r"CREATE (?:TABLE|VIEW) (\S+)",
            "".join(f.read_text() for f in ROOT.glob("*/store/migrations/*.sql")),
        )
    )

    missing = [name for name in things_named(page) if name not in tables and not is_there(name)]

    assert missing == []


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or what stands in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            if not hasattr(thing, attribute):
                return False
            thing = getattr(thing, attribute)
        return True
    return False


@each_page
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    for line in command_lines(page):
        words = line.split()[1:]
        verbs: list[str] = []
        while words and re.fullmatch(r"[a-z]+", words[0]) and help_of((*verbs, words[0])) is not None:
            verbs.append(words.pop(0))
        shown = help_of(tuple(verbs))
        unknown = [
            word for word in words if word.startswith("--") and word.split("=")[0] not in (shown or "")
        ]

        assert shown is not None, line
        assert not words or not re.fullmatch(r"[a-z]+", words[0]) or takes_arguments(shown), line
        assert unknown == [], line


def takes_arguments(shown: str) -> bool:
    return "COMMAND [ARGS]" not in shown


@cache
def help_of(words: tuple[str, ...]) -> str | None:
    """What `minyi WORDS --help` prints; None when that is refused."""
    patch = pytest.MonkeyPatch()
    patch.setattr("sys.argv", ["minyi", *words, "--help"])
    patch.setenv("COLUMNS", "200")
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            cli.main()
    except SystemExit as end:
        return printed.getvalue() if not end.code else None
    finally:
        patch.undo()
    return printed.getvalue()


def test_commands_that_do_not_exist_would_be_found() -> None:
    assert help_of(("case", "confirm")) is not None
    assert help_of(("case", "burn")) is None
    assert help_of(("nonsense",)) is None


@each_page
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))

    assert set(re.findall(r"`make ([a-z]+)", prose_of(page))) <= targets


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The table below a heading: its rows as cells, without the heading row."""
    section = text_of(ROOT / page).split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines[2:]]


def test_operations_lists_every_setting_and_no_other() -> None:
    listed = [CODE.findall(row[0])[0] for row in rows_of("docs/operations.md", "Settings")]

    assert listed == list(Settings.model_fields)


def test_operations_gives_the_defaults_of_plain_settings() -> None:
    told = {
        CODE.findall(row[0])[0]: CODE.findall(row[1]) for row in rows_of("docs/operations.md", "Settings")
    }

    for name, field in Settings.model_fields.items():
        if isinstance(field.default, str | int | float | Path) and field.default != "":
            assert told[name] == [str(field.default)], name


def test_operations_explains_every_field_of_the_summary() -> None:
    source = (ROOT / "workers/demo_output/summary.py").read_text()
    fields = set(re.findall(r'^            "(\w+)":', source, re.M))
    explained = set(CODE.findall(text_of(ROOT / "docs/operations.md").split("## summary.json", 1)[1]))

    assert len(fields) > 40
    assert fields - explained == set()


def test_policies_names_every_policy_file_with_its_key() -> None:
    page = text_of(ROOT / "docs/policies.md")
    for package in ("survey", "followup", "workers"):
        for file in sorted((ROOT / package).rglob("*.yaml")):
            name = name_of(file)
            key = yaml.safe_load(file.read_text(encoding="utf-8")).get("key")
            row = next((line for line in page.splitlines() if f"`{name}`" in line), None)

            assert row is not None, name
            assert key is None or f"| `{key}` |" in row, name


def test_the_map_names_every_script() -> None:
    scripts = {name_of(file) for file in (ROOT / "scripts").glob("[a-z]*.py")}

    assert scripts - files_named(ROOT / "docs/map.md") == set()


def test_both_readmes_tell_the_same() -> None:
    english, chinese = ({*files_named(page)} for page in READMES)
    commands = [sorted({line.split(" --")[0] for line in command_lines(page)}) for page in READMES]

    assert english - chinese == set() == chinese - english
    assert commands[0] == commands[1]
    assert set(links(READMES[0])) - {"README.zh.md"} == set(links(READMES[1])) - {"README.md"}


@pytest.mark.parametrize("page", READMES, ids=name_of)
def test_a_readme_begins_with_the_two_commands_and_the_picture(page: Path) -> None:
    text = text_of(page)

    assert text.index("docs/loop.svg") < text.index("\nmake demo\n") < text.index("\nmake test\n")


def test_the_picture_is_self_contained_and_speaks_both_languages() -> None:
    picture = (ROOT / "docs/loop.svg").read_text(encoding="utf-8")
    words = "".join(ET.fromstring(picture).itertext())

    assert "回访" in words and "callback" in words
    assert "href" not in picture and "<script" not in picture


def test_decisions_are_numbered_listed_and_whole() -> None:
    folder = ROOT / "docs/decisions"
    files = sorted(folder.glob("[0-9]*.md"))
    listed = links(folder / "README.md")

    assert [file.name for file in files] == listed
    for number, file in enumerate(files, 1):
        text = text_of(file)
        assert text.startswith(f"# {number:04} ") and file.name.startswith(f"{number:04}-")
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"], file.name


def test_the_changelog_begins_with_the_version_that_is_built() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)

    assert version is not None
    assert re.findall(r"^## \[(.+?)\]", text_of(ROOT / "CHANGELOG.md"), re.M)[0] == version[1]
