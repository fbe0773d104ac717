"""Somebody else's server on 127.0.0.1: a gateway or a partner's receiver, with real sockets. It keeps what it got.

`answer` decides: a status, or a function of the request that may wait and gives one. With `drip` it sends its answer
byte by byte, that many seconds apart.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read

    @property
    def key(self) -> str:
        return self.headers.get("Idempotency-Key", "")


Answer = int | Callable[[Got], int]


@dataclass
class Receiver:
    """The server, what it got, and what it answers. `headers` go with each answer."""

    answer: Answer = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    url: str = ""
    drip: float = 0.0

    def keys(self) -> list[str]:
        return [one.key for one in self.got]

    def distinct(self) -> list[str]:
        """The keys as a receiver has them that drops repeats."""
        return list(dict.fromkeys(self.keys()))

    def events(self) -> list[int]:
        return [int(one.headers["Yiwang-Event"]) for one in self.got]

    def judged(self, got: Got) -> int:
        self.got.append(got)
        return self.answer if isinstance(self.answer, int) else self.answer(got)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


@contextmanager
def receiving(answer: Answer = 200, **more: Any) -> Iterator[Receiver]:
    """A running server on a free port; it is gone at the end, requests under way included."""
    receiver = Receiver(answer, **more)
    server = _Server(("127.0.0.1", 0), _handler(receiver))
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            got = Got(self.path, dict(self.headers.items()), self.rfile.read(length))
            status = receiver.judged(got)
            try:
                self._say(status)
            except OSError:
                pass  # the caller has gone

        def _say(self, status: int) -> None:
            if receiver.drip:
                for byte in f"HTTP/1.1 {status} OK\r\nX-Slow: {'x' * 2000}".encode():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(receiver.drip)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
