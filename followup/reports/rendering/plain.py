"""A report for machines: JSON with everything, CSV with its main table."""

from __future__ import annotations

import csv
import io
import json

from followup.reports.document.model import Table
from followup.reports.document.wording import Lang, in_text, sentence_text
from followup.reports.rendering.grid import grid
from followup.reports.rendering.printed import Printed


def to_json(this: Printed, lang: Lang) -> bytes:
    """The document as it is hashed, and beside it how each figure and sentence is printed in both languages. `lang`
    is not asked: a machine gets both."""
    document = this.document
    body = {
        "report": document.header.kind,
        "sha256": this.sha256,
        "superseded_by": this.superseded_by,
        "document": document.model_dump(mode="json"),
        "printed": {
            key: {"zh": in_text(figure, "zh"), "en": in_text(figure, "en")}
            for key, figure in document.figures.items()
        },
        "sentences": [
            {"zh": sentence_text(document, block, "zh"), "en": sentence_text(document, block, "en")}
            for block in document.blocks()
            if block.type == "sentence"
        ],
    }
    return (json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def to_csv(this: Printed, lang: Lang) -> bytes:
    """The main table, with a byte order mark so that a spreadsheet opens the Chinese as it is; rates in percent."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in grid(this.document, _main(this), lang):
        writer.writerow([_inert(cell.value) for cell in line])
    return ("\ufeff" + out.getvalue()).encode()


def _main(this: Printed) -> Table:
    return next(table for table in this.document.tables() if table.key == this.document.main)


def _inert(value: object) -> object:
    """A cell that a spreadsheet would run as a formula is made text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return f"'{value}"
    return value
