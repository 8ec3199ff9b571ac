"""Where deliveries may go. Whoever can name an address could otherwise make this house knock at its own doors (SSRF).

The name is resolved once, by the resolver below, at the moment of the connection: what was checked is what is connected to.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from followup.door_refusals import AddressNotAllowed

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Guard:
    """`private`: addresses of private networks are allowed too. `loopback`: this machine, there also without TLS."""

    private: bool = False
    loopback: bool = False

    def check_url(self, url: str) -> None:
        """Raises AddressNotAllowed. A name is looked at again when it is resolved; an address is looked at here alone."""
        parts = urlsplit(url)
        try:
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise AddressNotAllowed(url=url, why="its port is no number") from None
        if parts.username or parts.password:
            raise AddressNotAllowed(url=url, why="a password in an address would be read by others")
        if not host or port == 0 or any(c.isspace() or ord(c) < 32 for c in url):
            raise AddressNotAllowed(url=url, why="it is no address")
        number = _number(host)
        here = host == "localhost" or (number is not None and number.is_loopback)
        if parts.scheme != "https" and not (parts.scheme == "http" and here and self.loopback):
            raise AddressNotAllowed(url=url, why="it is not https")
        if number is not None and not self.allows(number):
            raise AddressNotAllowed(url=url, why="that is no public address")
        if host == "localhost" and not self.loopback:
            raise AddressNotAllowed(url=url, why="that is this machine")

    def allows(self, address: Address) -> bool:
        """Whether a connection to this address may be made."""
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        if inner is not None:
            return self.allows(inner)
        if address.is_loopback:
            return self.loopback
        if address.is_multicast or address.is_unspecified or address.is_link_local or address.is_reserved:
            return False
        return address.is_global or (self.private and address.is_private)


class GuardedResolver(AbstractResolver):
    """Gives only addresses that the guard allows; a name with none of them cannot be reached."""

    def __init__(self, guard: Guard, inner: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises OSError, as a name that does not exist does."""
        found = await self._inner.resolve(host, port, family)
        allowed = [one for one in found if self._guard.allows(ip_address(one["host"].partition("%")[0]))]
        if not allowed:
            raise OSError(None, "the name leads to no address that deliveries may go to")
        return allowed

    async def close(self) -> None:
        await self._inner.close()


def _number(host: str) -> Address | None:
    """The address, in any of the ways in which one can be written (127.1, 0x7f000001), as the system would read it."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
