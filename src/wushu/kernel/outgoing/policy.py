"""Which servers this node may ask for something. Pure: no name is looked up here.

A web address that somebody typed must not become a way into the network the node stands in (OWASP:
server-side request forgery). So it is not the name that is judged but the address it leads to, and
only after it was looked up; ``client`` then connects to that very address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

from wushu.kernel.errors import Refusal, Said
from wushu.kernel.outgoing.refusals import OUTGOING_ADDRESS_UNUSABLE, OUTGOING_NETWORK_REFUSED

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

URL_LENGTH = 2048
"""Characters of an address; longer ones are cut by proxies on the way."""
_SCHEMES = {"http": 80, "https": 443}
_SHOWN = 200
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_LOOPBACK = Said("本机地址", "this machine itself (loopback)")
_PRIVATE = Said("内部网络", "a private network")
_LINK = Said("链路本地地址", "a link-local address")
_SHARED = Said("运营商内部网络（100.64.0.0/10）", "a carrier's shared network (100.64.0.0/10)")
_MULTICAST = Said("组播地址", "a multicast address")
_RESERVED = Said("保留地址", "a reserved address")
_MAPPED = Said("映射为 IPv6 的 IPv4 地址", "an IPv4 address written as IPv6")
_TRANSLATED = Said("NAT64 转换地址", "a NAT64 address")
_TUNNEL = Said("隧道地址（6to4 或 Teredo）", "a tunnel's address (6to4 or Teredo)")

_NETWORKS: tuple[tuple[Network, Said], ...] = tuple(
    (ipaddress.ip_network(network), said)
    for network, said in (
        ("0.0.0.0/8", _LOOPBACK),
        ("10.0.0.0/8", _PRIVATE),
        ("100.64.0.0/10", _SHARED),
        ("127.0.0.0/8", _LOOPBACK),
        ("169.254.0.0/16", _LINK),
        ("172.16.0.0/12", _PRIVATE),
        ("192.168.0.0/16", _PRIVATE),
        ("192.88.99.0/24", _TUNNEL),
        ("224.0.0.0/4", _MULTICAST),
        ("::/128", _LOOPBACK),
        ("::1/128", _LOOPBACK),
        ("::/96", _MAPPED),
        ("::ffff:0:0/96", _MAPPED),
        ("::ffff:0:0:0/96", _MAPPED),
        ("64:ff9b::/96", _TRANSLATED),
        ("64:ff9b:1::/48", _TRANSLATED),
        ("2001::/32", _TUNNEL),
        ("2002::/16", _TUNNEL),
        ("3fff::/20", _RESERVED),
        ("fc00::/7", _PRIVATE),
        ("fe80::/10", _LINK),
        ("fec0::/10", _PRIVATE),
        ("ff00::/8", _MULTICAST),
    )
)
"""Networks of the IANA special-purpose registries that have a name of their own (RFC 6890)."""
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out to the public (RFC 4291)."""


def network_said(address: Address) -> Said | None:
    """What kind of network refuses the address; None for one that anybody on the internet reaches."""
    for network, said in _NETWORKS:
        if address.version == network.version and address in network:
            return said
    public = address.is_global and (address.version == 4 or address in _UNICAST)
    return None if public else _RESERVED


