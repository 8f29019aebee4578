"""Which servers may be asked: what is judged is the address a name leads to, however it is written."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.kernel.errors import Refusal
from wushu.kernel.outgoing.policy import Policy, inner, network_said, policy, shown

PUBLIC = Policy()
INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1",
    "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fdff::1", "4000::1", "fe80::1", "fec0::1",
    "ff02::1",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "223.255.255.254",
           "2400:3200::1", "2606:4700::1111", "2001:4860:4860::8888"]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_that_not_everybody_reaches_is_refused_and_its_network_named(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        PUBLIC.usable("host.example", [ipaddress.ip_address(text)])
    assert refused.value.name == "outgoing-network-refused"
    assert str(ipaddress.ip_address(text)) in refused.value.sentence("zh")


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_public_address_may_be_asked(text: str) -> None:
    assert PUBLIC.usable("host.example", [ipaddress.ip_address(text)])


@given(st.ip_addresses())
def test_nothing_passes_that_python_does_not_call_global(address: ipaddress.IPv4Address) -> None:
    if network_said(address) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4), st.sampled_from(["::", "::ffff:0:0", "64:ff9b::"]))
def test_no_ipv4_address_passes_dressed_as_ipv6(
    address: ipaddress.IPv4Address, prefix: str
) -> None:
    dressed = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(address))
    assert network_said(dressed) is not None


@given(st.ip_addresses(v=4), st.integers(0, 2**80 - 1))
def test_no_ipv4_address_passes_through_a_tunnel(address: ipaddress.IPv4Address, rest: int) -> None:
    six_to_four = ipaddress.IPv6Address(0x2002 << 112 | int(address) << 80 | rest)
    teredo = ipaddress.IPv6Address(
        0x20010000 << 96 | (rest >> 16) << 32 | int(address) ^ (2**32 - 1)
    )
    assert network_said(six_to_four) is not None
    assert network_said(teredo) is not None
    assert (inner(six_to_four), inner(teredo)) == (address, address)


def forms(address: ipaddress.IPv4Address) -> list[str]:
    """The ways in which the system's resolver reads one IPv4 address."""
    number, parts = int(address), address.packed
    return [
        str(address),
        str(number),
        hex(number),
        oct(number).replace("0o", "0"),
        ".".join(hex(part) for part in parts),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"{address}.",
    ]


@given(st.ip_addresses(v=4, network="127.0.0.0/8"), st.integers(0, 8))
def test_no_way_of_writing_an_inner_address_gets_past(
    address: ipaddress.IPv4Address, way: int
) -> None:
    written = forms(address)[way]
    assert socket.inet_aton(written.removesuffix(".")) == address.packed

    def ask() -> None:
        target = PUBLIC.read(f"http://{written}/")
        PUBLIC.usable(target.host, [ipaddress.ip_address(target.host)])

    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.name in ("outgoing-network-refused", "outgoing-address-unusable")


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd",
        "gopher://example.org/", "javascript:alert(1)", "http://", "http:///path", "http://:80/",
        "http://user@example.org/", "http://user:hunter2@example.org/", "http://@example.org/",
        "http://example.org:22/", "http://example.org:0/", "http://example.org:99999/",
        "http://example.org:x/", "http://exa mple.org/", "http://example.org/a b",
        "http://example.org/\r\nHost: other", "http://example.org\\@127.0.0.1/", "http://[::1/",
        "http://[fe80::1%25eth0]/", "http://a..b/", "http://-a.example/", "http://exa<mple.org/",
        "http://" + "a" * 64 + ".example/", "http://example.org/" + "a" * 2048,
    ],
)  # fmt: skip
def test_an_address_that_is_not_plainly_one_is_refused_before_anything_is_looked_up(
    url: str,
) -> None:
    with pytest.raises(Refusal) as refused:
        PUBLIC.read(url)
    assert refused.value.name == "outgoing-address-unusable"
    assert "hunter2" not in refused.value.sentence("en")


def test_an_address_is_read_into_its_parts() -> None:
    target = PUBLIC.read("HTTPS://Data.Example.ORG:8443/数据?q=中#part")
    assert target.url == "https://data.example.org:8443/%E6%95%B0%E6%8D%AE?q=%E4%B8%AD"
    assert target.origin == ("https", "data.example.org", 8443)
    assert PUBLIC.read("http://中国.cn").url == "http://xn--fiqs8s.cn/"
    assert PUBLIC.read("http://[2400:3200::1]:8080/x").url == "http://[2400:3200::1]:8080/x"


def test_the_operator_may_name_networks_and_ports() -> None:
    closed = policy("10.12.0.0/16, fd12::/16", "80, 5000-5001")
    ten = [ipaddress.ip_address("10.12.3.4")]
    assert closed.usable("host", ten) == ten
    assert closed.read("http://host:5001/").port == 5001
    with pytest.raises(Refusal):
        closed.usable("host", [ipaddress.ip_address("10.13.0.1")])
    with pytest.raises(Refusal):
        closed.read("http://host:443/")


def test_a_translation_that_is_allowed_does_not_open_what_lies_behind_it() -> None:
    translated = policy("64:ff9b::/96", "80")
    public = [ipaddress.ip_address("64:ff9b::808:808")]
    assert translated.usable("host", public) == public
    with pytest.raises(Refusal):
        translated.usable("host", [ipaddress.ip_address("64:ff9b::a00:1")])


def test_of_several_addresses_only_the_public_ones_are_connected_to() -> None:
    both = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("8.8.8.8")]
    assert PUBLIC.usable("host", both) == both[1:]


@pytest.mark.parametrize(
    ("allowed", "ports"),
    [("10.0.0.1/8", "80"), ("local", "80"), ("", "0"), ("", "9-1"), ("", "70000"), ("", "a")],
)
def test_a_setting_that_says_nothing_is_refused_at_the_start(allowed: str, ports: str) -> None:
    named = "WUSHU_OUTGOING_ALLOWED" if allowed else "WUSHU_OUTGOING_PORTS"
    with pytest.raises(ValueError, match=named):
        policy(allowed, ports)


def test_a_refusal_quotes_an_address_without_its_secrets() -> None:
    assert shown("https://u:p@host/hook?token=secret#x") == "https://host/hook"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "10.0.0.1"])
def test_an_inner_address_is_not_even_kept(host: str) -> None:
    with pytest.raises(Refusal) as refused:
        PUBLIC.accept(f"https://{host}/hook")
    assert refused.value.name == "outgoing-network-refused"
    assert PUBLIC.accept("https://data.example/hook").host == "data.example"
    assert PUBLIC.accept("https://1.1.1.1/hook").host == "1.1.1.1"
