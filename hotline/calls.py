"""The telephone system announces a call: once however often it is sent, seen by operators at once, answered by one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, ActorKind
from accounts.models import User
from accounts.personal import keyed_hash
from accounts.roles import May
from config.refusal import Refused, SomebodyWasFirst
from hotline.choices import CallState
from hotline.drafts import begin
from hotline.limits import MISSED_HOURS, RINGING_SECONDS
from hotline.models import Call, Draft, Order
from hotline.phones import number_of
from hotline.querysets import WRITE
from incidents.querysets import within
from journal.append import append

SUBJECT = "hotline_call"


@dataclass(frozen=True)
class Rung:
    """A call as it was announced; `created` is False where it had been announced before."""

    call: Call
    created: bool


def ring(
    *, by: Actor, now: datetime, call_id: str, number: str = "", line: str = "", operator: str = ""
) -> Rung:
    """A call rings. `number` is empty, or no number at all, where it is withheld; `operator` is the account of
    whom the system put it through to. Raises PermissionDenied.
    """
    area = demand_phone_system(by)
    client_id = by.id if by.kind is ActorKind.CLIENT else None
    known = Call.objects.filter(client_id=client_id, call_id=call_id).first()
    if known is not None:
        return Rung(known, created=False)
    phone = number_of(number)
    try:
        with transaction.atomic():
            made = Call.objects.create(
                client_id=client_id,
                call_id=call_id,
                phone=phone,
                phone_hash=keyed_hash(phone),
                line=line,
                area_code=area,
                rung_at=now,
                meant_for=User.objects.filter(username=operator, is_active=True).first(),
            )
            append("hotline_call.rang", subject=(SUBJECT, made.pk), area_code=area, by=by, now=now)
    except IntegrityError:  # the same call, at this very moment
        return Rung(Call.objects.get(client_id=client_id, call_id=call_id), created=False)
    return Rung(made, created=True)


def demand_phone_system(by: Actor) -> str:
    """The area whose operators hear it."""
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(WRITE)
    return by.require(May.TAKE_CALLS).area_code


def hang_up(*, by: Actor, now: datetime, call_id: str) -> Call:
    """The caller rang off. What was answered stays answered. Raises Call.DoesNotExist, PermissionDenied."""
    area = demand_phone_system(by)
    client_id = by.id if by.kind is ActorKind.CLIENT else None
    with transaction.atomic():
        call = Call.objects.select_for_update().get(client_id=client_id, call_id=call_id)
        if call.state == CallState.RINGING:
            call.state = CallState.ENDED
            call.save(update_fields=["state"])
            append("hotline_call.ended", subject=(SUBJECT, call.pk), area_code=area, by=by, now=now)
    return call


def heard_by(actor: Actor) -> QuerySet[Call]:
    """The calls of the areas for which this person takes calls."""
    reach = Q(pk__in=[])
    for prefix in actor.area_prefixes(May.TAKE_CALLS):
        reach |= within(prefix)
        reach |= Q(area_code__in=[prefix[:length] for length in range(len(prefix))])
    return Call.objects.filter(reach)


def ringing(actor: Actor, now: datetime) -> list[Call]:
    """What rings now, the longest waiting first; what was put through to this person before the rest."""
    since = now - timedelta(seconds=RINGING_SECONDS)
    waiting = heard_by(actor).filter(state=CallState.RINGING, rung_at__gt=since)
    found = list(waiting.select_related("meant_for").order_by("rung_at", "id")[:10])
    return sorted(found, key=lambda call: call.meant_for_id != actor.user_id)


def missed(actor: Actor, now: datetime) -> list[Call]:
    """Calls of the last day that nobody answered, and whose number nobody has taken an order from since."""
    until = now - timedelta(seconds=RINGING_SECONDS)
    old = Q(state=CallState.RINGING, rung_at__lte=until) | Q(state=CallState.ENDED)
    calls = heard_by(actor).filter(old, rung_at__gt=now - timedelta(hours=MISSED_HOURS))
    found = list(calls.exclude(phone_hash="").order_by("-rung_at")[:20])
    hashes = {call.phone_hash for call in found}
    later = Order.objects.filter(
        caller_hash__in=hashes, taken_at__gt=now - timedelta(hours=MISSED_HOURS)
    )
    reached = dict(later.order_by("taken_at").values_list("caller_hash", "taken_at"))
    return [c for c in found if c.phone_hash not in reached or reached[c.phone_hash] < c.rung_at]


def answer(pk: int, *, by: Actor, now: datetime) -> Draft:
    """Take a call: it is this person's, and an order is begun with its number. Pressed twice, it is the same one.

    Raises Call.DoesNotExist, PermissionDenied, SomebodyWasFirst.
    """
    post = by.require(May.TAKE_CALLS)
    with transaction.atomic():
        call = heard_by(by).select_for_update(of=("self",)).get(pk=pk)
        if call.state == CallState.ANSWERED:
            return _begun(call, by)
        call.state, call.answered_by_id, call.answered_at = CallState.ANSWERED, by.user_id, now
        call.save(update_fields=["state", "answered_by", "answered_at"])
        append(
            "hotline_call.answered",
            subject=(SUBJECT, call.pk),
            area_code=call.area_code,
            by=by,
            now=now,
            post=post,
        )
        return begin(by=by, now=now, call=call)


def _begun(call: Call, by: Actor) -> Draft:
    if call.answered_by_id != by.user_id:
        who = str(call.answered_by) if call.answered_by else "—"
        raise SomebodyWasFirst(_("%(who)s has answered this call already.") % {"who": who})
    draft = Draft.objects.filter(call=call, operator_id=by.user_id or 0).first()
    if draft is None:
        said = _("You answered this call before, and threw the order away.")
        raise Refused("draft_discarded", said, 409)
    return draft
