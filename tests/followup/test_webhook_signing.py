"""What a receiver checks, and where deliveries may go."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from followup.door_refusals import AddressNotAllowed
from followup.webhooks.guard import Guard, GuardedResolver
from followup.webhooks.policy import webhook_policy
from followup.webhooks.signing import is_signed, signature

BODY = b'{"id":"ref-0001","type":"case.moved"}'
AT = 1772413200


def test_the_signature_is_that_of_moment_id_and_body() -> None:
    made = signature(["whsec_one"], "ref-0001", AT, BODY)
    # printf '1772413200.ref-0001.%s' "$BODY" | openssl dgst -sha256 -hmac whsec_one
    assert made == "t=1772413200,v1=223ebd498fbe0be561878e79ef54fc3b37f7af501b88a928f07f928d84dd26ef"
    assert is_signed("whsec_one", "ref-0001", made, BODY, AT + 299)


@pytest.mark.parametrize(
    ("secret", "delivery", "body", "now"),
    [
        ("whsec_other", "ref-0001", BODY, AT),
        ("whsec_one", "ref-0002", BODY, AT),
        ("whsec_one", "ref-0001", BODY + b" ", AT),
        ("whsec_one", "ref-0001", BODY, AT + 301),
    ],
)
def test_another_secret_id_body_or_an_old_moment_is_refused(
    secret: str, delivery: str, body: bytes, now: int
) -> None:
    made = signature(["whsec_one"], "ref-0001", AT, BODY)
    assert not is_signed(secret, delivery, made, body, now)


def test_while_secrets_change_over_either_is_right() -> None:
    made = signature(["whsec_new", "whsec_old"], "ref-0001", AT, BODY)
    assert is_signed("whsec_new", "ref-0001", made, BODY, AT)
    assert is_signed("whsec_old", "ref-0001", made, BODY, AT)


def test_waits_are_doubled_and_end() -> None:
    policy = webhook_policy()
    waits = [policy.wait(tries, dice=0.5) for tries in range(1, policy.tries + 1)]
    assert [wait.total_seconds() for wait in waits if wait] == [
        30, 60, 120, 240, 480, 960, 1920, 3840, 7680,
    ]  # fmt: skip
    assert waits[-1] is None
    assert [round(policy.wait(1, dice).total_seconds(), 1) for dice in (0.0, 1.0)] == [24.0, 36.0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "ftp://example.org/hook",
        "https://",
        "https://user:secret@example.org/hook",
        "https://127.0.0.1/hook",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://0x7f.1/hook",
        "https://localhost/hook",
        "https://10.0.0.8/hook",
        "https://192.168.1.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://[fe80::1]/hook",
        "https://0.0.0.0/hook",
        "https://100.64.0.1/hook",
        "https://example.org:0/hook",
        "https://example.org:port/hook",
        "https://example.org/a b",
    ],
)
def test_these_addresses_are_never_delivered_to(url: str) -> None:
    with pytest.raises(AddressNotAllowed, match="Nothing is delivered to"):
        Guard().check_url(url)


@pytest.mark.parametrize("url", ["https://example.org/hook", "https://8.8.8.8:8443/hook"])
def test_public_addresses_are(url: str) -> None:
    Guard().check_url(url)


def test_private_networks_and_this_machine_only_by_their_settings() -> None:
    Guard(private=True).check_url("https://10.0.0.8/hook")
    Guard(loopback=True).check_url("http://127.0.0.1:9000/hook")
    with pytest.raises(AddressNotAllowed, match="not https"):
        Guard(private=True).check_url("http://10.0.0.8/hook")
    with pytest.raises(AddressNotAllowed, match="no public address"):
        Guard(private=True).check_url("https://169.254.169.254/")


class Names(AbstractResolver):
    """A name server that answers with these addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        kept: dict[str, Any] = {"hostname": host, "port": port, "family": family, "proto": 0, "flags": 0}
        return [ResolveResult(host=address, **kept) for address in self._addresses]

    async def close(self) -> None:
        pass


async def test_a_name_that_leads_inside_is_not_followed() -> None:
    resolver = GuardedResolver(Guard(), Names("10.0.0.8", "93.184.216.34"))
    assert [one["host"] for one in await resolver.resolve("rebound.example")] == ["93.184.216.34"]
    with pytest.raises(OSError, match="no address that deliveries may go to"):
        await GuardedResolver(Guard(), Names("10.0.0.8", "::1")).resolve("inside.example")
