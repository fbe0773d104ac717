"""Where this room's deeds are written down.

The journal lies above this room (it stores the Actor), so it registers its writer here when it starts. Deeds
without a registered writer fail: nothing is ever done unrecorded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actor import Actor, HeldPost


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What happened to one subject, by whom, when (aware), under which post. `data` holds no personal data."""

    verb: str
    subject: tuple[str, int | str]
    area_code: str
    by: Actor
    now: datetime
    data: Mapping[str, Any] | None = None
    post: HeldPost | None = None


Writer = Callable[[Sequence[Deed]], object]

_writer: Writer | None = None
_gathered: ContextVar[list[Deed] | None] = ContextVar("gathered deeds", default=None)


def written_by(writer: Writer) -> None:
    """Register the writer (the journal, from its `ready()`). It appends in the caller's transaction, in order."""
    global _writer
    _writer = writer


def append(
    verb: str,
    *,
    subject: tuple[str, int | str],
    area_code: str,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    post: HeldPost | None = None,
) -> None:
    """Write one event in the caller's transaction, as `journal.append.append` does."""
    deed = Deed(
        verb=verb, subject=subject, area_code=area_code, by=by, now=now, data=data, post=post
    )
    gathered = _gathered.get()
    if gathered is not None:
        gathered.append(deed)
    else:
        _write([deed])


@contextmanager
def gathering() -> Iterator[None]:
    """Inside, events wait and are written together at the end: an import of thousands asks for one round trip.

    Opens a transaction, so that the deeds and their events are kept together or not at all.
    """
    with transaction.atomic():
        deeds: list[Deed] = []
        token = _gathered.set(deeds)
        try:
            yield
        finally:
            _gathered.reset(token)
        _write(deeds)


def _write(deeds: Sequence[Deed]) -> None:
    if _writer is None:
        raise RuntimeError("no journal has registered itself; nothing may be done unrecorded")
    if deeds:
        _writer(deeds)
