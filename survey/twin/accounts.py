"""The customers of this carrier: their accounts with the token that signs for them, and the numbers they call from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .numbers import is_e164

NUMBER = "+8615400000000"
CALLS_PER_SECOND = SEGMENTS_PER_SECOND = 1.0
_SID = re.compile(r"AC[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Number:
    """One of our numbers. `segments_per_second` is the pace of its texts; None is the carrier's usual one."""

    number: str
    segments_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One customer. `number` is the sender of texts that name none; `more` are the account's further numbers;
    `calls_per_second` None is the carrier's usual pace."""

    sid: str
    auth_token: str
    inbound_url: str | None = None
    number: str = NUMBER
    inbound_voice_url: str | None = None
    inbound_status_url: str | None = None
    more: tuple[Number, ...] = ()
    calls_per_second: float | None = None

    def owns(self, number: str) -> bool:
        return number == self.number or any(number == one.number for one in self.more)

    def segments_per_second(self, number: str) -> float | None:
        return next((one.segments_per_second for one in self.more if one.number == number), None)


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """`SID:TOKEN` or `SID:TOKEN@CALLS_PER_SECOND`."""

    sid: str
    auth_token: str
    calls_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """`NUMBER`, `NUMBER@SEGMENTS_PER_SECOND`, or either after `SID=`; without an account it is the first one's."""

    number: str
    segments_per_second: float | None = None
    account_sid: str | None = None


def given_account(text: str) -> GivenAccount:
    """Raises ValueError, without the token in it, for what is no account."""
    credentials, _, pace = text.partition("@")
    sid, _, token = credentials.partition(":")
    if not _SID.fullmatch(sid) or not token:
        raise ValueError("an account is given as SID:TOKEN, the SID being AC and 32 hexadecimal digits")
    return GivenAccount(sid, token, _pace(pace))


def given_number(text: str) -> GivenNumber:
    """Raises ValueError for what is no number in E.164."""
    sid, equals, rest = text.rpartition("=")
    number, _, pace = rest.partition("@")
    if not is_e164(number) or (equals and not _SID.fullmatch(sid)):
        raise ValueError(f"{text!r} is not a number like {NUMBER}, nor one after SID=")
    return GivenNumber(number, _pace(pace), sid or None)


def _pace(text: str) -> float | None:
    if not text:
        return None
    try:
        pace = float(text)
    except ValueError:
        pace = 0.0
    if pace <= 0:
        raise ValueError(f"the pace after @ is a number a second above 0, not {text!r}")
    return pace


def accounts_of(
    given: Sequence[GivenAccount],
    numbers: Iterable[GivenNumber],
    inbound_url: str | None,
    inbound_voice_url: str | None,
    inbound_status_url: str | None,
) -> tuple[Account, ...]:
    """The accounts in their order, each with its numbers; the first without any has NUMBER.

    Raises ValueError for an account or number that stands twice, a number of an account that is not there, and a further
    account without a number."""
    owned: dict[str, list[Number]] = {account.sid: [] for account in given}
    if len(owned) < len(given):
        raise ValueError("an account stands twice among the accounts")
    seen: set[str] = set()
    for one in numbers:
        sid = one.account_sid or given[0].sid
        if sid not in owned:
            raise ValueError(f"number {one.number} is of account {sid}, which is not among the accounts")
        if one.number in seen:
            raise ValueError(f"number {one.number} stands twice among the numbers")
        seen.add(one.number)
        owned[sid].append(Number(one.number, one.segments_per_second))
    if not owned[given[0].sid] and NUMBER not in seen:
        owned[given[0].sid].append(Number(NUMBER))
    for sid, own in owned.items():
        if not own:
            raise ValueError(f"account {sid} has no number: give it one with --number {sid}=…")
    return tuple(
        Account(
            account.sid, account.auth_token, inbound_url, owned[account.sid][0].number, inbound_voice_url,
            inbound_status_url, tuple(owned[account.sid]), account.calls_per_second,
        )
        for account in given
    )  # fmt: skip
