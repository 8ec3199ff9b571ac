"""A notice as a mail: plain text and the same formatted, Chinese first. The same message gives the same bytes each time, so that
one that is sent again after a crash can be told by its Message-ID. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any

from survey.web.shell import templates_of


def compose(
    *,
    ref: str,
    sender: str,
    to: str,
    subject: str,
    body: str,
    letters: Sequence[Mapping[str, Any]],
    at: datetime,
) -> EmailMessage:
    """`sender`: an address, or a name with an address in angle brackets. `at`: when the message was made."""
    name, address = parseaddr(sender)
    local, _, domain = address.partition("@")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, local, domain)
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(ref, domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="base64")
    html = templates_of("followup").get_template("notice_mail.html").render(subject=subject, letters=letters)
    mail.add_alternative(html, subtype="html", cte="base64")
    mail.set_boundary(f"minyi-{sha256(ref.encode()).hexdigest()[:24]}")
    return mail


def message_id(ref: str, domain: str) -> str:
    """One for each message, whenever it is sent."""
    return f"<{ref}@{domain}>"
