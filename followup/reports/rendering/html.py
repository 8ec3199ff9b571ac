"""A report as one page that needs nothing else: for reading on a screen and for printing on A4."""

from __future__ import annotations

from followup.reports.document.figures import HasFigures
from followup.reports.document.model import Block, Chart, Funnel, Lines, Row, Sentence, Table
from followup.reports.document.wording import Lang, in_cell, sentence_text, serial_text
from followup.reports.rendering.charts import svg
from followup.reports.rendering.funnels import funnel_svg, legend
from followup.reports.rendering.lines import heading, panel_svg, told
from followup.reports.rendering.printed import Printed, facts, numbered, over, standing, titled
from survey.web.shell import templates_of


def to_html(this: Printed, lang: Lang) -> bytes:
    """UTF-8, self-contained. Everything is escaped but the charts, which escape their own words."""
    page = templates_of("followup.reports").get_template("document.html")
    document = this.document
    return page.render(
        this=this,
        document=document,
        lang=lang,
        other="en" if lang == "zh" else "zh",
        serial=serial_text(document.header, lang),
        standing=standing(this, lang),
        facts=facts(this, lang),
        over=over(this, lang),
        sections=titled(this, lang),
        parts=lambda section: numbered(section.parts, lang, below=True),
        view=lambda block: view(document, block, lang),
    ).encode()


def view(document: HasFigures, block: Block, lang: Lang) -> dict[str, object]:
    """What the template needs of a block."""
    if isinstance(block, Sentence):
        return {"type": "sentence", "text": sentence_text(document, block, lang), "quoted": block.quoted}
    if isinstance(block, Chart):
        return {
            "type": "chart",
            "title": block.title.of(lang),
            "svg": svg(document, block, lang) if block.bars else None,
            "legend": [],
            "empty": block.empty.of(lang),
        }
    if isinstance(block, Funnel):
        return {
            "type": "chart",
            "title": block.title.of(lang),
            "svg": funnel_svg(document, block, lang) if block.dots else None,
            "legend": legend(document, block, lang) if block.dots else [],
            "empty": block.empty.of(lang),
        }
    if isinstance(block, Lines):
        return {
            "type": "lines",
            "title": block.title.of(lang),
            "panels": [
                (
                    heading(document, panel, lang),
                    panel_svg(document, block, panel, lang),
                    told(document, panel, lang),
                )
                for panel in block.panels
            ],
            "empty": block.empty.of(lang),
        }
    return {
        "type": "table",
        "title": block.title.of(lang),
        "heads": [(column.head.zh, column.head.en) for column in block.columns],
        "wide": [column.wide for column in block.columns],
        "rows": [(row.whole, cells(document, block, row, lang)) for row in block.rows],
        "empty": block.empty.of(lang),
    }


def cells(document: HasFigures, table: Table, row: Row, lang: Lang) -> list[tuple[str, bool]]:
    """Each cell as printed, and whether it is a number."""
    found = []
    for cell in row.cells:
        if isinstance(cell, str):
            figure = document.figures[cell]
            found.append((in_cell(figure, lang), figure.words is None))
        else:
            found.append((cell.of(lang) if cell else "", False))
    return found
