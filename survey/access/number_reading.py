"""DOOR. A resident's number, for a person with a reason. That it was read is kept in the transaction that reads it.

There is no other way to see one: pages and commands that show numbers come through here. Contractors get it masked.
"""

from dataclasses import dataclass
from typing import Any

from survey.access.refusals import NoReason, NotPermitted
from survey.access.roles import may
from survey.access.signing_in import spelled
from survey.ground import Ground
from survey.masking import masked_number
from survey.store import access_events, accounts, people


@dataclass(frozen=True)
class Shown:
    """A number in E.164, or (`clear` False) with its middle hidden: enough to tell two people apart, too little to ring."""

    number: str
    clear: bool


async def read_number(
    ground: Ground,
    conn: Any,
    staff: str,
    person_id: int,
    area: str,
    reason: str,
    *,
    attempt_id: int | None = None,
) -> Shown:
    """The number of a person in `area`, asked for by `staff`: the name of an account, or what somebody at the command line calls
    themselves, who has this installation's key in any case. `attempt_id`: the call that it is dialled for. Only a number in
    clear is a read, and on record.

    Raises NoReason; NotPermitted where the account is disabled, of another role or of another area.
    """
    if not reason.strip():
        raise NoReason
    account = await accounts.account(conn, spelled(staff))
    if account is not None and (
        account.disabled_at is not None or not may(account.grants, "numbers.read", area)
    ):
        raise NotPermitted(f"numbers.read {area}")
    number = ground.vault.open(await people.sealed_number(conn, person_id))
    if account is not None and account.employment == "contractor":
        return Shown(masked_number(number), clear=False)
    account_id = account.id if account is not None else None
    now = ground.clock.now()
    await access_events.record_number_read(conn, person_id, account_id, staff, reason, attempt_id, now)
    return Shown(number, clear=True)


def masked(ground: Ground, number_cipher: bytes) -> str:
    """A number with its middle hidden, which anybody may see who works with the person, and which is no read."""
    return masked_number(ground.vault.open(number_cipher))
