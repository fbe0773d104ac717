"""The facts that the steps of an enclave take."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from borders.choices import CheckKind
from borders.models import Problem
from borders.step_forms.base import Coded, Reasoned, in_the_city, item_field, unit_field
from config.refusal import Refused
from grids.drawn import polygon_from
from incidents.step_forms.base import as_field
from steps.forms import StepForm, YesNo, demand_whole_point, words

if TYPE_CHECKING:
    from borders.doors import EnclaveMeeting


class PlaceFacts(Coded):
    """Where it lies: a point, a boundary, or an area named."""

    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    boundary = forms.CharField(
        label=_("Boundary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("GeoJSON of a polygon in WGS 84, if it was surveyed."),
    )
    area = forms.CharField(
        label=_("Area code"),
        required=False,
        max_length=15,
        help_text=_("Found by itself where a point or a boundary is given."),
    )

    def clean_boundary(self) -> Any:
        """A polygon or None."""
        text = self.cleaned_data["boundary"].strip()
        if not text:
            return None
        try:
            return polygon_from(text, "boundary")
        except Refused as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from None

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        demand_whole_point(self, facts)
        return facts


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=2_000_000_000)


class RegisterFacts(PlaceFacts):
    """A place that belongs elsewhere."""

    name = forms.CharField(label=_("Name of the place"), max_length=120)
    reference = forms.CharField(
        label=_("Number in the former register"), required=False, max_length=40
    )
    owner = unit_field(
        _("Belongs by administration to"), help_text=_("The unit that gives it away.")
    )
    text = words(_("How it came to be, and what is wrong there"), required=False)
    population = _count(_("Residents"))
    households = _count(_("Households"))
    area_m2 = _count(_("Area in m²"))

    field_order: Any = [
        "name", "reference", "owner", "text", "address", "lon", "lat", "area", "boundary", "population",
        "households", "area_m2",
    ]  # fmt: skip


class Amend(RegisterFacts, StepForm):
    def fit(self, meeting: "EnclaveMeeting") -> None:
        as_field(self.fields["owner"]).queryset = in_the_city(meeting.record.area_code)
        for name in self.fields:
            if name not in ("area", "boundary", "owner"):
                self.initial.setdefault(name, getattr(meeting.record, name))
        self.initial.setdefault("owner", meeting.record.owner.code)
        self.initial.setdefault("area", meeting.record.area_code)


class Investigate(StepForm):
    text = words(_("Findings on the spot"))
    population = _count(_("Residents"))
    households = _count(_("Households"))
    area_m2 = _count(_("Area in m²"))

    def fit(self, meeting: "EnclaveMeeting") -> None:
        for name in ("population", "households", "area_m2"):
            self.initial.setdefault(name, getattr(meeting.record, name))


class Attribute(StepForm):
    manager = unit_field(
        _("Managed from now on by"),
        help_text=_("Whoever governs the district or street where it lies."),
    )
    owner = unit_field(_("Given away by"))
    text = words(_("Basis"))

    def fit(self, meeting: "EnclaveMeeting") -> None:
        record = meeting.record
        for name in ("manager", "owner"):
            as_field(self.fields[name]).queryset = in_the_city(record.area_code)
        self.initial.setdefault("owner", record.owner.code)
        if record.manager:
            self.initial.setdefault("manager", record.manager.code)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("owner") and facts["owner"] == facts.get("manager"):
            self.add_to("manager", _("It must pass from one unit to another."), "same_unit")
        return facts


class Word(StepForm):
    handover = forms.CharField(
        label=_("Wording of the handover"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("What passes, from when, and which old problems stay with whom."),
    )

    def fit(self, meeting: "EnclaveMeeting") -> None:
        self.initial.setdefault("handover", meeting.record.handover)


class Sign(StepForm):
    handover_version = forms.IntegerField(
        widget=forms.HiddenInput, help_text=_("The number of the wording that was read.")
    )
    side = forms.ChoiceField(label=_("For which side"), required=False)

    def fit(self, meeting: "EnclaveMeeting") -> None:
        self.initial.setdefault("handover_version", meeting.record.handover_version)
        own = [(side.value, side.label) for side in meeting.own_sides]
        as_field(self.fields["side"]).choices = own
        if len(own) < 2:
            self.fields["side"].widget = forms.HiddenInput()
            self.initial.setdefault("side", own[0][0] if own else "")


class ListProblem(Coded, StepForm):
    title = forms.CharField(label=_("The problem, in a few words"), max_length=120)
    text = words(_("What must be solved"), required=False)
    item_code = item_field(required=False)
    owner = unit_field(_("Stays with"))

    def fit(self, meeting: "EnclaveMeeting") -> None:
        as_field(self.fields["owner"]).queryset = in_the_city(meeting.record.area_code)
        self.initial.setdefault("owner", meeting.record.owner.code)


class AboutProblem(StepForm):
    """A step about one of the old problems."""

    problem = forms.ModelChoiceField(Problem.objects.all(), label=_("Old problem"))

    def fit(self, meeting: "EnclaveMeeting") -> None:
        mine = meeting.record.problems.filter(pk__in=[one.pk for one in self.offered(meeting)])
        as_field(self.fields["problem"]).queryset = mine
        if len(found := list(mine)) == 1:
            self.initial.setdefault("problem", found[0].pk)

    def offered(self, meeting: "EnclaveMeeting") -> list[Problem]:
        """Those that this step can be about."""
        return meeting.problems


class LinkCase(Coded, AboutProblem):
    cases = forms.CharField(label=_("Numbers of the cases"), max_length=400)

    field_order: Any = ["problem", "cases"]

    def fit(self, meeting: "EnclaveMeeting") -> None:
        super().fit(meeting)
        self.actor = meeting.by


class SolveProblem(AboutProblem):
    result = words(_("How it was solved"))

    def offered(self, meeting: "EnclaveMeeting") -> list[Problem]:
        units = meeting.by.organisation_ids(May.SEE_BORDERS)
        return [one for one in meeting.open_problems if one.owner_id in units]


class ReopenProblem(AboutProblem):
    reason = words(_("Why it is not solved"))

    def offered(self, meeting: "EnclaveMeeting") -> list[Problem]:
        return [one for one in meeting.problems if one not in meeting.open_problems]


class EnterCheck(StepForm):
    check = forms.ChoiceField(
        label=_("Acceptance check"), choices=CheckKind.choices, widget=forms.RadioSelect
    )
    passed = YesNo(label=_("Passed"))
    note = words(_("Note"), required=False, help_text=_("Where it fails: what must be mended."))

    def fit(self, meeting: "EnclaveMeeting") -> None:
        as_field(self.fields["check"]).choices = [(k.value, k.label) for k in meeting.to_check]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("passed") is False and not facts.get("note"):
            self.add_to("note", _("Say what must be mended."), "reason_missing")
        return facts


class Mend(StepForm):
    check = forms.ChoiceField(label=_("What failed"), choices=CheckKind.choices)
    text = words(_("How it was mended"))

    def fit(self, meeting: "EnclaveMeeting") -> None:
        failed = [(one.kind, CheckKind(one.kind).label) for one in meeting.to_mend]
        as_field(self.fields["check"]).choices = failed


ENCLAVE_FORMS: dict[str, type[StepForm]] = {
    "amend": Amend,
    "investigate": Investigate,
    "attribute": Attribute,
    "word": Word,
    "sign": Sign,
    "list_problem": ListProblem,
    "link_case": LinkCase,
    "solve_problem": SolveProblem,
    "reopen_problem": ReopenProblem,
    "check": EnterCheck,
    "mend": Mend,
    "strike": Reasoned,
}
