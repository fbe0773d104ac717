"""Personal data, shown only on request: somebody says why, it is journaled, and after 60 seconds it is gone.

Any room adds a kind of its own (`register`) and puts `accounts/_reveal.html` where the masked value stands. The
value is in one answer that nothing caches, and the page takes it away by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import journaling
from accounts.actor import Actor, HeldPost
from config.refusal import Refused

SECONDS = 60
SHORTEST_REASON = 4


@dataclass(frozen=True)
class Sealed:
    """One piece of personal data as its room hands it over: what, whose (the journal's subject), under which post."""

    value: str
    subject: tuple[str, int | str]
    area_code: str
    post: HeldPost | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of personal data that can be shown, e.g. `person.phone`.

    `find(actor, ident, now)` gives the data or None where the actor may not know that it exists (404); it raises
    PermissionDenied where the actor may not see it (403). `back(ident)` is the page it stands on.
    """

    name: str
    label: str | Promise
    find: Callable[[Actor, str, datetime], Sealed | None]
    mask: Callable[[str], str]
    back: Callable[[str], str]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind of data (from a room's `ready()`)."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind | None:
    """The registered kind of that name."""
    return _kinds.get(name)


@transaction.atomic
def reveal(kind: Kind, ident: str, *, reason: str, by: Actor, now: datetime) -> Sealed | None:
    """Write down who wants to see it and why, then hand it over to be shown for `SECONDS`.

    None where there is nothing that `by` may know of. Raises Refused without a reason, PermissionDenied.
    """
    found = kind.find(by, ident, now)
    if found is None:
        return None
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refused(
            "reason_missing",
            _("Say in a few words why you need it: at least %d characters.") % SHORTEST_REASON,
            field="reason",
        )
    journaling.append(
        "personal_data.revealed",
        subject=found.subject,
        area_code=found.area_code,
        by=by,
        now=now,
        post=found.post,
        data={"kind": kind.name, "reason": reason[:200]},
    )
    return found
