"""The documentation of a questionnaire document, field by field, and its JSON Schema for editors, both made from the model.

`python -m survey.questionnaire.reference` writes docs/questionnaire.schema.json and the tables in docs/questionnaire.md.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from survey.questionnaire import parts
from survey.questionnaire.expressions import Expression
from survey.questionnaire.model import Questionnaire

PAGE: Final = Path("docs/questionnaire.md")
SCHEMA: Final = Path("docs/questionnaire.schema.json")
BEGIN, END = "<!-- fields, written by make reference -->", "<!-- end of fields -->"

MODELS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("The document", Questionnaire),
    ("An item: `items`", parts.Item),
    ("An option: `choices`", parts.Option),
    ("The range of a scale: `range`", parts.Range),
    ("A block: `blocks`", parts.Block),
    ("A page: `pages`", parts.Page),
    ("A line of a script: `scripts`", parts.Line),
    ("An end: `ends`", parts.End),
    ("A flag: `flags`", parts.Flag),
    ("An appeal: `appeal`", parts.Appeal),
    ("A score: `scores`", parts.Score),
    ("An official form: `official`", parts.Official),
    ("The voice: `voice`", parts.Voice),
    ("The web form: `web`", parts.Web),
    ("Limits: `limits`", parts.Limits),
)


def tables() -> str:
    """The tables of docs/questionnaire.md."""
    return "\n".join(line for title, model in MODELS for line in _table(title, model))


def schema() -> str:
    """The JSON Schema of a questionnaire file (draft 2020-12)."""
    body = Questionnaire.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body, "title": "Minyi questionnaire"}
    return json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _table(title: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield " ".join((model.__doc__ or "").split())
    yield ""
    yield "| Key | Holds | Default | Meaning |"
    yield "|---|---|---|---|"
    schema_of = model.model_json_schema()
    for name, field in model.model_fields.items():
        written = _written(schema_of["properties"][name], schema_of.get("$defs", {}))
        holds = "expression" if _is_expression(field) else written
        meaning = " ".join((field.description or "").split()).replace("|", "\\|")
        yield f"| `{name}` | {holds} | {_default(field)} | {meaning} |"
    yield ""


def _is_expression(field: FieldInfo) -> bool:
    return Expression in (field.annotation, *getattr(field.annotation, "__args__", ()))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "`[" + ", ".join(map(str, value)) + "]`" if value else ""
    return f"`{value}`" if isinstance(value, str | int | float) and value != "" else ""


def _written(field: dict[str, Any], defs: dict[str, Any]) -> str:
    """How the value is written, in a word or two."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return (
            name.lower()
            if name not in defs or defs[name].get("type") == "object"
            else _written(defs[name], defs)
        )
    if "anyOf" in field:
        return " or ".join(
            dict.fromkeys(_written(one, defs) for one in field["anyOf"] if one.get("type") != "null")
        )
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    kind = field.get("type")
    if kind == "array":
        return f"list of {_written(field['items'], defs)}" if "items" in field else "list"
    if kind == "object":
        return _mapping(field, defs)
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}[
        str(kind)
    ]


def _mapping(field: dict[str, Any], defs: dict[str, Any]) -> str:
    by_pattern = list(field.get("patternProperties", {}).values())
    inner = field.get("additionalProperties") or (by_pattern[0] if by_pattern else None)
    if not isinstance(inner, dict):
        return "mapping"
    if by_pattern:
        return f"by language: {_written(inner, defs)}"
    if "anyOf" in inner and any(one.get("type") == "string" for one in inner["anyOf"]):
        return "wording"
    return f"by name: {_written(inner, defs)}"


def main() -> int:
    """Write both files; the page keeps what stands around the tables."""
    SCHEMA.write_text(schema(), "utf-8")
    page = PAGE.read_text("utf-8")
    block = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
    if not block.search(page):
        sys.stderr.write(f"{PAGE}: the marks {BEGIN} and {END} are missing; put them back\n")
        return 1
    PAGE.write_text(block.sub(lambda _: f"{BEGIN}\n\n{tables()}\n{END}", page), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
