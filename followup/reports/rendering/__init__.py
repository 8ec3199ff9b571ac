"""A report as files. Each renderer reads the document alone, so that all say the same; the same document gives the same bytes."""

from collections.abc import Callable, Mapping

from followup.reports.document.wording import Lang
from followup.reports.rendering.docx import to_docx
from followup.reports.rendering.html import to_html
from followup.reports.rendering.plain import to_csv, to_json
from followup.reports.rendering.printed import Printed
from followup.reports.rendering.xlsx import to_xlsx

FORMATS: Mapping[str, Callable[[Printed, Lang], bytes]] = {
    "html": to_html,
    "docx": to_docx,
    "xlsx": to_xlsx,
    "csv": to_csv,
    "json": to_json,
}
"""{ending of the file: what makes it}."""
