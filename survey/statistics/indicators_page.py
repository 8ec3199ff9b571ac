"""The lists in docs/indicators.md and the JSON Schema of policy `indicators`, made from the policy and its models.

`python -m survey.statistics.indicators_page` writes both.
"""

import sys
from pathlib import Path
from typing import Final

from survey.questionnaire.reference import rewrite, schema, tables
from survey.statistics.indicator_definitions import Composite, Indicators, Mean, Share, shipped_indicators

PAGE: Final = Path("docs/indicators.md")
SCHEMA: Final = Path("docs/indicators.schema.json")
TITLE: Final = "Minyi indicators"
MODELS: Final = (
    ("A share: `kind: share`", Share),
    ("A mean: `kind: mean`", Mean),
    ("A composite: `kind: composite`", Composite),
)


def shipped() -> str:
    """One line for each indicator."""
    lines = [
        "### Those that are shipped",
        "",
        "| Indicator | Version | What it is | Of | Counts |",
        "|---|---|---|---|---|",
    ]
    for one in shipped_indicators().indicators:
        of = "its parts" if isinstance(one, Composite) else f"`{one.of}`; {one.base.en}"
        lines.append(
            f"| `{one.id}` | {one.version} | {one.title.zh} {one.title.en} | {of} | {_counts(one)} |"
        )
    return "\n".join([*lines, ""])


def _counts(one: Share | Mean | Composite) -> str:
    if isinstance(one, Composite):
        return ", ".join(f"{weight:g} {part}" for part, weight in one.parts.items())
    outside = f"; outside: {', '.join(one.outside)}" if one.outside else ""
    if isinstance(one, Share):
        return f"{', '.join(one.codes)} of {', '.join(one.valid)}{outside}"
    return ", ".join(f"{code}: {points:g}" for code, points in one.points.items()) + outside


def body() -> str:
    """What stands between the marks of the page."""
    return f"{shipped()}\n{tables(MODELS)}"


def main() -> int:
    """Write page and schema."""
    SCHEMA.write_text(schema(Indicators, TITLE), "utf-8")
    return 0 if rewrite(PAGE, body()) else 1


if __name__ == "__main__":
    sys.exit(main())
