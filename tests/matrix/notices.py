"""Everybody has a bell, and nobody sees into another's."""

from typing import Any

from accounts.roles import Role
from notices.models import Notice
from notices.tell import tell
from tests.factories import HOME
from tests.journal.factories import NOW, happened
from tests.matrix.row import EVERYBODY, HIDDEN, Row
from tests.matrix.world import World

RECIPIENT = frozenset({Role.CLERK})


def build(world: World) -> None:
    """A message to the clerk at home."""
    clerk = world.people[Role.CLERK, HOME]
    tell(happened(), [clerk.pk], kind="case.overdue", facts={}, link="/notices/", now=NOW)
    world.records["notice"] = Notice.objects.get()


def _notice(world: World) -> dict[str, Any]:
    return {"pk": world.records["notice"].pk}


def _own(url: str, method: str = "get") -> Row:
    return Row(url=url, method=method, may=RECIPIENT, kwargs=_notice, others=HIDDEN)


ROWS = [
    Row(url="notices:list", may=EVERYBODY),
    Row(url="notices:badge", may=EVERYBODY),
    Row(url="notices:bell", may=EVERYBODY),
    Row(url="notices:read_all", method="post", may=EVERYBODY),
    _own("notices:open"),
    _own("notices:read", "post"),
]
