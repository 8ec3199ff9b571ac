"""Access tokens with which a browser registers at Twilio as a telephone that can be called, and can call nobody."""

from datetime import datetime

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant


def incoming_token(*, account_sid: str, key_sid: str, secret: str, name: str, until: datetime) -> str:
    """A JWT, good until then (real time). Without a moment from which it is good: a clock that is ahead would refuse it."""
    token = AccessToken(
        account_sid, key_sid, secret, identity=name, nbf=None, valid_until=int(until.timestamp())
    )
    token.add_grant(VoiceGrant(incoming_allow=True))
    return str(token.to_jwt())
