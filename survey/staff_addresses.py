"""Telephone numbers and mail addresses of those who handle cases: sealed when they come, in clear only for sending."""

import re
from typing import Any, Final, Literal

from survey.sampling.numbers import NumberPlan, is_landline, to_dial
from survey.sampling.refusals import FieldRefused
from survey.store import tellings
from survey.vault import Vault

Kind = Literal["phone", "mail"]
MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


class NotAnAddress(Exception):
    """Why something is no number or no mail address; what was typed is not repeated."""


async def keep(conn: Any, vault: Vault, kind: Kind, typed: str, plan: NumberPlan) -> tuple[int, str]:
    """Seal an address. Its id, and how it may be shown. Raises NotAnAddress."""
    plain = _number(typed, plan) if kind == "phone" else _mail(typed)
    token = vault.token(plain) if kind == "phone" else vault.mail_token(plain)
    address = await tellings.insert_address(conn, kind, token, vault.key_id, vault.seal(plain))
    return address, masked(kind, plain)


async def opened(conn: Any, vault: Vault, address_id: int) -> str | None:
    """The address in clear, for sending and nothing else. None: it was taken back."""
    cipher = await tellings.sealed_address(conn, address_id)
    return vault.open(cipher) if cipher is not None else None


async def take_back(conn: Any, address_id: int) -> None:
    """Nothing goes there any more, and nobody can read it again."""
    await tellings.empty_address(conn, address_id)


def masked(kind: Kind, plain: str) -> str:
    """What may be shown: the last four digits, or the first letter and the domain."""
    if kind == "phone":
        return f"…{plain[-4:]}"
    local, _, domain = plain.partition("@")
    return f"{local[0]}…@{domain}"


def _number(typed: str, plan: NumberPlan) -> str:
    try:
        number = to_dial(typed, plan)
    except FieldRefused as no:
        raise NotAnAddress(str(no)) from None
    if is_landline(number):
        raise NotAnAddress("a fixed line gets no texts; give a mobile number")
    return number


def _mail(typed: str) -> str:
    address = typed.strip().lower()
    if not MAIL.fullmatch(address):
        raise NotAnAddress("this is no mail address; it looks like name@example.gov.cn")
    return address
