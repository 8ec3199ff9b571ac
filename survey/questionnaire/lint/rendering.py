"""Findings for a reader, and for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from survey.questionnaire.lint.finding import Finding


def render(findings: Sequence[Finding]) -> str:
    """Two lines for each: `file:12:5: error reserved-key: what is wrong`, Chinese first, and what to do about it."""
    return "".join(f"{_line(one)}\n    改法: {one.remedy_zh} / remedy: {one.remedy}\n" for one in findings)


def _line(one: Finding) -> str:
    return f"{one.place}: {one.severity} {one.rule}: {one.zh} / {one.message}"


def to_json(findings: Sequence[Finding]) -> str:
    """An array with one object for each; `line`, `column` and `cell` are null where a finding has none."""
    return json.dumps([_fields(one) for one in findings], ensure_ascii=False, indent=2)


def _fields(one: Finding) -> dict[str, object]:
    fields = asdict(one)
    place = fields.pop("place")
    return {"rule": fields.pop("rule"), "severity": fields.pop("severity"), **place, **fields}
