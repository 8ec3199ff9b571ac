"""Documents of format 1, as databases still hold them, brought up to today's format. Frozen documents stay as they are
stored; this happens on reading, so that an interview begun under one goes on under its own words."""

import re
from collections.abc import Mapping
from typing import Any

_BRACES = re.compile(r"\{(\w+)\}")


def upgraded(document: Any) -> Any:
    """The document as today's model reads it; one of today's format comes back untouched."""
    if not isinstance(document, Mapping) or "format" in document:
        return document
    new = {key: _piped(value) for key, value in document.items()}
    new["format"] = 2
    new["items"] = [_item(item) for item in new.get("items", ())]
    blocks = new.pop("random_blocks", ())
    new["blocks"] = [{"id": f"block_{place}", "order": "random"} for place, _ in enumerate(blocks, 1)]
    for place, ids in enumerate(blocks, 1):
        for item in new["items"]:
            if item["id"] in ids:
                item["block"] = f"block_{place}"
    new["partial"] = expression(new["partial"])
    new["ends"] = [{**end, "when": expression(end["when"])} for end in new.get("ends", ())]
    new["scripts"] = {
        name: [{**line, "when": expression(line["when"])} if "when" in line else line for line in lines]
        for name, lines in new.get("scripts", {}).items()
    }
    new["may_know"] = sorted(_facts(document) | {"query_code", "check_number", "recorded", "contact_claimed"})
    return new


def _item(item: dict[str, Any]) -> dict[str, Any]:
    """Format 1 took several answers from the operator alone."""
    relevant = {"relevant": expression(item["relevant"])} if item.get("relevant") else {}
    several = {"several_in": ["operator"]} if item.get("kind") == "select_multiple" else {}
    return {**item, **relevant, **several}


def _piped(value: Any) -> Any:
    """`{fact}` in any wording becomes `${fact}`."""
    if isinstance(value, str):
        return _BRACES.sub(r"${\1}", value)
    if isinstance(value, Mapping):
        return {key: _piped(inner) for key, inner in value.items()}
    return [_piped(inner) for inner in value] if isinstance(value, list) else value


def expression(condition: Mapping[str, Any]) -> str:
    """A condition of format 1 in the expression language."""
    if "all" in condition:
        return " and ".join(f"({expression(part)})" for part in condition["all"]) or "true()"
    if "any" in condition:
        return " or ".join(f"({expression(part)})" for part in condition["any"]) or "false()"
    if "not" in condition:
        return f"not({expression(condition['not'])})"
    name = f"${{{condition.get('question') or condition['fact']}}}"
    if "is" in condition:
        return (
            f"selected({name}, '{condition['is']}')"
            if "question" in condition
            else f"{name} = '{condition['is']}'"
        )
    if "in" in condition:
        tests = [expression({**_without(condition, "in"), "is": one}) for one in condition["in"]]
        return "(" + " or ".join(tests) + ")" if tests else "false()"
    if "at_least" in condition:
        return f"{name} >= {condition['at_least']}"
    for key, told in (
        ("replied", f"replied({name})"),
        ("valid", f"{name} != ''"),
        ("given", f"{name} != ''"),
    ):
        if key in condition:
            return told if condition[key] else f"not({told})"
    raise ValueError(f"a stored condition holds none of the tests of format 1: {sorted(condition)}")


def _without(condition: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in condition.items() if name != key}


def _facts(value: Any) -> set[str]:
    """The facts that conditions name."""
    if isinstance(value, Mapping):
        own = {value["fact"]} if isinstance(value.get("fact"), str) else set()
        return own.union(*(_facts(inner) for inner in value.values()))
    return set().union(*(_facts(inner) for inner in value)) if isinstance(value, list) else set()
