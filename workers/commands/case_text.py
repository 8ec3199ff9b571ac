"""How cases read on a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from followup.reading import CaseLine, FlaggedLine

LOCAL = ZoneInfo("Asia/Shanghai")


def as_json(value: Any) -> str:
    """Rows as JSON, moments in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def moment(at: datetime | None) -> str:
    """A moment in the centre's own time, to the minute."""
    return at.astimezone(LOCAL).strftime("%m-%d %H:%M") if at else "-"


def list_lines(lines: Sequence[CaseLine], flagged: Sequence[FlaggedLine]) -> Iterator[str]:
    """One line a case; a case whose flag waits for a decision says so."""
    waiting = {line.number: line for line in flagged}
    for line in lines:
        flag = waiting.get(line.number)
        state = line.ending or line.status
        yield f"{line.number}  {line.source:8}  round {line.round}  {state:22}  {line.content[:30]}"
        if flag:
            yield (
                f"    flagged ({', '.join(flag.reasons)}) {moment(flag.settled_at)}, "
                f"waits for the {flag.decision_post}: {flag.words or 'no words'}"
            )
