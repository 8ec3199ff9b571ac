"""The page about notices says what the policy says, and the policy has every template that the code names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from followup.notice_templates import notice_policy
from followup.notices_page import PAGE, with_table

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_that_of_the_policy() -> None:
    """`make reference` writes it anew."""
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page


def test_every_template_that_the_code_names_is_in_the_policy() -> None:
    named = {name for file in (ROOT / "followup").glob("*.py") for name in templates_named(file)}
    assert len(named) > 10
    assert named - set(notice_policy().templates) == set()


def templates_named(file: Path) -> Iterator[str]:
    """Constants given as the template of a NewNotice, or to a verb of `telling`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "NewNotice":
            given = [word.value for word in node.keywords if word.arg == "template"] or node.args[2:3]
        elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func) in VERBS:
            given = node.args[-1:]
        else:
            continue
        yield from (
            one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


VERBS = {f"telling.{verb}" for verb in ("unit", "office", "post", "resident")}
