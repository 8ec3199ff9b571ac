"""The provider that staff may sign in at, as the settings write it down."""

from survey.access.openid import OpenId, Provider, is_secret_way
from survey.settings import Settings
from survey.settings_sources import SettingsError
from survey.web.openid_pages import BACK


def openid_of(settings: Settings) -> OpenId | None:
    """None: none is set. Raises SettingsError, without the secret in it."""
    issuer, client, secret = (
        settings.openid_issuer,
        settings.openid_client_id,
        settings.openid_client_secret.get_secret_value(),
    )
    if not (issuer or client or secret):
        return None
    if not (issuer and client and secret):
        raise SettingsError("openid_issuer, openid_client_id and openid_client_secret go together.")
    if not is_secret_way(issuer):
        raise SettingsError(
            f"openid_issuer: {issuer!r} has to begin with https://; the secret is sent there."
        )
    zh, _, en = settings.openid_called.partition("/")
    return OpenId(
        Provider(issuer, client, secret, (zh, en or zh)), f"{settings.public_url.rstrip('/')}{BACK}"
    )
