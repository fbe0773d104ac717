"""The facts of every step and of every new record, declared once: page, API, documentation."""

from collections.abc import Collection, Sequence
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
    RANK,
    EnrolmentKind,
    EventKind,
    Grouping,
    Level,
    Per,
    Phoned,
    Skill,
)
from grids.models import CODE_LENGTHS, Area
from grids.models import Level as AreaLevel
from steps.forms import Facts, StepForm, words

MOST_MINUTES = 7 * 24 * 60


class AreaCode(forms.CharField):
    """The code of an area in force below one of `within`; a page offers a list, a program sends the code."""

    within: Sequence[str] = ()
    known: Collection[str] | None = (
        None  # all codes there are, where many forms are checked at once
    )

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Area"))
        options.setdefault("max_length", 15)
        options.setdefault("widget", forms.Select)
        super().__init__(**options)

    def offer(self, within: Sequence[str], smallest: int) -> None:
        """List the areas below `within` down to codes of `smallest` digits."""
        self.within = within
        first = [] if self.required else [("", _("the whole area"))]
        self.widget.choices = [*first, *areas_below(within, smallest)]

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code and not self._is_known(code):
            raise forms.ValidationError(
                _("There is no area in force with this code where you may do this."),
                code="unknown_area",
            )
        return code

    def _is_known(self, code: str) -> bool:
        if self.known is not None:
            return code in self.known
        lies = any(code.startswith(prefix) for prefix in self.within)
        return lies and Area.objects.active().filter(code=code).exists()


def areas_below(within: Sequence[str], smallest: int) -> list[tuple[str, str]]:
    """Code and name of the areas in force below the prefixes, indented by level."""
    found: dict[str, str] = {}
    for prefix in within:
        for area in Area.objects.active().subtree(prefix).listed().order_by("code"):
            if len(prefix) <= len(area.code) <= smallest:
                indent = "\u3000" * max((len(area.code) - max(len(prefix), 4)) // 3, 0)
                found[area.code] = f"{indent}{area.shown_name}"
    return sorted(found.items())


class Codes(forms.MultipleChoiceField):
    """Several codes; which there are depends on the record, and the effect looks."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 20


# --- activation ------------------------------------------------------------------------------------


class DeclareFacts(Facts):
    """Which area goes into emergency, and why."""

    area = AreaCode(help_text=_("It and everything below it."))
    kind = forms.ChoiceField(label=_("Kind of event"), choices=EventKind)
    level = forms.ChoiceField(label=_("Level"), choices=Level, initial=Level.BLUE)
    reason = words(_("Reason"))
    instructions = words(
        _("Instructions"),
        required=False,
        help_text=_("Everybody who works in the area reads them on every page."),
    )
    call_all = forms.BooleanField(
        label=_("Call up everybody who is enrolled there at once"), required=False
    )


class ChangeLevel(StepForm):
    """The new level, and why."""

    level = forms.ChoiceField(label=_("New level"), choices=Level)
    reason = words(_("Reason"))
    towards = 0  # -1: graver, 1: less grave

    def fit(self, meeting: Any) -> None:
        now = RANK[meeting.record.level]
        fitting = [row for row in Level.choices if (RANK[row[0]] - now) * self.towards > 0]
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = fitting


class Raise(ChangeLevel):
    towards = -1


class Lower(ChangeLevel):
    towards = 1


class Instruct(StepForm):
    instructions = words(_("Instructions"))

    def fit(self, meeting: Any) -> None:
        self.fields["instructions"].initial = meeting.record.instructions


class EndActivation(StepForm):
    reason = words(_("Why it may end"))
    report = words(
        pgettext_lazy("of an emergency", "Report"),
        required=False,
        help_text=_("What happened, what was done, losses"),
    )


def _minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Without a number what the level gives."),
    )


class CallUpFacts(StepForm):
    """Whom to call: everybody who fits, or the ticked ones among them."""

    area = AreaCode(required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), choices=EnrolmentKind, required=False, widget=ManyTicks
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills, any of them"), choices=Skill, required=False, widget=ManyTicks
    )
    people = Codes(label=_("People"), required=False, help_text=_("Numbers of enrolments."))
    grouping = forms.ChoiceField(label=_("Teams"), choices=Grouping, initial=Grouping.COMMUNITY)
    answer_minutes = _minutes(_("Minutes to answer"))
    arrive_minutes = _minutes(_("Minutes to arrive"))
    message = words(_("What to do, what to bring"), required=False)

    def fit(self, meeting: Any) -> None:
        area = self.fields["area"]
        assert isinstance(area, AreaCode)
        area.offer([meeting.record.area_code], CODE_LENGTHS[AreaLevel.GRID])


# --- call-up ---------------------------------------------------------------------------------------


class NoFacts(StepForm):
    """Nothing is asked."""


class SetTeam(StepForm):
    """Who leads a team and where it gathers; what is left empty stays as it is."""

    team = forms.IntegerField(label=_("Team"), min_value=1, widget=forms.HiddenInput)
    leader = forms.CharField(
        label=_("Leader"), required=False, max_length=150, help_text=_("The account's user name.")
    )
    place = forms.CharField(label=_("Assembly point"), required=False, max_length=120)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)

    def clean_leader(self) -> User | None:
        name = self.cleaned_data["leader"].strip()
        found = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("There is no such account."), code="unknown_person")
        return found

    def clean(self) -> dict[str, Any]:
        return _whole_point(self, super().clean() or {})


def _whole_point(form: Facts, facts: dict[str, Any]) -> dict[str, Any]:
    if (facts.get("lon") is None) != (facts.get("lat") is None):
        form.add_to("lat", _("A point needs both longitude and latitude."), "half_a_point")
    return facts


class StandAllDown(StepForm):
    note = words(_("Note"), required=False)


# --- one person called -----------------------------------------------------------------------------


class Come(StepForm):
    minutes = forms.IntegerField(
        label=_("There in so many minutes"), min_value=0, max_value=24 * 60, initial=30
    )


class Decline(StepForm):
    because = forms.CharField(label=_("Because"), max_length=200)


class CheckIn(StepForm):
    """A position comes from the phone by itself; a phone that finds none may check in all the same."""

    lon = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        widget=forms.HiddenInput,
    )
    lat = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    accuracy_m = forms.FloatField(
        label=_("Accuracy (m)"), required=False, min_value=0, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        return _whole_point(self, super().clean() or {})


class Phone(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Phoned)


# --- enrolment -------------------------------------------------------------------------------------


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


ACTIVATION_FORMS: dict[str, type[StepForm]] = {
    "raise": Raise,
    "lower": Lower,
    "instruct": Instruct,
    "call_up": CallUpFacts,
    "end": EndActivation,
}
CALL_UP_FORMS: dict[str, type[StepForm]] = {
    "again": NoFacts,
    "set_team": SetTeam,
    "end": StandAllDown,
}
CALLED_FORMS: dict[str, type[StepForm]] = {
    "come": Come,
    "decline": Decline,
    "check_in": CheckIn,
    "phone": Phone,
    "stand_down": NoFacts,
}
ENROLMENT_FORMS: dict[str, type[StepForm]] = {
    "amend": Amend,
    "record_service": RecordService,
    "approve_service": JudgeService,
    "refuse_service": JudgeService,
    "end": EndEnrolment,
}