def inner(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for (mapped, NAT64, 6to4, Teredo), if any."""
    if isinstance(address, IPv4Address):
        return None
    said = network_said(address)
    if said is _TUNNEL:
        return address.sixtofour or (address.teredo or (None, None))[1]
    if said in (_MAPPED, _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be looked up."""

    url: str
    """As it is sent: the host in ASCII, no fragment."""
    scheme: str
    host: str
    port: int
    path: str
    """With the query; at least ``/``."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what secrets may be sent to."""
        return self.scheme, self.host, self.port


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows."""

    allowed: tuple[Network, ...] = ()
    """Networks that may be asked although they are not public."""
    ports: tuple[range, ...] = (range(80, 81), range(443, 444), range(8000, 9000))

    def read(self, url: str) -> Target:
        """The parts of an address; OUTGOING_ADDRESS_UNUSABLE for one that is never asked."""
        if len(url) > URL_LENGTH:
            raise _unusable(url, Said("太长", "it is too long"))
        if re.search(r"[\x00-\x20\x7f\\]", url):
            raise _unusable(url, Said("含有空格或控制字符", "it has blanks or control characters"))
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _unusable(url, Said("不是网址", "it is not an address")) from None
        if parts.scheme not in _SCHEMES:
            raise _unusable(url, Said("不是 http 或 https", "it is neither http nor https"))
        if parts.username is not None or parts.password is not None:
            raise _unusable(url, Said("带有账号或密码", "it carries a user or password"))
        port = _SCHEMES[parts.scheme] if port is None else port
        if not any(port in allowed for allowed in self.ports):
            raise _unusable(
                url, Said(f"不允许访问端口 {port}", f"port {port} is not among those allowed")
            )
        return _target(parts, _host(url, parts.hostname or ""), port)

    def accept(self, url: str) -> Target:
        """The parts of an address that somebody wants kept.

        One that names a refused network by its number is refused at once; a name is judged each time
        it is looked up.

        Refusals: ``outgoing-address-unusable``, ``outgoing-network-refused``.
        """
        target = self.read(url)
        if ":" in target.host or _NUMBER.fullmatch(target.host.rpartition(".")[2]):
            self.usable(target.host, [ipaddress.ip_address(target.host)])
        return target

    def usable(self, host: str, addresses: Iterable[Address]) -> list[Address]:
        """Those addresses of a host that may be connected to, in their order.

        OUTGOING_NETWORK_REFUSED, naming the first, when there is none.
        """
        first: Refusal | None = None
        usable: list[Address] = []
        for address in addresses:
            said = self._refused(address)
            if said is None:
                usable.append(address)
            elif first is None:
                first = OUTGOING_NETWORK_REFUSED(host=host, address=str(address), network=said)
        if not usable and first is not None:
            raise first
        return usable

    def _refused(self, address: Address) -> Said | None:
        said = network_said(address)
        if said is None:
            return None
        if not any(address.version == n.version and address in n for n in self.allowed):
            return said
        # A whole NAT64 network may be allowed; what lies behind it is judged again.
        behind = inner(address)
        return None if behind is None else self._refused(behind)


def policy(allowed: str, ports: str) -> Policy:
    """Read the settings: networks (``10.1.0.0/16,fd00::/8``) and ports (``80,443,8000-8999``).

    ``ValueError`` for what is neither, so that a node with a wrong setting does not start.
    """
    return Policy(
        tuple(_network(part) for part in _parts(allowed)),
        tuple(_range(part) for part in _parts(ports)),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"WUSHU_OUTGOING_ALLOWED: {error}") from None


def _range(text: str) -> range:
    parts = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", text)
    found = range(int(parts[1]), int(parts[2] or parts[1]) + 1) if parts else range(0)
    if not found or found.start < 1 or found.stop > 65_536:
        raise ValueError(f"WUSHU_OUTGOING_PORTS: {text!r} is no port and no range of ports")
    return found


def _host(url: str, host: str) -> str:
    """The host in ASCII and small letters; an IPv6 address without brackets and zone."""
    if ":" in host:
        try:
            found = IPv6Address(host)
        except ValueError:
            found = None
        if found is None or found.scope_id:  # a zone names one of this machine's own networks
            raise _unusable(url, Said("主机不正确", "its host is wrong"))
        return str(found)
    try:
        ascii_host = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise _unusable(url, Said("主机不正确", "its host is wrong")) from None
    labels = ascii_host.split(".")
    if len(ascii_host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _unusable(url, Said("主机不正确", "its host is wrong"))
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0177.0.0.1 and 0x7f.1 are all 127.0.0.1 to the resolver: only one way to write.
        try:
            return str(IPv4Address(ascii_host))
        except ValueError:
            raise _unusable(
                url, Said("IP 地址的写法不规范", "its IP address is not written in the usual way")
            ) from None
    return ascii_host


def _target(parts: SplitResult, host: str, port: int) -> Target:
    written = f"[{host}]" if ":" in host else host
    if port != _SCHEMES[parts.scheme]:
        written = f"{written}:{port}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    path = "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in path)
    return Target(f"{parts.scheme}://{written}{path}", parts.scheme, host, port, path)


def shown(url: str) -> str:
    """An address as a refusal may quote it: without user, password, query and fragment."""
    plain = re.sub(r"[?#].*", "", re.sub(r"//[^/?#]*@", "//", url, count=1), flags=re.DOTALL)
    return re.sub(r"[\x00-\x1f\x7f]", " ", plain)[:_SHOWN]


def _unusable(url: str, reason: Said) -> Refusal:
    return OUTGOING_ADDRESS_UNUSABLE(url=shown(url), reason=reason)
