"""One POST to another server: a judged address, no redirects, a time limit over all of it, a cap on the answer."""

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from notices.outside.addresses import Target

# As much of an answer as is read; nobody needs its rest.
MOST_READ = 2048


class Failed(Exception):
    """No answer: not connected, broken off, or too slow."""


@dataclass(frozen=True)
class Answer:
    """The status, and what the other side asked for by `Retry-After` (seconds, None where it said nothing)."""

    status: int
    retry_after: float | None


def post(
    target: Target, body: bytes, headers: Mapping[str, str], seconds: float | None = None
) -> Answer:
    """Send `body` (JSON) and read the answer's head. `seconds` limits all of it. Raises Failed."""
    limit = seconds or settings.OUTWARD_SECONDS
    cut = _Cut(limit)
    with _pool(target, limit) as pool:
        pool.ConnectionCls = _watched(pool.ConnectionCls, cut)
        sent = {
            "Host": target.authority,
            "Content-Type": "application/json",
            "User-Agent": "Yiwang/1",
        }
        try:
            response = pool.urlopen(
                "POST", target.path, body=body, headers={**sent, **headers},
                redirect=False, retries=False, preload_content=False, decode_content=False,
            )  # fmt: skip
            return _read(response)
        except (HTTPError, OSError) as error:
            raise Failed(_said(error, cut, limit)) from error
        finally:
            cut.cancel()


def _read(response: BaseHTTPResponse) -> Answer:
    try:
        response.read(MOST_READ)
    except (HTTPError, OSError):
        pass  # the head has come: what matters is known
    response.close()
    asked = response.headers.get("Retry-After", "")
    return Answer(response.status, float(asked) if asked.isdecimal() and len(asked) < 7 else None)


def _pool(target: Target, limit: float) -> HTTPConnectionPool:
    common: dict[str, Any] = {
        "timeout": Timeout(connect=min(3.0, limit), read=limit),
        "maxsize": 1,
        "retries": False,
    }
    if target.scheme == "http":
        return HTTPConnectionPool(target.ip, target.port, **common)
    return HTTPSConnectionPool(
        target.ip,
        target.port,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
        **common,
    )


class _Cut:
    """Breaks a connection off when its time is over: a server that sends one byte a second keeps no one."""

    def __init__(self, seconds: float) -> None:
        self.made = False
        self.connection: HTTPConnection | None = None
        self._timer = threading.Timer(seconds, self._make)
        self._timer.daemon = True
        self._timer.start()

    def _make(self) -> None:
        self.made = True
        sock: socket.socket | None = getattr(self.connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed already

    def cancel(self) -> None:
        self._timer.cancel()


def _watched(kind: Any, cut: _Cut) -> Any:
    """The same kind of connection, known to `cut` from its first byte on."""

    def make(*args: Any, **kwargs: Any) -> HTTPConnection | HTTPSConnection:
        made: HTTPConnection | HTTPSConnection = kind(*args, **kwargs)
        cut.connection = made
        return made

    return make


def _said(error: Exception, cut: _Cut, limit: float) -> str:
    """What went wrong, without addresses of ours."""
    if cut.made or isinstance(error, ReadTimeoutError):
        return f"no answer within {limit:g} s"
    inner = error.__cause__ or getattr(error, "reason", None)
    return type(inner if isinstance(inner, Exception) else error).__name__
