"""A policy that a centre enters, as a file: read, held to its type, and put in force as the next version.

Only those that the service reads from the database by centre and day can be entered; the others are packaged with the program
(docs/policies.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from followup.casework.limits import Limits
from survey.policies import Policy, PolicyError, policy_of
from survey.statistics.indicator_definitions import Indicators
from survey.statistics.population import AREA, Population
from survey.store import areas
from workers.policy_rows import EVERY_CENTRE, put_in_force, versions_of


class DailyProgramme(BaseModel):
    """How many people a centre asks about perception on a day, by mode; `seed` of the draw; `links`: whether texts lead to the
    form on the web."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voice: int = Field(ge=0)
    text: int = Field(ge=0)
    operator: int = Field(ge=0)
    seed: int
    links: bool = False


TYPES: Final[Mapping[str, Callable[[Any], BaseModel]]] = {
    "daily_programme": DailyProgramme.model_validate,
    "indicators": Indicators.model_validate,
    "limits": Limits.model_validate,
    "population": Population.model_validate,
}
"""What can be entered, and what its body has to be."""


class NoPolicy(ValueError):
    """A file is no policy that can be put in force. The message names the file, where in it, why, and what to do."""


@dataclass(frozen=True)
class Entered:
    """A policy out of a file, its body as JSON has it."""

    path: Path
    policy: Policy
    body: dict[str, Any]
    typed: BaseModel


def read_policy(path: Path) -> Entered:
    """Raises NoPolicy; OSError where the file cannot be read."""
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise NoPolicy(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NoPolicy(
            f"{path}, line {line}: {error.problem}; check the indentation and the colons"
        ) from None
    if not isinstance(read, dict):
        raise NoPolicy(
            f"{path}: {type(read).__name__}, not a mapping; `minyi policy show population` prints the form"
        )
    try:
        policy = policy_of(read, str(path))
    except PolicyError as error:
        raise NoPolicy(str(error)) from None
    if policy.key not in TYPES:
        raise NoPolicy(
            f"{path}: key: {policy.key} is not entered by centre; these are: {', '.join(sorted(TYPES))} (docs/policies.md)"
        )
    body = json.loads(json.dumps(dict(policy.body), default=str))
    try:
        return Entered(path, policy, body, TYPES[policy.key](body))
    except ValidationError as error:
        found = [
            f"{path}: body{''.join(f'.{one}' for one in said['loc'])}: {said['msg']}"
            for said in error.errors()
        ]
        raise NoPolicy("\n".join(found)) from None


async def put_entered(
    conn: Any, entered: Entered, centre: str, *, by: str, reason: str, now: datetime
) -> None:
    """Put it in force for a centre. Raises NoPolicy for a version that is not the next, a day before an earlier version's, and
    areas that are none of the centre's."""
    if not by.strip() or not reason.strip():
        raise NoPolicy("a policy needs who puts it in force and why; both stand in its chain")
    policy = entered.policy
    async with conn.transaction():
        await _next_version(conn, entered, centre)
        await _areas_of_the_centre(conn, entered, centre)
        await put_in_force(
            conn, policy.key, centre, policy.version, policy.valid_from, entered.body,
            by=by.strip(), reason=" ".join(reason.split()), now=now,
        )  # fmt: skip


async def _next_version(conn: Any, entered: Entered, centre: str) -> None:
    await conn.execute(
        "LOCK TABLE survey.policy IN SHARE ROW EXCLUSIVE MODE"
    )  # two who enter at once get two versions
    policy = entered.policy
    own = [one for one in await versions_of(conn, [policy.key], centre) if one.centre_code == centre]
    last = own[-1] if own else None
    due = last.version + 1 if last else 1
    if policy.version != due:
        raise NoPolicy(
            f"{entered.path}: version: {policy.version}, but the next of {policy.key} for {centre} is {due}; "
            "what is in force is never altered"
        )
    if last and policy.valid_from < last.valid_from:
        raise NoPolicy(
            f"{entered.path}: valid_from: {policy.valid_from} is before {last.valid_from}, from when version {last.version} "
            "holds; a later version holds from then or later"
        )


async def _areas_of_the_centre(conn: Any, entered: Entered, centre: str) -> None:
    """A population by areas that nobody lives in would calibrate nothing, and say nothing."""
    if (
        not isinstance(entered.typed, Population)
        or AREA not in entered.typed.totals
        or centre == EVERY_CENTRE
    ):
        return
    known = await areas.names_below(conn, centre)
    if strange := sorted(entered.typed.totals[AREA].keys() - known.keys()):
        raise NoPolicy(
            f"{entered.path}: body.totals.area: {', '.join(strange)} are no areas of centre {centre}; it has "
            f"{', '.join(sorted(known)[:3])} and so on; write the codes in quotes"
        )
