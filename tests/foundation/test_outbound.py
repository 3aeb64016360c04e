"""Addresses people typed in: what is called, and that nothing leads into our own house."""

from __future__ import annotations

import pytest

from foundation import outbound
from foundation.outbound import BadAddress

URL = "https://receiver.test/hook"


def found(*addresses: str) -> outbound.Resolve:
    return lambda _host, _port: addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",  # noqa: S104
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd12::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:a00:1::1", "2001:0:53aa:64c::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_of_the_own_house_is_refused(address: str) -> None:
    with pytest.raises(BadAddress, match="内部网络"):
        outbound.addresses(URL, (), found(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_a_public_address_is_called(address: str) -> None:
    assert len(outbound.addresses(URL, (), found(address))) == 1


def test_one_internal_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(BadAddress):
        outbound.addresses(URL, (), found("93.184.216.34", "10.0.0.1"))


def test_a_network_of_the_setting_is_called_and_its_neighbour_is_not() -> None:
    allowed = outbound.networks(["10.20.0.0/16"])
    assert outbound.addresses(URL, allowed, found("10.20.3.4")) == ("10.20.3.4",)
    assert outbound.addresses(URL, allowed, found("::ffff:10.20.3.4"))
    with pytest.raises(BadAddress):
        outbound.addresses(URL, allowed, found("10.21.3.4"))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"])
def test_other_spellings_of_the_own_machine_are_refused(host: str) -> None:
    """Looked up by the machine itself, which knows them all."""
    with pytest.raises(BadAddress):
        outbound.addresses(f"http://{host}/", ())


def test_a_name_nobody_knows_is_refused() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError(host, port)

    for resolve in (unknown, found(), found("no address")):
        with pytest.raises(BadAddress, match="查不到"):
            outbound.addresses(URL, (), resolve)


@pytest.mark.parametrize(
    "typed",
    [
        "", "receiver.test", "ftp://receiver.test/", "file:///etc/passwd", "https://", "https:///x",
        "https://a:b@receiver.test/", "https://receiver.test/#x", "https://receiver.test/ x",
        "https://receiver.test:0/", "https://receiver.test:99999/", "https://receiver.test/\nx",
        "https://receiver.test/" + "x" * 500, "javascript:alert(1)", "https://[::1", "gopher://x/",
        "https://re\x00ceiver.test/", "https://re‮ceiver.test/",
    ],
)  # fmt: skip
def test_what_is_no_address_for_this_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        outbound.checked_url(typed, https_only=True)


def test_plain_http_is_for_development_only() -> None:
    assert outbound.checked_url(" http://receiver.test/x ", https_only=False)
    with pytest.raises(BadAddress, match="https"):
        outbound.checked_url("http://receiver.test/x", https_only=True)


def test_the_call_goes_to_the_number_and_keeps_the_name() -> None:
    url, headers, extensions = outbound.pinned("https://receiver.test:8443/a?b=c", "93.184.216.34")
    assert str(url) == "https://93.184.216.34:8443/a?b=c"
    assert headers == {"Host": "receiver.test:8443"}
    assert extensions == {"sni_hostname": "receiver.test"}
    six, _, _ = outbound.pinned("https://receiver.test/", "2606:2800:220:1::1")
    assert str(six) == "https://[2606:2800:220:1::1]/"


def test_a_setting_that_is_no_network_is_refused() -> None:
    for wrong in ("10.0.0.1/8", "intranet", "10.0.0.0/33"):
        with pytest.raises(ValueError, match=r"."):
            outbound.networks([wrong])
