"""Mails: handed to a real server once; after a crash once more at the most, and then to be told by their Message-ID."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from notices_bench import LEADERS_MAIL, LEADERS_PHONE, MAIL, OFFICE, SIGNED, Office, PostOffice, at, plain

from followup import notifying
from followup.mail_composing import compose
from followup.notice_templates import letter_of, notice_policy
from followup.postman import Handed, Later, PostError, Postman, postman
from followup.store.notice_messages import messages_of

URGE = "urge_2"


async def test_a_mail_as_it_arrives(police: Office) -> None:
    await police.owe(template=URGE)
    await police.work()
    (mail,) = police.post.mails
    assert {
        name: mail[name] for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted", "Date")
    } == {
        "From": "遂澜民调中心 <minyi@suilan.example>",
        "To": LEADERS_MAIL,
        "Subject": f"{SIGNED}催办通知书 Urge notice",
        "Message-ID": "<ref-0001@suilan.example>",
        "Auto-Submitted": "auto-generated",
        "Date": "Mon, 09 Mar 2026 02:00:00 +0000",
    }
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    known = notice_policy().templates[URGE]
    zh, en = letter_of(known, known.example)
    assert plain(mail) == "\n".join(["催办通知书", *zh, "", "Urge notice", *en, ""])
    html = mail.get_body(("html",))
    assert html is not None
    formatted = html.get_content()
    assert formatted.index(zh[1]) < formatted.index(escape(en[1]))
    assert await police.states() == ["sent"]


async def test_words_in_a_mail_are_words(police: Office) -> None:
    """Nothing that somebody wrote becomes markup or a header."""
    await police.owe(template="urge_4", why="<b>逾期</b>\r\nBcc: a@b.example")
    await police.work()
    (mail,) = police.post.mails
    html = mail.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;逾期&lt;/b&gt;" in html.get_content()
    assert mail["Bcc"] is None


async def test_a_worker_that_dies_with_the_mail_at_the_server(police: Office) -> None:
    """It was killed between sending and writing that down. The mail goes once more, the same to the byte."""
    await police.owe(template=URGE)
    there = asyncio.Event()

    async def never_answer() -> None:
        there.set()
        await asyncio.sleep(3600)

    police.post.on_mail = never_answer
    dying = asyncio.create_task(notifying.deliver(police.ground, police.postman))
    await there.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    police.post.on_mail = None
    assert await police.rows("SELECT status FROM followup.notice_message") == [("sending",)]

    await police.work()
    assert len(police.post.raw) == 1  # the worker may be alive
    police.later(seconds=121)
    await police.work()
    first, second = police.post.raw
    assert first == second
    assert b"Message-ID: <ref-0001@suilan.example>" in first
    police.later(hours=1)
    await police.work()
    assert (len(police.post.raw), await police.states()) == (2, ["sent"])


async def test_a_worker_that_dies_before_the_mail_is_at_the_server(police: Office) -> None:
    await police.owe(template=URGE)

    asked = asyncio.Event()

    async def hang(mail: object) -> Handed:
        asked.set()
        await asyncio.sleep(3600)
        raise AssertionError("nobody waits so long")

    class Dead(Postman):
        async def send(self, mail: object) -> Handed:
            return await hang(mail)

    assert police.postman is not None
    dead = Dead(**vars(police.postman))
    dying = asyncio.create_task(notifying.deliver(police.ground, dead))
    await asked.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    police.later(seconds=121)
    await police.work()
    assert (len(police.post.raw), await police.states()) == (1, ["sent"])


async def test_many_workers_at_once_send_each_mail_once(police: Office) -> None:
    for n in range(12):
        await police.book(f"post:p{n}:991721", "duty", mail=f"p{n}@example.org")
        await police.owe(f"post:p{n}:991721", URGE)
    await asyncio.gather(*(notifying.deliver(police.ground, police.postman) for _ in range(4)))
    assert sorted(mail["To"] for mail in police.post.mails) == sorted(f"p{n}@example.org" for n in range(12))


async def test_a_server_that_says_later_is_asked_later(police: Office) -> None:
    """After five minutes, half an hour, two hours; then the text goes."""
    await police.owe(template=URGE)
    police.post.answers = ["451 later"] * 4
    for minutes in (0, 5, 30):
        police.later(minutes=minutes)
        await police.work()
    assert (police.post.mails, police.carrier.texts, len(police.post.answers)) == ([], [], 1)
    police.later(minutes=119)
    await police.work()
    assert len(police.post.answers) == 1
    police.later(minutes=1)
    police.clock.moment = at("9 14:30")  # of office hours, as a text goes now
    await police.work()
    assert [number for number, _ in police.carrier.texts] == [LEADERS_PHONE]


async def test_a_server_that_is_away(police: Office) -> None:
    assert police.postman is not None
    there = police.postman
    police.postman = replace(there, port=1)
    await police.owe(template=URGE)
    await police.work()
    assert await police.rows("SELECT status, tries FROM followup.notice_message") == [("waiting", 1)]
    police.postman = there
    police.later(minutes=5)
    await police.work()
    assert len(police.post.mails) == 1


async def test_an_address_that_the_server_refuses_leaves_the_text(police: Office) -> None:
    police.post.refused = {LEADERS_MAIL: "550 no such user here"}
    notice = await police.owe(template=URGE)
    await police.work()
    assert [number for number, _ in police.carrier.texts] == [LEADERS_PHONE]
    assert notice is not None
    async with police.ground.pool.acquire() as conn:
        told = [(m.channel, m.shown, m.status, m.why) for m in await messages_of(conn, notice)]
    assert told == [("mail", "l…@police.example", "failed", "smtp 550"), ("text", "…0902", "sent", None)]


async def test_without_a_mail_server_the_text_goes(police: Office) -> None:
    police.postman = None
    await police.owe(template=URGE)
    await police.book(OFFICE, "duty", mail=MAIL)
    await police.owe(OFFICE, URGE)
    await police.work()
    assert [number for number, _ in police.carrier.texts] == [LEADERS_PHONE]
    assert await police.states() == ["sent", "undelivered: no mail server"]


async def test_a_mail_that_waits_when_the_server_is_taken_away_takes_the_text(police: Office) -> None:
    police.post.answers = ["451 later"]
    await police.owe(template=URGE)
    await police.work()
    police.postman = None
    await police.work()
    assert [number for number, _ in police.carrier.texts] == [LEADERS_PHONE]


@pytest.fixture
def certificate(tmp_path: Path) -> Iterator[tuple[ssl.SSLContext, Path]]:
    """A server's TLS, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca, private = tmp_path / "ca.pem", tmp_path / "key.pem"
    ca.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(ca, private)
    yield context, ca


