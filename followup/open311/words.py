"""Answers as the standard writes them, in JSON and in XML. Pure.

The same values make both: a list of rows under the names that the standard gives to the whole and to a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from xml.etree import ElementTree

Format = Literal["json", "xml"]
TYPES: Final[Mapping[str, str]] = {"json": "application/json", "xml": "text/xml"}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Names:
    """What XML calls the whole and one row; `inner`: the rows of a field that is a list, by the field's name."""

    whole: str
    row: str


SERVICES: Final = Names("services", "service")
REQUESTS: Final = Names("service_requests", "request")
ERRORS: Final = Names("errors", "error")
INNER: Final[Mapping[str, str]] = {"attributes": "attribute", "values": "value"}


def rows(values: Sequence[Mapping[str, Any]], names: Names, format_: Format) -> str:
    """A list of rows."""
    if format_ == "json":
        return json.dumps(list(values), ensure_ascii=False)
    root = ElementTree.Element(names.whole)
    for value in values:
        _fill(ElementTree.SubElement(root, names.row), value)
    return _text(root)


def definition(value: Mapping[str, Any], format_: Format) -> str:
    """The definition of one service, which is no list."""
    return one(value, "service_definition", format_)


def one(value: Mapping[str, Any], name: str, format_: Format) -> str:
    """One row by itself."""
    if format_ == "json":
        return json.dumps(value, ensure_ascii=False)
    root = ElementTree.Element(name)
    _fill(root, value)
    return _text(root)


def _fill(element: ElementTree.Element, value: Mapping[str, Any]) -> None:
    for name, inner in value.items():
        child = ElementTree.SubElement(element, name)
        if isinstance(inner, list):
            for row in inner:
                _fill(ElementTree.SubElement(child, INNER[name]), row)
        elif isinstance(inner, bool):
            child.text = "true" if inner else "false"
        elif inner is not None:
            child.text = _NOT_XML.sub("", str(inner))


def _text(root: ElementTree.Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")
