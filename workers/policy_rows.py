"""Policies as rows of `survey.policy`: the packaged ones, and those that a centre enters; what is in force, with its version,
where anybody can read it.

Each version that is put in force gets its event in the chain of its policy. Survey keeps policies and knows no events, so
both are written here.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from followup.chain import record_policies
from survey.clock import RealClock
from survey.policies import packaged
from survey.store.campaigns import set_policy

PACKAGED = (
    ("survey.policies", ("audio", "desk", "dispatch", "handover", "lists", "refused_columns", "tariff")),
    ("survey.field", ("attempts", "calling_hours", "carrier_signals", "dispositions", "health", "release")),
    ("survey.statistics", ("indicators", "suppression")),
    ("survey.microdata", ("microdata",)),
    ("followup.policies", ("api", "forwarding", "open311", "platforms", "webhooks")),
    ("survey.access", ("roles", "sign_in")),
    ("followup.policies", ("appeals", "categories", "duties", "not_accepted", "standing")),
    ("followup.policies", ("often_missing", "rejection", "revisits", "suspicion")),
    ("followup.policies", ("cadence", "notices", "reports", "retention", "village")),
    ("followup.assessment", ("centre_score", "pay", "surveyor_month")),
    ("followup.casework", ("colours", "decision_clock", "limits", "verdict", "working_time")),
    ("followup.casework", ("accountability", "escalation", "major", "urging")),
    ("followup.casework", ("false_closing", "states")),
)
EVERY_CENTRE = "*"


async def seed_policies(conn: Any, now: datetime | None = None) -> int:
    """Store every packaged policy whose version is not there yet; a version that stands is never changed. How many there are.

    `now`: when they were put in force; without it the real time.
    """
    count = 0
    for package, names in PACKAGED:
        for name in names:
            policy = packaged(package, name)
            body = json.loads(json.dumps(dict(policy.body), default=str))
            await set_policy(conn, policy.key, EVERY_CENTRE, policy.version, policy.valid_from, body)
            count += 1
    await record_policies(conn, by="system", reason="packaged with the program", now=now or RealClock().now())
    return count


async def put_in_force(
    conn: Any,
    key: str,
    centre: str,
    version: int,
    valid_from: date,
    body: object,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """A version of a policy of one centre, with its event."""
    async with conn.transaction():
        await set_policy(conn, key, centre, version, valid_from, body)
        await record_policies(conn, by=by, reason=reason, now=now)


@dataclass(frozen=True)
class PolicyVersion:
    """One version of one policy, and who put it in force, why and when."""

    key: str
    centre_code: str
    version: int
    valid_from: date
    by: str
    reason: str
    put_at: datetime
    body: dict[str, Any]


SELECT_VERSIONS = """
SELECT p.key, p.centre_code, p.version, p.valid_from, e.actor AS by, e.reason, e.at AS put_at, p.body
FROM survey.policy p
JOIN followup.policy_event e ON e.key = p.key AND e.centre_code = p.centre_code AND e.version = p.version
WHERE p.key = ANY($1::text[]) AND p.centre_code IN ($2, '*')
ORDER BY p.key, p.centre_code = $2, p.version"""


async def versions_of(conn: Any, keys: list[str], centre: str) -> list[PolicyVersion]:
    """Of these policies, for every centre and for this one, the oldest first."""
    return [PolicyVersion(**row) for row in await conn.fetch(SELECT_VERSIONS, keys, centre)]
