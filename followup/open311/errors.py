"""How the Open311 endpoint says no: one status, and a list of errors in the format that was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Open311Error(Exception):
    """`status` is that of the answer; `description` names what is wrong and what to do."""

    status: int
    description: str
    headers: dict[str, str] = field(default_factory=dict)


def no_jurisdiction(known: list[str]) -> Open311Error:
    """There are several, and none was named."""
    return Open311Error(400, f"jurisdiction_id was not provided. Send one of {', '.join(known)}.")


def unknown_jurisdiction() -> Open311Error:
    """There is none like that."""
    return Open311Error(404, "jurisdiction_id was not found. It is the six digits of the county.")


def no_key() -> Open311Error:
    """For those that need one."""
    return Open311Error(403, "api_key is missing or not valid for this. The centre hands keys out.")
