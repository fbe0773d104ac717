"""An area goes into emergency, changes its level, and comes back to peace."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.roles import May
from clocks.calendar import SHANGHAI
from config.refusal import SomebodyWasFirst
from emergency.calling import callable_in
from emergency.choices import CallUpState, State
from emergency.doors import ACTIVATIONS, CALL_UPS, ActivationMeeting
from emergency.figures import figures_of
from emergency.mode import refresh_once_committed
from emergency.models import Activation
from emergency.querysets import WRITE
from emergency.step_forms import DeclareFacts
from grids.models import CODE_LENGTHS, Level
from journal.append import append
from steps.door import keep_words
from steps.forms import FactsRefused
from steps.numbering import next_number


def declare(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Activation:
    """Put an area and everything below it into emergency; with `call_all`, call up everybody enrolled there.

    `facts` is what was typed or sent (`step_forms.DeclareFacts`). Raises PermissionDenied, FactsRefused (422), and
    SomebodyWasFirst (409) where the area is in emergency already.
    """
    _demand_permission(by)
    form = declare_form(by, facts)
    if not form.is_valid():
        raise FactsRefused(form)
    said = form.cleaned_data
    post = by.require(May.DECLARE_EMERGENCY, area_code=said["area"])
    with transaction.atomic():
        made = _write(said, by, now)
        _tell_journal(made, by, now, post)
        refresh_once_committed()
        if said["call_all"]:
            _call_everybody(made, by, now)
    return made


def declare_form(by: Actor, facts: Mapping[str, Any] | None, **initial: Any) -> DeclareFacts:
    """The form, with the areas over which this commander may declare."""
    form = DeclareFacts(facts, initial=initial)
    form.fields["area"].offer(  # type: ignore[attr-defined]  # an AreaCode
        by.area_prefixes(May.DECLARE_EMERGENCY), CODE_LENGTHS[Level.COMMUNITY]
    )
    return form


def _demand_permission(by: Actor) -> None:
    by.require(May.DECLARE_EMERGENCY)
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(str(May.DECLARE_EMERGENCY))


def _write(said: Mapping[str, Any], by: Actor, now: datetime) -> Activation:
    """The new activation; the database holds that an area has only one in force."""
    try:
        with transaction.atomic():
            return Activation.objects.create(
                number=next_number("YJ", "emergency_number", now),
                state=State.DECLARED,
                area_code=said["area"],
                kind=said["kind"],
                level=said["level"],
                reason=said["reason"],
                instructions=said["instructions"],
                declared_by_id=by.user_id,
                declared_at=now,
                updated_at=now,
            )
    except IntegrityError:
        raise SomebodyWasFirst(
            _(
                "This area is in emergency already: somebody was first. Change the level of that one instead."
            )
        ) from None


def _tell_journal(made: Activation, by: Actor, now: datetime, post: HeldPost) -> None:
    subject = (ACTIVATIONS.subject, made.pk)
    append(
        "emergency.declared",
        subject=subject,
        area_code=made.area_code,
        by=by,
        now=now,
        post=post,
        data={
            "event_kind": made.kind,
            "emergency_level": made.level,
            "area": made.area_code,
            "to": made.state,
            "version": 1,
            "remark": keep_words(subject, {"reason": made.reason}, now),
        },
    )


def _call_everybody(made: Activation, by: Actor, now: datetime) -> None:
    """Where nobody is enrolled, or all are out elsewhere, the declaration stands all the same."""
    if callable_in(made.area_code, now.astimezone(SHANGHAI).date()).exists():
        ACTIVATIONS.take(
            "call_up", number=made.number, by=by, now=now, facts={"grouping": "community"}
        )


@ACTIVATIONS.effect("raise", "lower")
def change_level(m: ActivationMeeting) -> None:
    """Another level, with a reason."""
    m.data.update(level_before=m.record.level, emergency_level=m.facts["level"])
    m.record.level = m.facts["level"]
    refresh_once_committed()


@ACTIVATIONS.effect("instruct")
def instruct(m: ActivationMeeting) -> None:
    """What everybody in the area reads now."""
    m.record.instructions = m.facts["instructions"]
    refresh_once_committed()


@ACTIVATIONS.effect("end")
def end(m: ActivationMeeting) -> None:
    """Back to peace: all call-ups are stood down, and the report is kept with the figures."""
    for call_up in m.record.call_ups.filter(state=CallUpState.CALLING).order_by("id"):
        CALL_UPS.take("end", number=call_up.number, by=m.by, now=m.now)
    m.record.report = m.facts["report"]
    m.record.figures = figures_of(m.record, m.now)
    refresh_once_committed()
