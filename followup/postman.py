"""Mails handed to an SMTP server. What it answers is one of three: it has it, never, or later."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib

Security = Literal["starttls", "tls", "none"]
SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp+plain": ("none", 25),
}


class PostError(Exception):
    """What is wrong with the settings of the mail server."""


@dataclass(frozen=True)
class Handed:
    """The server has it. Whether anybody reads it, only a receipt says."""


@dataclass(frozen=True)
class Never:
    """The server refuses it for good; `why` without any address."""

    why: str


@dataclass(frozen=True)
class Later:
    """The server is away or says "later"."""

    why: str


@dataclass(frozen=True)
class Postman:
    """One server. `smtp://` upgrades to TLS or sends nothing, `smtps://` speaks TLS from the start, `smtp+plain://` is for a
    relay on the same machine and takes no password."""

    host: str
    port: int
    security: Security
    username: str | None
    password: str | None
    sender: str
    ca: Path | None
    timeout_s: float

    async def send(self, mail: EmailMessage) -> Handed | Never | Later:
        """Hand over one mail. A server that dies after the last byte leaves it unknown: `Later`, under the same Message-ID."""
        try:
            async with asyncio.timeout(self.timeout_s):
                await aiosmtplib.send(
                    mail,
                    hostname=self.host,
                    port=self.port,
                    username=self.username,
                    password=self.password,
                    use_tls=self.security == "tls",
                    start_tls=self.security == "starttls",
                    tls_context=ssl.create_default_context(cafile=self.ca)
                    if self.security != "none"
                    else None,
                    timeout=self.timeout_s,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(max(one.code for one in error.recipients))
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code)
        except (aiosmtplib.SMTPException, TimeoutError, OSError, ssl.SSLError) as error:
            return Later(type(error).__name__)
        return Handed()


def _refused(code: int) -> Never | Later:
    """A password that is wrong (535) is ours to mend: later. Every other 5xx is about this mail."""
    return (
        Never(f"smtp {code}")
        if 500 <= code < 600 and code not in (530, 534, 535, 538)
        else Later(f"smtp {code}")
    )


def postman(url: str, sender: str, ca: Path | None, timeout_s: float) -> Postman:
    """From the settings. Raises PostError, which never repeats the password."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise PostError(
            f"smtp_url must begin with one of {', '.join(f'{s}://' for s in SCHEMES)} and name a host."
        )
    security, port = SCHEMES[parts.scheme]
    if security == "none" and parts.password:
        raise PostError("smtp_url: smtp+plain:// would send the password in clear. Use smtp:// or smtps://.")
    if "@" not in sender:
        raise PostError("smtp_from must be set to the address that mails come from.")
    return Postman(
        parts.hostname,
        parts.port or port,
        security,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        sender,
        ca,
        timeout_s,
    )
