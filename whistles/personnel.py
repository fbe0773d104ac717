"""The street's third right: a suggestion about a department's people. Restricted (domain E1, section 7 trap 13).

The street suggests, its Party committee approves, the organisation department receives. The journal keeps that it
happened and nothing of what it says; every reading is kept there too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.roles import May, Role
from clocks.calendar import SHANGHAI
from config.refusal import Refused, SomebodyWasFirst
from incidents.step_forms.base import as_field
from incidents.telling import Staff
from journal.append import append
from journal.models import Event
from notices.tell import tell
from steps.forms import Facts, FactsRefused, words
from whistles.choices import SuggestionKind, SuggestionState
from whistles.models import PersonnelSuggestion, Whistle
from whistles.querysets import streets_of, suggestions_visible_to, visible_to
from whistles.step_forms import summonable

SUBJECT = "personnel_suggestion"
S = SuggestionState


@dataclass(frozen=True)
class Step:
    """One row: from, to, whose permission, and the column that keeps the time."""

    code: str
    label: Promise
    source: SuggestionState
    to: SuggestionState
    may: May
    column: str


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step("approve", pgettext_lazy("step", "Approve and send"), S.SUGGESTED, S.APPROVED,
             May.APPROVE_PERSONNEL, "decided_at"),
        Step("refuse", pgettext_lazy("step", "Refuse"), S.SUGGESTED, S.REFUSED, May.APPROVE_PERSONNEL, "decided_at"),
        Step("withdraw", pgettext_lazy("step", "Take back"), S.SUGGESTED, S.WITHDRAWN, May.SUGGEST_PERSONNEL,
             "decided_at"),
        Step("receive", pgettext_lazy("step", "Receive"), S.APPROVED, S.RECEIVED, May.RECEIVE_PERSONNEL,
             "received_at"),
    )
}  # fmt: skip
_VERBS = {
    "approve": "personnel.approved",
    "refuse": "personnel.refused",
    "withdraw": "personnel.withdrawn",
    "receive": "personnel.received",
}


class SuggestionForm(Facts):
    """What a street suggests, about whom, and why."""

    kind = forms.ChoiceField(label=_("What is suggested"), choices=SuggestionKind.choices)
    unit = forms.ChoiceField(label=_("Department"))
    person_name = forms.CharField(label=_("Person"), max_length=60)
    text = words(_("Why"))
    whistle = forms.CharField(
        label=_("Whistle"),
        required=False,
        max_length=20,
        help_text=_("Its number, if there is one."),
    )

    def fit_for(self, actor: Actor, street_code: str) -> None:
        self.actor = actor
        offered = [(unit.code, unit.shown_name) for unit in summonable(street_code)]
        as_field(self.fields["unit"]).choices = offered

    def clean_unit(self) -> Organisation:
        return Organisation.objects.get(code=self.cleaned_data["unit"])

    def clean_whistle(self) -> Whistle | None:
        number = self.cleaned_data["whistle"].strip()
        if not number:
            return None
        found = visible_to(self.actor).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no whistle with this number."), code="whistle_unknown"
            )
        return found


def own_street(by: Actor) -> str:
    """The street whose suggestions this person makes. Raises PermissionDenied without one."""
    streets = streets_of(by, May.SUGGEST_PERSONNEL)
    if not streets:
        raise PermissionDenied(str(May.SUGGEST_PERSONNEL))
    return streets[0]


def suggestion_form(by: Actor, facts: Any = None, **initial: Any) -> SuggestionForm:
    """The form for a new suggestion. Raises PermissionDenied."""
    form = SuggestionForm(facts, initial=initial)
    form.fit_for(by, own_street(by))
    return form


def suggest(*, by: Actor, now: datetime, facts: Any) -> PersonnelSuggestion:
    """Make a suggestion. Raises PermissionDenied, FactsRefused (422)."""
    form = suggestion_form(by, facts)
    if not form.is_valid():
        raise FactsRefused(form)
    given = form.cleaned_data
    assert by.user_id is not None, "a suggestion is a person's"
    with transaction.atomic():
        made = PersonnelSuggestion.objects.create(
            street_code=own_street(by),
            kind=given["kind"],
            unit=given["unit"],
            person_name=given["person_name"],
            text=given["text"],
            whistle=given["whistle"],
            suggested_by_id=by.user_id,
            suggested_at=now,
        )
        event = _journal("personnel.suggested", made, by, now)
        _tell(event, made, "personnel.to_approve", _committee(made, now), now)
    return made


def read(pk: int, *, by: Actor, now: datetime) -> PersonnelSuggestion:
    """One suggestion, and that it was read goes into the journal. Raises PersonnelSuggestion.DoesNotExist."""
    with transaction.atomic():
        found = (
            suggestions_visible_to(by).select_related("unit", "whistle", "suggested_by").get(pk=pk)
        )
        _journal("personnel.read", found, by, now)
    return found


def decide(
    step: str, pk: int, *, by: Actor, now: datetime, version: int | None = None, answer: str = ""
) -> PersonnelSuggestion:
    """Approve, refuse, take back or receive. Raises PersonnelSuggestion.DoesNotExist, PermissionDenied (403),
    SomebodyWasFirst and Refused (409)."""
    row = STEPS[step]
    with transaction.atomic():
        one = suggestions_visible_to(by).select_for_update().get(pk=pk)
        _demand_hand(row, one, by)
        if version is not None and one.version != version:
            raise SomebodyWasFirst
        if one.state != row.source:
            raise Refused("not_in_this_state", _("This suggestion has been decided already."), 409)
        one.state, one.version = row.to, one.version + 1
        one.answer = answer or one.answer
        setattr(one, row.column, now)
        one.save()
        event = _journal(_VERBS[step], one, by, now)
        _tell_of_decision(step, event, one, now)
    return one


def steps_for(one: PersonnelSuggestion, by: Actor) -> list[Step]:
    """The steps that this person may take now."""
    return [row for row in STEPS.values() if row.source == one.state and _has_hand(row, one, by)]


def _has_hand(row: Step, one: PersonnelSuggestion, by: Actor) -> bool:
    if row.may is May.RECEIVE_PERSONNEL:
        return any(post.covers(one.street_code) for post in by.posts_with(row.may))
    return one.street_code in streets_of(by, row.may)


def _demand_hand(row: Step, one: PersonnelSuggestion, by: Actor) -> None:
    if not _has_hand(row, one, by):
        raise PermissionDenied(str(row.may))


def _journal(verb: str, one: PersonnelSuggestion, by: Actor, now: datetime) -> Event:
    """That it happened, and to which row: no name, no unit, no text."""
    return append(verb, subject=(SUBJECT, one.pk), area_code=one.street_code, by=by, now=now)


def _committee(one: PersonnelSuggestion, now: datetime) -> frozenset[int]:
    staff = Staff(now.astimezone(SHANGHAI).date())
    return staff.in_charge(one.street_code, Role.COMMANDER)


def _tell_of_decision(step: str, event: Event, one: PersonnelSuggestion, now: datetime) -> None:
    if step == "approve":
        staff = Staff(now.astimezone(SHANGHAI).date())
        officers = staff.in_charge(one.street_code, Role.PERSONNEL_OFFICER)
        _tell(event, one, "personnel.sent", officers, now)
    elif step != "withdraw":
        _tell(event, one, "personnel.decided", frozenset({one.suggested_by_id}), now)


def _tell(
    event: Event, one: PersonnelSuggestion, kind: str, people: frozenset[int], now: datetime
) -> None:
    link = reverse("whistles:suggestion", args=[one.pk])
    waiting = sorted(people - {event.actor_id})
    tell(event, waiting, kind=kind, facts={}, link=link, now=now)
