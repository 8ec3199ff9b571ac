"""The packaged policies as rows of `survey.policy`: what is in force, with its version, where anybody can read it."""

import json
from typing import Any

from survey.policies import packaged
from survey.store.campaigns import set_policy

PACKAGED = (
    ("survey.policies", ("audio", "dispatch", "handover", "lists", "refused_columns", "tariff")),
    ("survey.field", ("attempts", "calling_hours", "carrier_signals", "dispositions", "health", "release")),
    ("followup.policies", ("appeals", "categories", "duties", "not_accepted")),
    ("followup.casework", ("colours", "decision_clock", "limits", "verdict", "working_time")),
)
EVERY_CENTRE = "*"


async def seed_policies(conn: Any) -> int:
    """Store every packaged policy whose version is not there yet; a version that stands is never changed. How many there are."""
    count = 0
    for package, names in PACKAGED:
        for name in names:
            policy = packaged(package, name)
            body = json.loads(json.dumps(dict(policy.body), default=str))
            await set_policy(conn, policy.key, EVERY_CENTRE, policy.version, policy.valid_from, body)
            count += 1
    return count
