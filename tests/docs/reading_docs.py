"""The documentation as text: its files, what they name, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh.md")

FENCE = re.compile(r"^```.*?^```", re.M | re.S)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)
PATH = re.compile(r"(?:survey|followup|workers|scripts|tests|docs|\.ci)/[\w./*-]*")
ROOT_FILE = re.compile(r"[\w.-]+\.(?:md|toml|lock|yml)|Makefile|Dockerfile|LICENSE")
DOTTED = re.compile(r"(?:survey|followup|workers|scripts)(?:\.\w+)+")
OURS_ONLY_HERE = {"minyi.toml"}
"""Files that an installation makes; none stands in the repository."""


@cache
def pages() -> tuple[Path, ...]:
    """Every page of documentation."""
    return tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", text_of(page))


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links(page: Path) -> list[str]:
    """Targets inside the repository, as written: `path`, `path#heading` or `#heading`."""
    return [target for target in LINK.findall(prose_of(page)) if "://" not in target]


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get: lower case, blanks as hyphens, punctuation left out."""
    headings = HEADING.findall(prose_of(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def files_named(page: Path) -> set[str]:
    """Files and folders of the repository that a page names in code style."""
    named = set()
    for code in CODE.findall(prose_of(page)):
        if PATH.fullmatch(code) or (ROOT_FILE.fullmatch(code) and code not in OURS_ONLY_HERE):
            named.add(code)
    return named


def things_named(page: Path) -> set[str]:
    """Modules, functions, classes and constants that a page names with their whole path."""
    return {code for code in CODE.findall(prose_of(page)) if DOTTED.fullmatch(code)}


def command_lines(page: Path) -> Iterator[str]:
    """What a page shows of `minyi`: in code style, or a line of a code block, from `minyi` to its end."""
    codes = CODE.findall(prose_of(page))
    blocks = [line for block in FENCE.findall(text_of(page)) for line in block.splitlines()]
    for shown in [*codes, *blocks]:
        if found := re.search(r"(?:^|\s|/)(minyi(?: .+)?)$", shown):
            yield found[1]
