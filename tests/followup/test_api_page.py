"""docs/api.md says what the operations, scopes and webhook types are."""

from __future__ import annotations

import re
from pathlib import Path

from followup.api.document import document
from followup.api.keys import NOT_OF_UNITS, ONLY_OF_UNITS
from followup.api.scopes import Scope
from followup.api.table import OPERATIONS
from followup.webhooks.policy import webhook_policy

PAGE = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text("utf-8")


def test_the_table_is_that_of_the_operations() -> None:
    paths = document(OPERATIONS)["paths"]
    rows = [
        f"| `{one.method} {one.path}` | `{one.scope}` | {one.zh} {one.en} |"
        f" {' '.join(sorted(paths[one.path][one.method.lower()]['responses']))} |"
        for one in OPERATIONS
    ]
    assert re.findall(r"^\| `(?:GET|POST) .*$", PAGE, re.M) == rows


def test_every_scope_stands_there_with_whose_it_is() -> None:
    found = dict(re.findall(r"^\| `([a-z]+:[a-z]+)` \| ([a-z, ]+) \|", PAGE, re.M))
    whose = {
        scope.value: "unit"
        if scope in ONLY_OF_UNITS
        else "centre"
        if scope in NOT_OF_UNITS
        else "centre, unit"
        for scope in Scope
    }
    assert found == whose


def test_every_type_of_event_stands_there() -> None:
    types = PAGE.split("Types: ", 1)[1].split("A delivery", 1)[0]
    assert tuple(re.findall(r"`([a-z]+\.[a-z]+)`", types)) == webhook_policy().every_type
