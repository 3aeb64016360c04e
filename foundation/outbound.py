"""Calling addresses that people typed in, without being led to our own house (SSRF).

The name is looked up here and the very addresses found are judged and called, so that a name cannot
lead elsewhere between the look-up and the call. Only public addresses are called, and networks the
operator allowed by name. Redirects are never followed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

import httpx2 as httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]
LONGEST_URL = 500
# Prefixes that carry an IPv4 address which a gateway unpacks (RFC 6052, 8215).
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))


class BadAddress(ValueError):
    """An address that is not called; `reason_zh` says why to whoever typed it."""

    def __init__(self, reason_zh: str) -> None:
        super().__init__(reason_zh)
        self.reason_zh = reason_zh


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """The networks of a setting. Raises ValueError for what is none."""
    return tuple(ipaddress.ip_network(one) for one in given)


def checked_url(given: str, *, https_only: bool) -> str:
    """The address in one spelling, fit to be stored. Raises BadAddress."""
    typed = given.strip()
    if not typed or len(typed) > LONGEST_URL or not typed.isprintable() or " " in typed:
        raise BadAddress(f"请填完整的网址，不超过 {LONGEST_URL} 个字符，不能有空格")
    try:
        url = httpx.URL(typed)
    except (httpx.InvalidURL, ValueError):
        raise BadAddress("网址不对，请核对") from None
    if url.scheme != "https" and (https_only or url.scheme != "http"):
        raise BadAddress("网址要以 https:// 开头")
    if not url.host or url.userinfo or url.fragment:
        raise BadAddress("网址里要有主机名，不能有用户名、密码和 # 号")
    if url.port is not None and not 0 < url.port < 65536:
        raise BadAddress("网址里的端口不对")
    plain = str(url)
    if len(plain) > LONGEST_URL:
        raise BadAddress(f"网址太长，最多 {LONGEST_URL} 个字符")
    return plain


def addresses(
    url: str, allowed: Sequence[Network], resolve: Resolve | None = None
) -> tuple[str, ...]:
    """The addresses behind a URL's host, all of them callable. Raises BadAddress. Takes seconds.

    One internal address among several refuses them all: the name is not to be trusted.
    """
    try:
        parsed = httpx.URL(url)
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        host = parsed.raw_host.decode("ascii")
        found = tuple(dict.fromkeys((resolve or _resolve)(host, port)))
        judged = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
    except (OSError, ValueError, httpx.InvalidURL):
        raise BadAddress("查不到这个主机名，请核对网址") from None
    if not judged:
        raise BadAddress("查不到这个主机名，请核对网址")
    if not all(_may_call(one, allowed) for one in judged):
        raise BadAddress("这个网址通到内部网络，没有得到允许（WENZHU_WEBHOOK_NETWORKS）")
    return tuple(str(one) for one in judged)


def pinned(url: str, address: str) -> tuple[httpx.URL, dict[str, str], dict[str, str]]:
    """URL to the very address, with the headers and extensions that keep the name for Host and TLS.

    The certificate is checked against the name (`sni_hostname`), the connection goes to the number.
    """
    parsed = httpx.URL(url)
    host = parsed.netloc.decode("ascii")
    extensions = {"sni_hostname": parsed.raw_host.decode("ascii")}
    return parsed.copy_with(host=address), {"Host": host}, extensions


def _resolve(host: str, port: int) -> Iterable[str]:
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _may_call(address: Address, allowed: Sequence[Network]) -> bool:
    inner = _unwrapped(address)
    if any(one.version == inner.version and inner in one for one in allowed):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only carries it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return ipaddress.IPv4Address(0)  # nobody's receiver is behind Teredo: never public
    if any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
