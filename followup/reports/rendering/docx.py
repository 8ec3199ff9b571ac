"""A report as a Word document in the form of Chinese offices. Written part by part: the same document gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Final
from xml.sax.saxutils import escape

from followup.reports.document.model import Block, Chart, Funnel, Lines, Sentence
from followup.reports.document.wording import Lang, sentence_text, serial_text
from followup.reports.rendering.docx_blocks import chart, funnel, lines, paragraph, plain_table, table
from followup.reports.rendering.docx_styles import PAGE, W, font_table, footer, styles
from followup.reports.rendering.printed import ON_ONE_PAGE, Printed, facts, numbered, over, standing, titled
from followup.reports.rendering.zips import zipped

XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
WORD_2010: Final = "http://schemas.microsoft.com/office/word/2010"
SPACES: Final = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}/relationships" xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main" '
    f'xmlns:wps="{WORD_2010}/wordprocessingShape" xmlns:wpg="{WORD_2010}/wordprocessingGroup" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
WML: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES: Final = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WML}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{WML}.styles+xml"/>'
    f'<Override PartName="/word/fontTable.xml" ContentType="{WML}.fontTable+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{WML}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
ROOT_RELATIONS: Final = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
RELATIONS: Final = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/relationships/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/relationships/fontTable" Target="fontTable.xml"/>'
    f'<Relationship Id="rId3" Type="{OFFICE}/relationships/footer" Target="footer1.xml"/>'
    "</Relationships>"
)


def to_docx(this: Printed, lang: Lang) -> bytes:
    """Its times are the data cut-off."""
    moment = this.document.header.cut_off.astimezone(UTC)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "docProps/core.xml": _core(this, lang, f"{moment:%Y-%m-%dT%H:%M:%S}Z"),
        "word/document.xml": f"<w:document {SPACES}><w:body>{_text(this, lang)}{PAGE}</w:body></w:document>",
        "word/_rels/document.xml.rels": RELATIONS,
        "word/styles.xml": styles(
            lang, board=over(this, lang) is not None, close=this.document.header.kind in ON_ONE_PAGE
        ),
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer(),
    }
    return zipped({name: (XML + part).encode() for name, part in parts.items()}, moment)


def _core(this: Printed, lang: Lang, moment: str) -> str:
    header = this.document.header
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(header.title.of(lang))}</dc:title><dc:creator>{escape(header.centre.of(lang))}</dc:creator>"
        f"<dc:identifier>{this.sha256}</dc:identifier>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


def _text(this: Printed, lang: Lang) -> str:
    header = this.document.header
    found = [
        paragraph(header.title.of(lang), "Title"),
        paragraph(serial_text(header, lang), "Centre"),
        *(paragraph(line, "Centre") for line in standing(this, lang)),
        plain_table(facts(this, lang)),
        *_blocks(this, this.document.summary, lang),
    ]
    above = over(this, lang)
    for place, (head, section) in enumerate(titled(this, lang)):
        if above and place:
            found.append(paragraph(above, "Over"))
        found += [paragraph(head, "heading1"), *_blocks(this, section.blocks, lang)]
        for under, part in numbered(section.parts, lang, below=True):
            found += [paragraph(under, "heading2"), *_blocks(this, part.blocks, lang)]
    if this.document.notes:
        found.append(paragraph("说明" if lang == "zh" else "Notes", "heading1"))
    found += [paragraph(sentence_text(this.document, note, lang), "Note") for note in this.document.notes]
    found.append(paragraph(f"SHA-256 {this.sha256}", "Note"))
    return "".join(found)


def _blocks(this: Printed, blocks: Sequence[Block], lang: Lang) -> list[str]:
    found = []
    for block in blocks:
        if isinstance(block, Sentence):
            found.append(paragraph(sentence_text(this.document, block, lang), "Body"))
        elif isinstance(block, Funnel):
            found.append(funnel(this.document, block, lang))
        elif isinstance(block, Chart):
            found.append(chart(this.document, block, lang))
        elif isinstance(block, Lines):
            found.append(lines(this.document, block, lang))
        else:
            found.append(table(this.document, block, lang))
    return found
