"""From which network address a request comes, without believing what a client writes about itself."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address. Behind `PROXIES` of our own it is the last entry that they did not write.

    An address that a client invents in `X-Forwarded-For` stands further left and is never reached.
    """
    direct: str | None = request.META.get("REMOTE_ADDR")
    if not settings.PROXIES:
        return _valid(direct)
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(chain) < settings.PROXIES:
        return _valid(direct)
    return _valid(chain[-settings.PROXIES]) or _valid(direct)


def _valid(address: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address(address or ""))
    except ValueError:
        return None
