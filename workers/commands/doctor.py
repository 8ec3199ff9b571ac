"""`minyi doctor`: what is missing or misconfigured, and how to mend it.

Exit codes: 0 nothing hinders; 1 a fault was found.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from survey.settings import SettingsError, load_settings
from workers.doctor import Finding, examine
from workers.runtime import MIGRATIONS

FAULT_FOUND = 1
MARKS = {"ok": ("正常 ok", "green"), "hint": ("提示 hint", "yellow"), "fault": ("故障 fault", "bold red")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say what is missing or misconfigured here, and how to mend it (体检). Looks only; changes nothing."""
    findings = _look()
    if as_json:
        body = {"findings": [asdict(f) for f in findings], "faults": len(_faults(findings))}
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
    else:
        _show(findings, Console())
    raise typer.Exit(FAULT_FOUND if _faults(findings) else 0)


def _look() -> tuple[Finding, ...]:
    try:
        settings = load_settings()
    except SettingsError as error:  # without settings nothing else can be looked at
        lines = [Finding("settings", "fault", *_said_and_remedy(line)) for line in str(error).splitlines()]
        return tuple(lines)
    return asyncio.run(examine(settings, MIGRATIONS))


def _said_and_remedy(line: str) -> tuple[str, str]:
    said, _, remedy = line.partition(". ")
    return said, remedy


def _faults(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "fault"]


def _show(findings: Sequence[Finding], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("检查 looked at", "", "所见 found", "办法 remedy"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        words, style = MARKS[finding.level]
        table.add_row(finding.subject, Text(words, style), Text(finding.said), Text(finding.remedy))
    console.print(table)
    faults = len(_faults(findings))
    said = f"{faults} 处故障 fault(s): mend them first." if faults else "没有故障 no fault."
    console.print(said, style="bold red" if faults else "green", highlight=False)