def sample() -> object:
    return compose(
        ref="r",
        sender="minyi@suilan.example",
        to=MAIL,
        subject="通知",
        body="内容",
        letters=[],
        at=at("9 10:00"),
    )


async def test_starttls(certificate: tuple[ssl.SSLContext, Path]) -> None:
    context, ca = certificate
    office = PostOffice()
    async with office.open(tls_context=context, require_starttls=True) as port:
        known = postman(f"smtp://127.0.0.1:{port}", "minyi@suilan.example", ca, 5)
        assert await known.send(sample()) == Handed()  # type: ignore[arg-type]
        stranger = postman(f"smtp://127.0.0.1:{port}", "minyi@suilan.example", None, 5)
        assert isinstance(await stranger.send(sample()), Later)  # type: ignore[arg-type]
    assert office.was_encrypted == [True]


async def test_a_server_without_tls_gets_nothing_unless_it_is_called_plain() -> None:
    office = PostOffice()
    async with office.open() as port:
        careful = postman(f"smtp://127.0.0.1:{port}", "minyi@suilan.example", None, 5)
        assert isinstance(await careful.send(sample()), Later)  # type: ignore[arg-type]
        assert office.mails == []


@pytest.mark.parametrize(
    ("url", "sender", "said"),
    [
        ("http://post.example", "a@b.example", "smtp_url must begin with one of"),
        ("smtp://", "a@b.example", "smtp_url must begin with one of"),
        ("smtp+plain://u:geheim@post.example", "a@b.example", "would send the password in clear"),
        ("smtp://u:geheim@post.example", "", "smtp_from must be set"),
    ],
)
def test_settings_that_cannot_be_right(url: str, sender: str, said: str) -> None:
    with pytest.raises(PostError, match=said) as error:
        postman(url, sender, None, 5)
    assert "geheim" not in str(error.value)


def test_ports_and_passwords() -> None:
    made = postman("smtp://centre:p%40ss@post.example", "a@b.example", None, 5)
    assert (made.port, made.security, made.username, made.password) == (587, "starttls", "centre", "p@ss")
    assert postman("smtps://post.example", "a@b.example", None, 5).port == 465
