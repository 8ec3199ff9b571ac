"""Policy is data with a version. Each owner packages its YAML beside its code; the database holds the rows
that are in force.

A policy file has exactly four keys, the columns of table `survey.policy`: `key`, `version`, `valid_from`,
`body`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

_COLUMNS = {"key": str, "version": int, "valid_from": date, "body": dict}


class PolicyError(ValueError):
    """A policy cannot be read. The message names the file, what is wrong in it, and what is expected."""


@dataclass(frozen=True)
class Policy:
    """One version of one policy, as packaged or as read from the database."""

    key: str
    version: int
    valid_from: date
    body: Mapping[str, Any]


@lru_cache(maxsize=64)
def packaged(package: str, name: str) -> Policy:
    """The policy that ships with `package` as `name`.yaml, e.g. `packaged("survey.field", "attempts")`.

    Raises PolicyError when the file lacks one of the four keys, has others, or has one of another type.
    """
    return policy_of(packaged_data(package, name), f"policy file {name}.yaml of {package}")


def policy_of(row: Mapping[str, Any], where: str) -> Policy:
    """The four keys as they were read; `where` they stand is named in the PolicyError that is raised where they are not these."""
    wrong = sorted(set(row) ^ set(_COLUMNS)) or sorted(
        column for column, kind in _COLUMNS.items() if not isinstance(row[column], kind)
    )
    if wrong:
        raise PolicyError(
            f"{where}: {', '.join(wrong)} missing, unknown or wrongly typed; "
            "a policy has the keys key (text), version (whole number), valid_from (date) and body (mapping)"
        )
    return Policy(**row)


def packaged_data(package: str, name: str) -> dict[str, Any]:
    """Any packaged YAML mapping, policy or table. Raises PolicyError when it is not a mapping."""
    data = yaml.safe_load(files(package).joinpath(f"{name}.yaml").read_text("utf-8"))
    if not isinstance(data, dict):
        raise PolicyError(
            f"{name}.yaml of {package} holds {type(data).__name__}; expected a mapping at the top"
        )
    return data
