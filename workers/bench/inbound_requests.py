"""What the carrier posts when residents answer: the form, signed, as bytes on the wire. Both the load and the checks go by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from survey.channels.twilio.signature import sign

TOKEN: Final = "0123456789abcdef0123456789abcdef"
PUBLIC_URL: Final = "https://minyi.example"
PATH: Final = "/twilio/text"
CENTRE_NUMBER: Final = "+8615400000000"
BODIES: Final = (
    ("不太安全", "3", "不太安全。", "3.", "不怎么安全", "不太安全!"),
    ("1", "2", "满意", "3", "基本满意", "2。", "不满意"),
    ("31", "32", "21", "22", "41", "42", "11", "12", "3男", "2,女"),
    ("{}号楼前的路灯坏了好几个月了",),
)
"""What residents answer, one text after the other, each in a way of their own and the last in words of their own; the thread then
waits for one more, and stays open."""
EVERY: Final = 50
"""One answer in so many is sent twice, as a carrier does that has missed our reply."""


def number(thread: int) -> str:
    return f"+86154{thread:08}"


def sid(thread: int, place: int) -> str:
    """The id of a resident's text."""
    return f"SM{thread:028x}{place:04x}"


def body(thread: int, place: int) -> str:
    ways = BODIES[place]
    return ways[thread % len(ways)].format(thread)


def is_repeated(thread: int, place: int) -> bool:
    return (thread * len(BODIES) + place) % EVERY == 0


def form(thread: int, place: int) -> list[tuple[str, str]]:
    """The fields of Twilio's webhook of an incoming message."""
    message = sid(thread, place)
    return [
        ("ToCountry", "CN"), ("ToState", ""), ("SmsMessageSid", message), ("NumMedia", "0"), ("ToCity", ""),
        ("FromZip", ""), ("SmsSid", message), ("FromState", ""), ("SmsStatus", "received"), ("FromCity", ""),
        ("Body", body(thread, place)), ("FromCountry", "CN"), ("To", CENTRE_NUMBER), ("ToZip", ""), ("NumSegments", "1"),
        ("MessageSid", message), ("AccountSid", "AC00000000000000000000000000000000"), ("From", number(thread)),
        ("ApiVersion", "2010-04-01"),
    ]  # fmt: skip


def request(thread: int, place: int) -> bytes:
    """One POST, signed."""
    fields = form(thread, place)
    posted = urlencode(fields).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: minyi.example\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"X-Twilio-Signature: {sign(TOKEN, PUBLIC_URL + PATH, fields)}\r\n"
        f"I-Twilio-Idempotency-Token: {sid(thread, place)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {len(posted)}\r\n\r\n"
    )
    return head.encode() + posted


def requests(thread: int) -> Sequence[bytes]:
    """All that one resident's texts make the carrier post, in order."""
    return [
        posted
        for place in range(len(BODIES))
        for posted in [request(thread, place)] * (2 if is_repeated(thread, place) else 1)
    ]


def replies(of_each: Sequence[str], thread: int) -> Sequence[bytes]:
    """The replies that `requests` must get, given that to each text; a repeated one gets the same again."""
    return [
        reply.encode()
        for place, reply in enumerate(of_each)
        for reply in [reply] * (2 if is_repeated(thread, place) else 1)
    ]
