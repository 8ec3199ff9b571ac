"""Accounts and numbers as the settings write them, and what is refused of them."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from survey.caller_settings import BrowserKey, NumberRate, OurAccount, browser_key, our_accounts
from survey.settings import Settings, SettingsError

FIRST, SECOND = "AC" + "0" * 32, "AC" + "1" * 32
A, B, C = "+8615400000000", "+8615400000001", "+8615400000002"


def settings(accounts: str = "", numbers: str = "") -> Settings:
    return Settings(
        carrier_account_sid=FIRST,
        carrier_auth_token=SecretStr("one"),
        carrier_calls_per_second=2.0,
        carrier_accounts=SecretStr(accounts),
        carrier_numbers=numbers,
    )


def test_the_first_account_and_number_need_nothing_else() -> None:
    assert our_accounts(settings()) == (OurAccount(FIRST, "one", 2.0, (NumberRate(A, 2.0),)),)


def test_further_numbers_and_accounts_with_their_own_rates() -> None:
    assert our_accounts(settings(f"{SECOND}:two@5", f"{B}@0.5, {SECOND}={C}")) == (
        OurAccount(FIRST, "one", 2.0, (NumberRate(A, 2.0), NumberRate(B, 0.5))),
        OurAccount(SECOND, "two", 5.0, (NumberRate(C, 5.0),)),
    )


@pytest.mark.parametrize(
    ("accounts", "numbers", "says"),
    [
        (SECOND, "", "each is SID:TOKEN"),
        (f"{FIRST}:again", "", "stands once"),
        (f"{SECOND}:two", "", f"account {SECOND} has no number"),
        ("", f"{SECOND}={B}", "its account is not among"),
        ("", A, "stands twice"),
        ("", "15400000001", "is not NUMBER"),
        ("", f"{B}@0", "above 0"),
    ],
)
def test_what_does_not_fit_is_refused_without_a_secret_in_the_message(
    accounts: str, numbers: str, says: str
) -> None:
    with pytest.raises(SettingsError, match=says) as refusal:
        our_accounts(settings(accounts, numbers))
    assert "again" not in str(refusal.value) and "two" not in str(refusal.value)


KEY_SID = "SK" + "2" * 32


def with_key(sid: str, secret: str, account: str = FIRST) -> Settings:
    return Settings(
        carrier_account_sid=account, carrier_api_key_sid=sid, carrier_api_key_secret=SecretStr(secret)
    )


def test_a_key_lets_browsers_be_called_and_without_one_none_is() -> None:
    key = browser_key(with_key(KEY_SID, "hidden"))
    assert key == BrowserKey(FIRST, KEY_SID, "hidden")
    assert "hidden" not in repr(key)
    assert browser_key(settings()) is None


@pytest.mark.parametrize(
    ("sid", "secret", "account"),
    [
        (KEY_SID, "", FIRST),
        ("", "hidden", FIRST),
        ("AC" + "2" * 32, "hidden", FIRST),
        (KEY_SID, "hidden", ""),
    ],
)
def test_half_a_key_is_refused_without_its_secret_in_the_message(sid: str, secret: str, account: str) -> None:
    with pytest.raises(SettingsError, match="go together") as refused:
        browser_key(with_key(sid, secret, account))
    assert "hidden" not in str(refused.value)
