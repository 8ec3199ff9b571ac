"""DOOR. Browsers as operators' telephones: the name under which one is called, and the token with which it registers there.

The name is a keyed hash of the account's: the carrier learns neither number nor person. Each token is on record before it is
handed out, and good for minutes (policy `dispatch`, `line_token_s`); the page asks for another before it ends.
"""

from datetime import timedelta
from typing import Final

from survey.access.signed_in import SignedIn
from survey.caller_settings import BrowserKey
from survey.channels.base import CLIENT
from survey.channels.twilio.access_tokens import incoming_token
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.store import access_events
from survey.vault import Vault

HANDED_OUT: Final = "line_token"
"""The event of an account to whose browser a token was handed."""


def address_of(vault: Vault, operator: str) -> str:
    """Where the carrier is to call this operator's browser; the same for as long as the vault's key is."""
    return CLIENT + _name_of(vault, operator)


async def hand_out(ground: Ground, key: BrowserKey, who: SignedIn, source: str) -> str:
    """A token for this operator's browser, on record with the address that it was asked from."""
    async with ground.pool.acquire() as conn:
        await access_events.record(
            conn, who.account_id, HANDED_OUT, by=who.name, source=source, now=ground.clock.now()
        )
    return incoming_token(
        account_sid=key.account_sid,
        key_sid=key.sid,
        secret=key.secret,
        name=_name_of(ground.vault, who.name),
        until=ground.real_now() + timedelta(seconds=dispatch_policy().line_token_s),
    )


def _name_of(vault: Vault, operator: str) -> str:
    return f"op_{vault.line_mac(operator).hex()[:32]}"
