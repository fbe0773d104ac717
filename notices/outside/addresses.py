"""Where a partner may have us call: never into our own network, unless an administrator has named that host.

The name is resolved once, each of its addresses is judged, and the call goes to the judged address: a name that
answers differently the second time gains nothing.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from config.refusal import Refused


class Unreachable(Exception):
    """The name has no address now."""


class Forbidden(Exception):
    """The address lies where partners have no business."""


@dataclass(frozen=True)
class Target:
    """A judged address: `ip` is called, `host` is named in TLS and in the request."""

    scheme: str
    host: str
    port: int
    ip: str
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def is_allowed_inside(host: str) -> bool:
    """Whether an administrator has named this host (`YIWANG_WEBHOOK_HOSTS`): http and private addresses may be."""
    return host.lower() in {name.lower() for name in settings.WEBHOOK_HOSTS}


def checked(url: str) -> str:
    """`url` where it can be called at all. Raises Refused; looks nothing up."""
    parts = _parts(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and is_allowed_inside(host)):
        raise _refused(_("The address must begin with https://."))
    if parts.username or parts.password or parts.fragment:
        raise _refused(_("The address must hold no user name, no password and no fragment."))
    if _is_literal(host) and not (is_allowed_inside(host) or _is_public(host)):
        raise _refused(_("This address lies in a private network."))
    return url


def target_of(url: str) -> Target:
    """The address to call now. Raises Unreachable where the name has none, Forbidden where one is private."""
    parts = _parts(url)
    host = parts.hostname or ""
    if parts.scheme == "http" and not is_allowed_inside(host):
        raise Forbidden(f"{host} may be called by https only")
    ips = _looked_up(parts)
    if not is_allowed_inside(host) and not all(map(_is_public, ips)):
        raise Forbidden(f"{host} has a private address")
    return _target(parts, ips[0])


def trusted(url: str) -> Target:
    """The address of a server that this installation's own settings name. Raises Unreachable."""
    parts = _parts(url)
    return _target(parts, _looked_up(parts)[0])


def _looked_up(parts: SplitResult) -> list[str]:
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"no address for {parts.hostname}") from error
    return [str(entry[4][0]).split("%")[0] for entry in found]


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: SplitResult, ip: str) -> Target:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname or "", _port(parts), ip, path)


def _parts(url: str) -> SplitResult:
    """Raises Refused for what is no address of a server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused(_("This is no address of a server.")) from error
    plain = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}')
    if not plain or parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise _refused(_("This is no address of a server."))
    return parts


def _is_literal(host: str) -> bool:
    """Also the old ways to write one (127.1, 0x7f000001), which resolvers understand."""
    if host.lower().rstrip(".") == "localhost" or host.lower().rstrip(".").endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return not any(part and not part[0].isdigit() for part in host.rstrip(".").split("."))
    return True


def _is_public(ip: str) -> bool:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None and not _is_public(str(inner)):
            return False
        if address in _NAT64:
            return _is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _refused(sentence: str) -> Refused:
    return Refused("address_refused", sentence, field="url")
