"""Our accounts and numbers at the carrier, as the settings write them down."""

import re
from dataclasses import dataclass, field

from survey.settings import Settings
from survey.settings_sources import SettingsError

_ACCOUNT = re.compile(r"(?P<sid>[A-Za-z0-9_-]+):(?P<token>[^@,\s]+)(@(?P<rate>[\d.]+))?")
_API_KEY = re.compile(r"SK[0-9a-f]{32}")
_NUMBER = re.compile(r"((?P<sid>[A-Za-z0-9_-]+)=)?(?P<number>\+\d{6,15})(@(?P<rate>[\d.]+))?")


@dataclass(frozen=True)
class OurAccount:
    """An account with its secret. `calls_per_second`: what it may be given; `numbers`: its own, in their order."""

    sid: str
    token: str
    calls_per_second: float
    numbers: tuple["NumberRate", ...]


@dataclass(frozen=True)
class NumberRate:
    """One of our numbers, and how many calls a second it may be given."""

    number: str
    calls_per_second: float


@dataclass(frozen=True)
class BrowserKey:
    """An API key of our first account at the carrier: the rooms in which operators wait are that account's."""

    account_sid: str
    sid: str
    secret: str = field(repr=False)


def our_accounts(settings: Settings) -> tuple[OurAccount, ...]:
    """The first account with its first number, then the others. Raises SettingsError, without a token in it."""
    usual = settings.carrier_calls_per_second
    first = settings.carrier_account_sid
    tokens = {first: (settings.carrier_auth_token.get_secret_value(), usual)}
    for text in _parts(settings.carrier_accounts.get_secret_value()):
        found = _ACCOUNT.fullmatch(text)
        if found is None or found["sid"] in tokens:
            raise SettingsError(
                "carrier_accounts: each is SID:TOKEN or SID:TOKEN@CALLS_PER_SECOND, with commas between, and stands once."
            )
        tokens[found["sid"]] = (found["token"], _rate(found["rate"], usual))
    numbers: dict[str, list[NumberRate]] = {sid: [] for sid in tokens}
    numbers[first].append(NumberRate(settings.carrier_number, tokens[first][1]))
    seen = {settings.carrier_number}
    for text in _parts(settings.carrier_numbers):
        found = _NUMBER.fullmatch(text)
        if found is None or (found["sid"] or first) not in tokens or found["number"] in seen:
            raise SettingsError(
                f"carrier_numbers: {text!r} is not NUMBER, SID=NUMBER or either with @CALLS_PER_SECOND, its account is not among"
                " carrier_accounts, or it stands twice. Correct it."
            )
        seen.add(found["number"])
        sid = found["sid"] or first
        numbers[sid].append(NumberRate(found["number"], _rate(found["rate"], tokens[sid][1])))
    empty = [sid for sid, own in numbers.items() if not own]
    if empty:
        raise SettingsError(
            f"carrier_numbers: account {empty[0]} has no number. Give it one: {empty[0]}=+86…"
        )
    return tuple(OurAccount(sid, token, rate, tuple(numbers[sid])) for sid, (token, rate) in tokens.items())


def browser_key(settings: Settings) -> BrowserKey | None:
    """What lets operators' browsers be called instead of their telephones. None: not set. Raises SettingsError, without the
    secret in it."""
    sid, secret = settings.carrier_api_key_sid, settings.carrier_api_key_secret.get_secret_value()
    if not sid and not secret:
        return None
    if not _API_KEY.fullmatch(sid) or not secret or not settings.carrier_account_sid:
        raise SettingsError(
            "carrier_api_key_sid and carrier_api_key_secret go together, beside carrier_account_sid; the first begins with SK."
            " Set all of them, or neither of the two: then operators are called on their telephones alone."
        )
    return BrowserKey(settings.carrier_account_sid, sid, secret)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _rate(text: str | None, usual: float) -> float:
    if text is None:
        return usual
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if rate <= 0:
        raise SettingsError(f"carrier: the pace after @ is a number a second above 0, not {text!r}.")
    return rate
