"""All pictures on one page, by role, with what is wrong beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from scripts.pages.walking import Picture


def write_sheet(folder: Path, pictures: Sequence[Picture], loose: Sequence[str]) -> Path:
    """Writes index.html into the folder of the pictures. `loose`: pages that nobody comes to, as sentences."""
    environment = Environment(
        loader=PackageLoader("scripts.pages", "."), autoescape=True, undefined=StrictUndefined
    )
    by_role = [(role, list(shown)) for role, shown in groupby(pictures, key=lambda one: one.role)]
    text = environment.get_template("contact_sheet.html").render(
        pictures=pictures,
        by_role=by_role,
        pages=len({one.route for one in pictures}),
        faulty=sum(bool(one.faults) for one in pictures),
        loose=loose,
    )
    path = folder / "index.html"
    path.write_text(text, encoding="utf-8")
    return path
