"""The facts of enrolling somebody, and of the steps of an enrolment."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import User
from accounts.people import PHONE, plain_phone
from accounts.roles import May
from config.forms import DayInput, ManyTicks
from emergency.choices import (
    EnrolmentKind,
    Per,
    Skill,
)
from emergency.step_forms.base import AreaCode
from grids.models import CODE_LENGTHS
from grids.models import Level as AreaLevel
from steps.forms import Facts, StepForm, words


class _Terms(forms.Form):
    """For what somebody is enrolled."""

    area = AreaCode(help_text=_("A street, a community or a grid."))
    kind = forms.ChoiceField(label=_("Kind"), choices=EnrolmentKind)
    skills = forms.MultipleChoiceField(
        label=_("Skills"), choices=Skill, required=False, widget=ManyTicks
    )
    required_hours = forms.DecimalField(
        label=_("Hours required"), required=False, min_value=0, max_value=999, decimal_places=1
    )
    required_per = forms.ChoiceField(label=_("For each"), choices=Per, initial=Per.MONTH)
    valid_from = forms.DateField(label=_("From"), widget=DayInput)
    valid_to = forms.DateField(
        label=_("Until"), required=False, widget=DayInput, help_text=_("Both days included.")
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        first, last = facts.get("valid_from"), facts.get("valid_to")
        if first and last and last < first:
            sentence = _("The last day lies before the first one.")
            self.add_error("valid_to", forms.ValidationError(sentence, code="ends_before_it_began"))
        return facts

    def offer_areas(self, actor: Actor) -> None:
        """The areas in which the actor enrols people."""
        area = self.fields["area"]
        assert isinstance(area, AreaCode)
        area.offer(actor.area_prefixes(May.ENROL), CODE_LENGTHS[AreaLevel.GRID])

    def know_areas(self, codes: Collection[str]) -> None:
        """Take these codes and ask no more."""
        area = self.fields["area"]
        assert isinstance(area, AreaCode)
        area.known = codes


class EnrolFacts(_Terms, Facts):
    """A person and what they are enrolled for: an account by its user name, or a name and a phone."""

    username = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=150,
        help_text=_("Leave name and phone empty then."),
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        required=False,
        max_length=60,
        help_text=_("For somebody without an account."),
    )
    phone = forms.CharField(label=_("Mobile phone"), required=False, max_length=20)
    field_order = ("username", "name", "phone")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        self.person = User.objects.filter(username=username, is_active=True).first()
        if username and self.person is None:
            raise forms.ValidationError(_("There is no such account."), code="unknown_person")
        return username

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not PHONE.fullmatch(phone):
            sentence = _("This is no phone number: use digits only.")
            raise forms.ValidationError(sentence, code="phone_malformed")
        return plain_phone(phone)

    def clean(self) -> dict[str, Any]:
        """One way or the other: an account, or a name and a phone."""
        facts = super().clean()
        facts["person"] = getattr(self, "person", None)
        named, phoned = bool(facts.get("name", "").strip()), bool(facts.get("phone"))
        if facts.get("username", "?"):
            if named or phoned:
                sentence = _("Either an account, or a name and a phone: not both.")
                self.add_to("name", sentence, "both_given")
        elif not named:
            self.add_to("name", _("Give an account, or a name and a phone."), "nobody_named")
        elif not phoned and "phone" not in self.errors:
            self.add_to("phone", _("Without an account a phone is needed."), "phone_missing")
        return facts


class Amend(_Terms, StepForm):
    """Everything but who it is."""

    def fit(self, meeting: Any) -> None:
        self.offer_areas(meeting.by)
        for name in ("kind", "skills", "required_hours", "required_per", "valid_from", "valid_to"):
            self.fields[name].initial = getattr(meeting.record, name)
        self.fields["area"].initial = meeting.record.area_code


class RecordService(StepForm):
    day = forms.DateField(label=_("Day"), widget=DayInput)
    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_value=24, decimal_places=1)
    text = forms.CharField(label=_("What was done"), max_length=200)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if self.meeting is not None and day > self.meeting.today:
            raise forms.ValidationError(_("The day has not come yet."), code="in_the_future")
        return day


class JudgeService(StepForm):
    service = forms.IntegerField(label=_("Hours served"), min_value=1, widget=forms.HiddenInput)


class EndEnrolment(StepForm):
    reason = words(_("Reason"))


ENROLMENT_FORMS: dict[str, type[StepForm]] = {
    "amend": Amend,
    "record_service": RecordService,
    "approve_service": JudgeService,
    "refuse_service": JudgeService,
    "end": EndEnrolment,
}
