"""Reports through the API under gunicorn: partner client, locating, clock, journal, idempotency, all of it."""

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.ground import ROOT

WORKERS = 3
SECONDS = 15


@dataclass
class Reports:
    """Milliseconds of each accepted report, and the others."""

    times: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def share(self, part: float) -> float:
        return sorted(self.times)[max(0, int(len(self.times) * part) - 1)]

    @property
    def p50(self) -> float:
        return statistics.median(self.times)


def measure_reports() -> tuple[Reports, Reports]:
    """(flat out, at half that rate)."""
    client_id, secret = _partner()
    boxes = _boxes()
    port = _free_port()
    server = _gunicorn(port)
    try:
        _wait(port)
        token = _token(port, client_id, secret)
        _run(port, token, boxes, threads=4, seconds=3, rate=None)  # warm
        full = _run(port, token, boxes, threads=8, seconds=SECONDS, rate=None)
        half = _run(port, token, boxes, threads=4, seconds=SECONDS, rate=full.rate / 2)
    finally:
        server.terminate()
        server.wait(20)
    return full, half


def _partner() -> tuple[str, str]:
    from accounts.models import ApiClient

    secret = uuid.uuid4().hex
    client = ApiClient(
        name="bench",
        client_type="confidential",
        authorization_grant_type="client-credentials",
        area_code="120103",
        allowed_scopes=["incidents:read", "incidents:write"],
        roles=["volunteer"],
        client_secret=secret,
    )
    client.save()
    return client.client_id, secret


def _boxes() -> list[tuple[float, float, float, float]]:
    from grids.models import Area

    known = Area.objects.filter(level="grid", min_lon__isnull=False)
    boxes: Any = known.values_list("min_lon", "min_lat", "max_lon", "max_lat")
    return list(boxes)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _gunicorn(port: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}",
            "--workers", str(WORKERS), "--log-level", "error", "--keep-alive", "30",
            "--worker-class", "gthread", "--threads", "4",
        ],
        cwd=ROOT,
        env=os.environ | {"YIWANG_CLIENT_RATE": "1000000/min", "YIWANG_LOG_LEVEL": "ERROR"},
    )  # fmt: skip


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not answer")


def _token(port: int, client_id: str, secret: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    body = urlencode(
        {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    )
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/api/v1/oauth/token", body, kind)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    token: str = answer["access_token"]
    return token


def _run(
    port: int,
    token: str,
    boxes: list[tuple[float, float, float, float]],
    *,
    threads: int,
    seconds: float,
    rate: float | None,
) -> Reports:
    reports = Reports()
    begin = time.perf_counter()
    until = begin + seconds
    pause = threads / rate if rate else 0.0
    every = [
        threading.Thread(target=_send, args=(port, token, boxes, until, pause, reports, n))
        for n in range(threads)
    ]
    for thread in every:
        thread.start()
    for thread in every:
        thread.join()
    reports.seconds = time.perf_counter() - begin
    return reports


def _send(
    port: int,
    token: str,
    boxes: list[tuple[float, float, float, float]],
    until: float,
    pause: float,
    reports: Reports,
    seed: int,
) -> None:
    rng = random.Random(seed + int(until))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    next_at = time.perf_counter() + rng.random() * pause
    while (start := time.perf_counter()) < until:
        if pause and start < next_at:
            time.sleep(next_at - start)
            continue
        next_at += pause
        west, south, east, north = rng.choice(boxes)
        body = json.dumps(
            {
                "text": f"暴露垃圾，第{rng.randrange(10_000)}号楼旁",
                "item": "010101",
                "lon": rng.uniform(west, east),
                "lat": rng.uniform(south, north),
            }
        )
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/incidents", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status == 201:
            reports.times.append((time.perf_counter() - begun) * 1000)
        else:
            reports.refused.append(f"{answer.status} {content[:200]!r}")
