"""The whole passport of a case (一案一档): all that is kept about it, the seals over it, and whether its chain holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from followup import chain_check, reading
from followup.chain_check import Checked
from followup.reading import CasePassport
from followup.store import dossiers, units
from followup.store.dossiers import SealOver

__all__ = ["Dossier", "SealOver", "dossier"]

SHOWN_APART = frozenset({"assignment", "result", "callback"})
"""Tables that the passport has already, row by row."""
KEYS_INSIDE = frozenset({"id", "repeat_of", "unit_ref", "verify_unit_ref"})
SECRETS = ("token", "secret", "cipher", "digest", "query_code")
"""Parts of the names of columns that nobody outside needs, and with which somebody could do something."""


@dataclass(frozen=True)
class Dossier:
    """One case. `records`: rows of every other table that knows it, (table, row) by time; without keys of the store."""

    passport: CasePassport
    area_name: str
    unit_names: Mapping[str, str]
    records: Sequence[tuple[str, Mapping[str, Any]]]
    seals: Sequence[SealOver]
    checked: Checked


async def dossier(conn: asyncpg.Connection, number: str) -> Dossier:
    """Everything about one case. Raises UnknownCase. Not within a transaction: the check reads at one moment of its own."""
    checked = await chain_check.check(conn, number=number)
    passport = await reading.passport(conn, number)
    case = passport.case
    return Dossier(
        passport=passport,
        area_name=await dossiers.area_name(conn, case.area_code),
        unit_names={unit.code: unit.name_zh for unit in await units.units_of(conn, case.centre_code)},
        records=_shown(await dossiers.records_of(conn, case.id)),
        seals=await dossiers.seals_of(conn, f"case:{number}"),
        checked=checked,
    )


def _shown(records: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, Mapping[str, Any]]]:
    shown = [(kind, without_keys(row)) for kind, row in records if kind not in SHOWN_APART]
    return sorted(shown, key=lambda one: (moment_of(one[1]), one[0]))


def without_keys(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, or the facts of an event, without the numbers by which rows know each other and without secrets."""
    return {name: value for name, value in row.items() if _may_be_shown(name, value)}


def _may_be_shown(name: str, value: object) -> bool:
    numbered = name.endswith("_id") and (value is None or isinstance(value, int))
    return not numbered and name not in KEYS_INSIDE and not any(part in name for part in SECRETS)


def moment_of(row: Mapping[str, Any]) -> str:
    """When a row was written, as text that sorts: its earliest column that ends in "at"; empty where there is none."""
    moments = [str(value) for name, value in row.items() if (name == "at" or name.endswith("_at")) and value]
    return min(moments, default="")
