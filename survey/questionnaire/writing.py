"""A questionnaire as the YAML that a team would have written: short forms, the keys in the order of the documentation."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from survey.questionnaire.model import Questionnaire

WIDEST: Final = 120
"""Characters of a mapping that still stands on one line."""
_INLINE: Final = frozenset({"choices", "pages", "ends", "flags", "blocks", "scores"})


class _Dumper(yaml.SafeDumper):
    """Block style, except for small mappings of one option, wording or condition."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Flow(dict[str, Any]):
    """A mapping written on one line."""


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)


def to_yaml(q: Questionnaire) -> str:
    """Reads back (`loader.from_yaml`) as an equal questionnaire."""
    body = _short(q.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    order = [name for name in Questionnaire.model_fields if name in body]
    parts = [_part({name: _laid_out(name, body[name])}) for name in order]
    return "\n".join(parts)


def _part(body: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(body),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=10_000,
    )


def _laid_out(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_row(one, inline=name in _INLINE) for one in value]
    if isinstance(value, dict):
        return (
            {key: _laid_out(name, one) for key, one in value.items()} if not _small(value) else _Flow(value)
        )
    return value


def _row(row: Any, *, inline: bool) -> Any:
    if not isinstance(row, dict):
        return row
    if inline and _small(row):
        return _Flow(row)
    return {key: _Flow(one) if isinstance(one, dict) and _small(one) else one for key, one in row.items()}


def _small(value: Mapping[str, Any]) -> bool:
    return len(str(value)) <= WIDEST * 2


def _short(value: Any) -> Any:
    """`{any: text}` as the text alone; everything else as it is."""
    if isinstance(value, dict):
        if set(value) == {"any"} and isinstance(value["any"], str):
            return value["any"]
        return {key: _short(one) for key, one in value.items()}
    return [_short(one) for one in value] if isinstance(value, list) else value
