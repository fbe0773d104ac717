"""What an operator types while talking is kept on the server every few seconds: a crash, a lost line or a signed-out
session loses nothing. It becomes one order, however often it is sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.roles import May
from config.refusal import SomebodyWasFirst
from hotline.intake import TakenIn, take_in
from hotline.intake_form import Intake
from hotline.models import Call, Draft
from hotline.querysets import drafts_of
from steps.forms import readable

_LONGEST_VALUE = 20_000


@dataclass(frozen=True)
class Line:
    """A draft in a list: when it was saved, and how it begins."""

    draft: Draft
    text: str


def begin(*, by: Actor, now: datetime, call: Call | None = None) -> Draft:
    """Begin an order; with the number of the call that was answered. Raises PermissionDenied."""
    by.require(May.TAKE_CALLS)
    facts = {"caller_phone": call.phone} if call else {}
    return Draft.objects.create(
        operator_id=by.user_id or 0,
        call=call,
        facts=json.dumps(facts),
        begun_at=now,
        saved_at=now,
    )


def content(draft: Draft) -> dict[str, Any]:
    """What was typed, by field."""
    kept: dict[str, Any] = json.loads(draft.facts or "{}")
    return kept


def lines_of(by: Actor) -> list[Line]:
    """Everything that this person has begun and not sent, the newest first."""
    return [Line(draft, content(draft).get("text", "")[:80]) for draft in drafts_of(by)]


def save(
    pk: int, *, by: Actor, now: datetime, version: int | None, facts: Mapping[str, Any]
) -> Draft:
    """Keep what is typed now. Raises Draft.DoesNotExist, SomebodyWasFirst where another window saved since."""
    draft = drafts_of(by).get(pk=pk)
    kept = json.dumps(_typed(facts), ensure_ascii=False)
    rows = drafts_of(by).filter(pk=pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(facts=kept, saved_at=now, version=F("version") + 1):
        raise SomebodyWasFirst(
            _("This order is open in another window too, and was saved there. Reload to see it.")
        )
    draft.refresh_from_db()
    return draft


def _typed(facts: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the form, each within reason; nothing is judged before it is sent."""
    given = readable(facts) or {}
    return {name: str(given[name])[:_LONGEST_VALUE] for name in Intake.base_fields if name in given}


def send(pk: int, *, by: Actor, now: datetime, facts: Mapping[str, Any]) -> TakenIn:
    """The draft becomes an order, once: sent again, it is the order that it became.

    Raises Draft.DoesNotExist, and what `take_in` raises; what was typed stays in the draft.
    """
    with transaction.atomic():
        # Nothing is joined: whoever waited for the lock must see the order that the first one made.
        draft = Draft.objects.select_for_update().get(pk=pk, operator_id=by.user_id or 0)
        if draft.order is not None:
            return TakenIn(draft.order, created=False)
        taken = take_in(by=by, now=now, facts=facts, call=draft.call)
        draft.order, draft.facts, draft.saved_at = taken.order, "{}", now
        draft.save()
    return taken


def discard(pk: int, *, by: Actor) -> bool:
    """Throw away what was typed; whether there was anything. A call that led to it stays answered."""
    deleted, _rows = drafts_of(by).filter(pk=pk).delete()
    return bool(deleted)
