"""What `minyi verify` found, in lines and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from followup.chain_check import Checked, Located
from followup.reading import Identity
from workers.agreement import Agreement, Breach
from workers.agreement.promises import promises
from workers.commands.case_text import LOCAL

SHOWN = 20


@dataclass(frozen=True)
class Verified:
    """What was looked at and found. `alone`: only the chain of one case. `ledger` is None where no ledger was given."""

    checked: Checked
    alone: bool = False
    centres: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    identities: tuple[tuple[str, Identity], ...] = ()
    ledger: Agreement | None = None

    @property
    def nothing(self) -> bool:
        """There was nothing to look at."""
        return not self.alone and not self.centres and not self.checked.faults

    @property
    def holds(self) -> bool:
        return (
            not self.checked.faults
            and not self.breaches
            and all(identity.holds for _, identity in self.identities)
            and (self.ledger is None or self.ledger.agrees)
        )


def lines(found: Verified) -> Iterator[str]:
    """One line for each thing that was looked at, ✓ or ✗; under it what does not hold."""
    yield from _chain_lines(found.checked, found.alone)
    if not found.alone:
        yield from _promise_lines(found)
        yield from _ledger_lines(found.ledger)
    yield "全部成立 everything holds" if found.holds else "有不成立之处 something does not hold"


def _chain_lines(checked: Checked, alone: bool) -> Iterator[str]:
    sign = "✗" if checked.faults else "✓"
    yield f"{sign} 记录链 event chains: {checked.events} events in {checked.chains} cases" + (
        ""
        if alone
        else f", {checked.policy_events} of policies, {checked.pay_events} of pay, {checked.sanction_events} of sanctions, "
        f"{checked.sealed_days} sealed days"
    )
    if checked.first is not None:
        yield f"  最早被改之处 the first altered row: {located(checked.first)}"
    for other in checked.faults[1:SHOWN]:
        yield f"    {located(other)}"
    if len(checked.faults) > SHOWN:
        yield f"    … 共 {len(checked.faults)} 处 in all"
    for seal in checked.seals:
        yield f"  封存 {seal.centre_code} 至 sealed until {seal.day}: {seal.hash.hex()}"


def located(one: Located) -> str:
    """One fault in a line: the row, the case and the place in its chain, what does not fit, when it was last seen unaltered."""
    fault = one.fault
    return f"{fault.table} {fault.row}, {fault.subject} #{fault.seq}: {fault.zh} {fault.en}; {_sealed(one)}"


def _sealed(one: Located) -> str:
    if one.sealed is None:
        return "尚未封存 under no seal yet"
    return f"最后见其未改 last seen unaltered: {one.sealed.day} ({_minute(one.sealed.sealed_at)})"


def _minute(at: datetime) -> str:
    return at.astimezone(LOCAL).isoformat(timespec="minutes")


def _promise_lines(found: Verified) -> Iterator[str]:
    broken = {breach.promise for breach in found.breaches}
    for name, text in promises().items():
        yield f"{'✗' if name in broken else '✓'} {text['zh']} {text['en']}"
    for breach in found.breaches[:SHOWN]:
        yield f"    {breach}"
    for code, identity in found.identities:
        yield f"{'✓' if identity.holds else '✗'} {code} {identity}"


def _ledger_lines(agreement: Agreement | None) -> Iterator[str]:
    if agreement is None:
        yield "- 未比对账本 the ledger was not compared: none is given (--ledger FILE, or --twin URL)"
        return
    yield (
        f"{'✓' if agreement.agrees else '✗'} 账本 ledger: differences {len(agreement.differences)}, "
        f"intent_mismatches {len(agreement.intent_mismatches)}"
    )
    for one in (*agreement.differences, *agreement.intent_mismatches)[:SHOWN]:
        yield f"    {one}"


def as_json(found: Verified) -> str:
    """Everything, none left out."""
    body: dict[str, Any] = {"holds": found.holds, "chain": chain_record(found.checked)}
    if not found.alone:
        body |= {
            "broken_promises": [asdict(breach) for breach in found.breaches],
            "identities": [
                {"centre": code, "name": i.name, "whole": i.whole, "parts": dict(i.parts), "holds": i.holds}
                for code, i in found.identities
            ],
            "ledger": None if found.ledger is None else found.ledger.to_json(),
        }
    return json.dumps(body, ensure_ascii=False, indent=2)


def chain_record(checked: Checked) -> dict[str, Any]:
    """The chains as JSON values. `first`: the first altered row, null where there is none."""
    return {
        "events": checked.events,
        "chains": checked.chains,
        "policy_events": checked.policy_events,
        "pay_events": checked.pay_events,
        "sanction_events": checked.sanction_events,
        "sealed_days": checked.sealed_days,
        "first": None if checked.first is None else _fault_record(checked.first),
        "faults": [_fault_record(one) for one in checked.faults],
        "seals": [
            {"centre": seal.centre_code, "day": seal.day.isoformat(), "hash": seal.hash.hex()}
            for seal in checked.seals
        ],
    }


def _fault_record(one: Located) -> dict[str, Any]:
    fault, sealed = one.fault, one.sealed
    return {
        **asdict(fault),
        "case": fault.subject.removeprefix("case:") if fault.subject.startswith("case:") else None,
        "last_seen_unaltered": None
        if sealed is None
        else {"day": sealed.day.isoformat(), "sealed_at": sealed.sealed_at.isoformat()},
    }
