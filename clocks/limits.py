"""How long a stage may take where nothing more exact says so: rows that an administrator edits, over our defaults.

A room registers its stages where it defines them, and asks when a clock begins:

    register("incident.verify", _("Case: verifying"), Allowance(Decimal(1), AllowanceKind.WORK_DAY))
    limit("incident.verify")

A limit that is edited holds for clocks that begin later. Source of the defaults: domain section 7.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import May
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from clocks.models import Limit
from config.refusal import Refused
from journal.append import append

SUBJECT = "limit"
Words = str | Promise


@dataclass(frozen=True)
class _Known:
    label: Words
    default: Allowance


@dataclass(frozen=True)
class Row:
    """One limit as it is now. `version` 0 and no `changed_at`: nobody has changed it yet."""

    code: str
    label: Words
    allowance: Allowance
    default: Allowance
    version: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""


_known: dict[str, _Known] = {}


def register(code: str, label: Words, default: Allowance) -> None:
    """Make the limit of a stage one that administrators edit."""
    _known[code] = _Known(label, default)


def limit(code: str) -> Allowance:
    """The limit in force. Raises KeyError for one that no room has registered."""
    default = _known[code].default
    kept = Limit.objects.filter(pk=code).first()
    return kept.allowance if kept is not None else default


def label_of(code: str) -> Words:
    """What the limit is for; the code itself for one that is not known any more."""
    return _known[code].label if code in _known else code


def rows_for(by: Actor) -> list[Row]:
    """Every limit, for who may edit them; in the order of registering. Nothing for anybody else."""
    if not by.posts_with(May.MANAGE_CALENDAR):
        return []
    kept = Limit.objects.in_bulk()
    return [_row(code, kept.get(code)) for code in _known]


def row_for(by: Actor, code: str) -> Row | None:
    """One of them."""
    return next((row for row in rows_for(by) if row.code == code), None)


def _row(code: str, kept: Limit | None) -> Row:
    label, default = _known[code].label, _known[code].default
    if kept is None:
        return Row(code, label, default, default)
    seen = (kept.version, kept.changed_at, kept.changed_by)
    return Row(code, label, kept.allowance, default, *seen)


@transaction.atomic
def change_limit(
    code: str, *, allowance: Allowance, version: int | None, by: Actor, now: datetime
) -> Row:
    """Let a stage take so long from now on; clocks that run keep what they have.

    Raises PermissionDenied, SomebodyWasFirst, Refused `unknown_limit` (404).
    """
    post = by.require(May.MANAGE_CALENDAR)
    if code not in _known:
        raise Refused("unknown_limit", _("There is no such limit."), 404)
    before = limit(code)
    start = {"value": before.value, "kind": before.kind, "version": 0, "changed_at": now}
    kept, _made = Limit.objects.get_or_create(pk=code, defaults=start)
    facts = {"value": allowance.value, "kind": allowance.kind}
    written = write_over(kept, version=version, by=by, now=now, **facts)
    append(
        "limit.changed",
        subject=(SUBJECT, code),
        area_code="",
        by=by,
        now=now,
        post=post,
        data={"limit": code, "allowance": _told(allowance), "allowance_before": _told(before)},
    )
    return _row(code, written)


def _told(allowance: Allowance) -> str:
    """As the journal keeps it: value and kind."""
    return f"{allowance.value.normalize():f} {allowance.kind}"


def said(told: str) -> str:
    """What `_told` wrote, in words."""
    value, _space, kind = told.partition(" ")
    return str(Allowance.parse(value, kind)) if kind in AllowanceKind.values else told
