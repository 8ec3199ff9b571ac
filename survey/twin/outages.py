"""Spans of time in which the carrier's REST does not work. Calls and texts under way go on, and so do webhooks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

Kind = Literal["5xx", "hang", "refuse"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(slots=True)
class Outage:
    """From `at` until `until`, that moment left out. 5xx: every request is answered 503; hang: it is taken and never
    answered; refuse: its connection is broken off. Nothing that is asked for meanwhile happens."""

    kind: Kind
    at: datetime
    until: datetime
    requests: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "at": self.at.isoformat(),
            "until": self.until.isoformat(),
            "requests": self.requests,
        }


@dataclass(slots=True)
class Outages:
    """All that were ordered; where two overlap, the later order stands."""

    all: list[Outage] = field(default_factory=list)

    def now(self, moment: datetime) -> Outage | None:
        return next((one for one in reversed(self.all) if one.at <= moment < one.until), None)
