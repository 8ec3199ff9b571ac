"""X-Twilio-Signature, as Twilio computes it; `twilio.request_validator` is the oracle in the tests."""

import base64
import hmac
from collections.abc import Iterable


def sign(token: str, url: str, params: Iterable[tuple[str, str]]) -> str:
    """base64(HMAC-SHA1(token, url + every name and value, sorted)); equal pairs count once.

    `url` is the full one with its query and without its fragment; `params` are the POST parameters
    (none for GET)."""
    text = url + "".join(name + value for name, value in sorted(set(params)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()
