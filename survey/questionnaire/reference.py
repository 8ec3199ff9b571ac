"""The documentation of the documents that teams write (questionnaire, campaign, what to estimate), key by key, and their JSON
Schemas for editors, both made from the models.

`python -m survey.questionnaire.reference` writes docs/*.schema.json and the tables in docs/questionnaire.md,
docs/campaign.md and docs/estimation.md.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from survey.field import campaign_document
from survey.questionnaire import parts
from survey.questionnaire.expressions import Expression
from survey.questionnaire.model import Questionnaire
from survey.statistics import estimate_spec

PAGE: Final = Path("docs/questionnaire.md")
SCHEMA: Final = Path("docs/questionnaire.schema.json")
CAMPAIGN_PAGE: Final = Path("docs/campaign.md")
CAMPAIGN_SCHEMA: Final = Path("docs/campaign.schema.json")
ESTIMATE_PAGE: Final = Path("docs/estimation.md")
ESTIMATE_SCHEMA: Final = Path("docs/estimate.schema.json")
BEGIN, END = "<!-- fields, written by make reference -->", "<!-- end of fields -->"

Models = tuple[tuple[str, type[BaseModel]], ...]

ESTIMATE_MODELS: Final[Models] = (
    ("The specification", estimate_spec.EstimateSpec),
    ("A figure: `estimates`", estimate_spec.Wanted),
    ("Calibration: `calibrate`", estimate_spec.Calibrate),
    ("Differences: `compare`", estimate_spec.Compare),
    ("Intervals: `intervals`", estimate_spec.Intervals),
)

CAMPAIGN_MODELS: Final[Models] = (
    ("The document", campaign_document.CampaignDocument),
    ("Its name: `name`", campaign_document.Name),
    ("The sample: `sample`", campaign_document.Sample),
    ("Targets: `targets`", campaign_document.Targets),
    ("A quota: `quotas`", campaign_document.QuotaRow),
    ("A cell: `cells`", campaign_document.CellRow),
    ("Who belongs to a cell: `when`", campaign_document.CellWhen),
    ("The budget: `budget`", campaign_document.Budget),
)

MODELS: Final[Models] = (
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


def tables(models: Models = MODELS) -> str:
    """The tables of docs/questionnaire.md, or of another page."""
    return "\n".join(line for title, model in models for line in _table(title, model))


def schema(model: type[BaseModel] = Questionnaire, title: str = "Minyi questionnaire") -> str:
    """The JSON Schema of such a file (draft 2020-12)."""
    body = model.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body, "title": title}
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
    if field.get("format") == "date":
        return "date"
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
    """Write the schemas and the tables; the pages keep what stands around the tables."""
    SCHEMA.write_text(schema(), "utf-8")
    CAMPAIGN_SCHEMA.write_text(schema(campaign_document.CampaignDocument, "Minyi campaign"), "utf-8")
    ESTIMATE_SCHEMA.write_text(schema(estimate_spec.EstimateSpec, "Minyi estimate"), "utf-8")
    pages = ((PAGE, MODELS), (CAMPAIGN_PAGE, CAMPAIGN_MODELS), (ESTIMATE_PAGE, ESTIMATE_MODELS))
    done = [rewrite(page, tables(models)) for page, models in pages]
    return 0 if all(done) else 1


def rewrite(path: Path, body: str) -> bool:
    """Put `body` between the marks of a page. False: they are missing."""
    page = path.read_text("utf-8")
    block = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
    if not block.search(page):
        sys.stderr.write(f"{path}: the marks {BEGIN} and {END} are missing; put them back\n")
        return False
    path.write_text(block.sub(lambda _: f"{BEGIN}\n\n{body}\n{END}", page), "utf-8")
    return True


if __name__ == "__main__":
    raise SystemExit(main())
