"""Styles of a Chinese official document, after GB/T 9704-2012: A4 with its margins, title in 小标宋 22 pt, text in
仿宋 16 pt on lines of 28 pt, headings in 黑体 and 楷体, page numbers as — 1 —. Fonts are named, with names to fall
back to; none is embedded."""

from __future__ import annotations

from typing import Final

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TITLE, TEXT, HEADING, SUBHEADING, LATIN = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "Times New Roman",
)
FALL_BACK: Final = {
    TITLE: ("方正小标宋_GBK,华文中宋,宋体,Noto Serif CJK SC", "roman"),
    TEXT: ("仿宋,FangSong,STFangsong,Noto Serif CJK SC", "modern"),
    HEADING: ("SimHei,思源黑体,Noto Sans CJK SC", "swiss"),
    SUBHEADING: ("楷体,KaiTi,STKaiti,Noto Serif CJK SC", "modern"),
}
"""{font: (what may stand in for it, its family)}."""
# A4 and its margins in twentieths of a point: 37 mm above, 35 below, 28 left, 26 right (GB/T 9704-2012, 5.2.1)
PAGE: Final = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1304" w:gutter="0"/>'
    "</w:sectPr>"
)
ROOM: Final = 11906 - 1588 - 1474
"""Width of the text, in twentieths of a point."""
LINE: Final = 560
"""28 points: 22 lines a page."""
CLOSE: Final = (14, 400, "left")
"""Of a report that is one page: size in points, line, and side; words stretched to both sides read badly in few lines."""


def fonts(east: str) -> str:
    """Latin letters and digits in Times, the rest in `east`."""
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{east}"/>'


def _style(name: str, shown: str, paragraph: str, run: str, based: str = "Normal") -> str:
    on = "" if name == "Normal" else f'<w:basedOn w:val="{based}"/>'
    default = ' w:default="1"' if name == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{shown}"/>{on}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(2 * points)}"/><w:szCs w:val="{round(2 * points)}"/>'


def styles(lang: str, *, board: bool = False, close: bool = False) -> str:
    """word/styles.xml. English text has no indent of two characters and closer lines. `board`: to be read from some
    steps away; `close`: on one page."""
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if lang == "zh" else ""
    size, height, side = (16, LINE, "both") if lang == "zh" else (12, 360, "both")
    if close and lang == "zh":
        size, height, side = CLOSE
    line = f'<w:spacing w:line="{height}" w:lineRule="exact" w:before="0" w:after="0"/>'
    tight = '<w:spacing w:line="240" w:lineRule="auto" w:before="0" w:after="0"/><w:ind w:firstLine="0" w:firstLineChars="0"/>'
    plain = '<w:ind w:firstLine="0" w:firstLineChars="0"/>'
    bold = "" if lang == "zh" else "<w:b/>"
    noted = '<w:spacing w:line="320" w:lineRule="atLeast" w:before="0" w:after="40"/>'
    keep = "<w:keepNext/><w:keepLines/>"
    heading = f'{keep}{indent}<w:outlineLvl w:val="0"/>', fonts(HEADING) + bold
    if board:
        heading = _board_heading(keep)
    parts = [
        _style("Normal", "Normal", f"<w:widowControl/>{line}", fonts(TEXT) + _size(size)),
        _style("Body", "正文 Body", f'{indent}<w:jc w:val="{side}"/>', ""),
        _style(
            "Title", "Title",
            '<w:keepNext/><w:spacing w:line="640" w:lineRule="atLeast" w:before="0" w:after="120"/><w:jc w:val="center"/>',
            fonts(TITLE) + _size(22),
        ),
        _style("Centre", "编号 Number", '<w:jc w:val="center"/>', fonts(SUBHEADING) + _size(14)),
        _style("Over", "页眉 Over", '<w:pageBreakBefore/><w:keepNext/><w:jc w:val="center"/>', fonts(SUBHEADING) + _size(14)),
        _style("heading1", "heading 1", *heading),
        _style("heading2", "heading 2", f'{keep}{indent}<w:outlineLvl w:val="1"/>', fonts(SUBHEADING) + bold),
        _style(
            "TableTitle", "表题 Table title",
            f'{keep}<w:spacing w:line="300" w:lineRule="atLeast" w:before="160" w:after="60"/>{plain}<w:jc w:val="center"/>',
            fonts(HEADING) + _size(12),
        ),
        _style("Cell", "表格 Cell", tight, fonts(TEXT) + _size(14 if board else 9)),
        _style("Plot", "图 Plot", f'<w:keepNext/>{tight}<w:jc w:val="center"/>', "", "Cell"),
        _style("Head", "表头 Head", f"<w:keepNext/>{tight}", fonts(HEADING) + _size(14 if board else 9), "Cell"),
        _style("SmallCell", "表格小字 Small cell", tight, _size(7), "Cell"),
        _style("SmallHead", "表头小字 Small head", "", _size(7), "Head"),
        _style("Fact", "版记 Fact", tight, fonts(TEXT) + _size(12)),
        _style("Note", "说明 Note", f"{noted}{plain}", _size(11)),
        _style("Footer", "footer", f'{tight}<w:jc w:val="center"/>', fonts("宋体") + _size(14)),
    ]  # fmt: skip
    language = "zh-CN" if lang == "zh" else "en-GB"
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts(TEXT)}{_size(size)}'
        f'<w:lang w:val="en-GB" w:eastAsia="{language if lang == "zh" else "zh-CN"}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        f"{''.join(parts)}</w:styles>"
    )


def _board_heading(keep: str) -> tuple[str, str]:
    """The name of a village, above its page."""
    line = '<w:spacing w:line="720" w:lineRule="atLeast" w:before="120" w:after="120"/>'
    return f'{keep}{line}<w:jc w:val="center"/><w:outlineLvl w:val="0"/>', fonts(HEADING) + _size(28)


def font_table() -> str:
    """word/fontTable.xml: what a machine that lacks a font may use in its place."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="{family}"/></w:font>'
        for name, (other, family) in FALL_BACK.items()
    )
    return f'<w:fonts xmlns:w="{W}">{entries}</w:fonts>'


def footer() -> str:
    """word/footer1.xml: — 1 —."""
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            "<w:t>— </w:t>".replace("<w:t>", '<w:t xml:space="preserve">'),
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{field}</w:p></w:ftr>'
