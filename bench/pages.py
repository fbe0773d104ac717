"""Server time of the pages that people look at all day, in this process, without the network."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

ROUNDS = 40


@dataclass(frozen=True)
class Measured:
    """Milliseconds of server time, and database queries, of one page."""

    name: str
    p50: float
    p95: float
    queries: int
    kilobytes: float


PAGES = (
    ("inbox, to dispatch", "dispatcher", "/cases/inbox/?queue=to_dispatch"),
    ("inbox, to file", "clerk", "/cases/inbox/?queue=to_file"),
    ("inbox, overdue only", "dispatcher", "/cases/inbox/?queue=with_units&lamp=red"),
    ("to-do list of a unit", "department", "/cases/todo/"),
    ("supervisor's desk", "supervisor", "/supervision/"),
    ("supervisor's desk, one unit", "supervisor", "/supervision/?unit=12&lamp=red"),
    ("orders of a unit", "department", "/supervision/orders/"),
    ("list of all cases", "dispatcher", "/cases/"),
    ("search, two characters", "dispatcher", "/cases/?q=垃圾"),
    ("search, four characters", "dispatcher", "/cases/?q=号楼垃圾"),
    ("a case", "dispatcher", "/cases/{number}/"),
    ("map points, whole district", "commander", "/cases/map/points/?box=117.1,39.0,117.3,39.2"),
)


def measure_pages() -> list[Measured]:
    """Every page of `PAGES`, warm."""
    from django.test import Client

    from accounts.models import User
    from incidents.models import Incident

    number = Incident.objects.filter(state="handling").values_list("number", flat=True)[:1].get()
    found = []
    for name, username, url in PAGES:
        client = Client(HTTP_HOST="localhost")
        client.force_login(
            User.objects.get(username=username),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        found.append(_measure(name, client, url.format(number=number)))
    return found


def _measure(name: str, client: Any, url: str) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    queries = len(seen)  # now: the next request empties the log
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return Measured(
        name,
        statistics.median(times),
        times[int(len(times) * 0.95) - 1],
        queries,
        len(answer.content) / 1024,
    )
