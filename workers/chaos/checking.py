"""The second checker: the carrier's ledger laid into temporary tables, and checks.sql put to both. It shares no code with the
first (`workers.agreement`) and reads no policy."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

_NAMED: Final = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A breach: its kind, and where it is; never a number."""

    kind: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}"


@cache
def checks() -> dict[str, str]:
    """Every query of checks.sql by its name."""
    body = files("workers.chaos").joinpath("checks.sql").read_text("utf-8")
    parts = _NAMED.split(body)[1:]
    return {name: sql.strip().rstrip(";") for name, sql in zip(parts[::2], parts[1::2], strict=True)}


async def check(conn: Any, ledger: dict[str, Any], token_of: Callable[[str], bytes]) -> list[Found]:
    """Everything that does not hold. `ledger` as the twin gives it out; `token_of` makes a number's token. In a transaction that
    is rolled back: nothing is left in the database."""
    transaction = conn.transaction()
    await transaction.start()
    try:
        await conn.execute(files("workers.chaos").joinpath("ledger_tables.sql").read_text("utf-8"))
        await _lay(conn, ledger, token_of)
        return [Found(name, row[0]) for name, sql in checks().items() for row in await conn.fetch(sql)]
    finally:
        await transaction.rollback()


async def _lay(conn: Any, ledger: dict[str, Any], token_of: Callable[[str], bytes]) -> None:
    calls, texts = ledger["calls"], ledger["texts"]
    await conn.copy_records_to_table("ledger_call", records=[_call(call, token_of) for call in calls])
    await conn.copy_records_to_table("ledger_key", records=list(_keys(calls)))
    await conn.copy_records_to_table("ledger_text", records=[_text(text, token_of) for text in texts])
    stops = [(token_of(row["number"]), _moment(row["at"]), row["via"]) for row in ledger["opt_outs"]]
    await conn.copy_records_to_table("ledger_stop", records=stops)


def _call(call: dict[str, Any], token_of: Callable[[str], bytes]) -> tuple[Any, ...]:
    resident = call["from_"] if call["kind"] == "inbound" else call["to"]
    sid = call.get("sid") or f"desk {call['id']}"
    moments = (_moment(call["created_at"]), _moment(call["answered_at"]), _moment(call["ended_at"]))
    return (sid, call["kind"], call["reference"], token_of(resident), *moments, call["status"], call["rang"])


def _keys(calls: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for call in calls:
        if call["kind"] != "api":
            continue
        for key in call["keys"]:
            last = key["url_path"].rstrip("/").rpartition("/")[2]
            step = int(last) if last.isdecimal() else None
            yield call["sid"], step, key["digits"], key["delivered"] == "yes", _moment(key["at"])


def _text(text: dict[str, Any], token_of: Callable[[str], bytes]) -> tuple[Any, ...]:
    resident = text["to"] if text["direction"] == "out" else text["from_"]
    delivered = text["delivered"] == "yes"
    return text["sid"], text["direction"], token_of(resident), _moment(text["at"]), text["status"], delivered


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
