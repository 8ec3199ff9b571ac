"""Our categories as services of the standard. Pure."""

from __future__ import annotations

from typing import Any

from followup.categories import Category, categories
from followup.open311.policy import open311_policy


def services() -> list[dict[str, Any]]:
    """All of them, by code."""
    return [_service(one) for one in sorted(categories().categories, key=lambda one: one.code)]


def definition(code: str) -> dict[str, Any] | None:
    """The further fields of a service; the same for all. None for a code that is no service."""
    if not any(one.code == code for one in categories().categories):
        return None
    attributes = [
        {
            "variable": True,
            "code": one.code,
            "datatype": one.datatype,
            "required": one.required,
            "datatype_description": one.datatype_description,
            "order": order,
            "description": one.description,
            "values": [{"key": key, "name": name} for key, name in one.values.items()],
        }
        for order, one in enumerate(open311_policy().attributes, 1)
    ]
    return {"service_code": code, "attributes": attributes}


def name_of(code: str) -> str | None:
    """What a service is called; None for a category that is there no more."""
    return next((one.name_zh for one in categories().categories if one.code == code), None)


def _service(one: Category) -> dict[str, Any]:
    return {
        "service_code": one.code,
        "service_name": one.name_zh,
        "description": open311_policy().service_description.format(
            group=one.group_zh, name=one.name_zh, name_en=one.name_en
        ),
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(one.words),
        "group": one.group_zh,
    }
