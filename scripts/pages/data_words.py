"""Words that are data: a page shows them as they are, whatever its language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

SELECT_COLUMNS = """
SELECT format('%I.%I', c.table_schema, c.table_name) AS table_name, array_agg(c.column_name::text) AS columns
FROM information_schema.columns AS c
JOIN information_schema.tables AS t USING (table_schema, table_name)
WHERE c.table_schema IN ('survey', 'followup') AND t.table_type = 'BASE TABLE' AND c.table_name NOT LIKE 'policy%'
    AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')
GROUP BY 1"""
CHINESE: Final = re.compile(r"[\u3400-\u9fff]+")
NAMES: Final = frozenset(
    {
        "Minyi",
        "AAPOR",
        "RR",
        "COOP",
        "REF",
        "CON",
        "API",
        "CSV",
        "DOCX",
        "HTML",
        "JSON",
        "YAML",
        "PDF",
        "XLSX",
        "Excel",
        "Word",
        "Ctrl",
        "Enter",
        "Esc",
    }
    | {"Asia", "Shanghai"}
)
"""What is called so in both languages."""


async def chinese_data(conn: Any) -> str:
    """Every Chinese word that the database holds outside of the policies, in one text to look in."""
    found: list[str] = []
    for row in await conn.fetch(SELECT_COLUMNS):
        # names of tables and columns come from the catalogue, quoted by it
        shown = ", ".join(f'"{name}"::text' for name in row["columns"])
        for line in await conn.fetch(f"SELECT DISTINCT concat_ws(' ', {shown}) FROM {row['table_name']}"):  # noqa: S608
            found += CHINESE.findall(line[0])
    return "\n".join(dict.fromkeys(found))


def untranslated(lang: str, words: Sequence[tuple[str, str]], data: str) -> list[str]:
    """Those of a page's words in the other language that are no data, with the text in which each stands."""
    told: dict[str, str] = {}
    for word, text in words:
        known = word in data if lang == "en" else word in NAMES
        if not known:
            told.setdefault(word, f"{word}: {text}")
    return list(told.values())
