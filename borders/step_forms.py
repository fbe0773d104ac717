"""The facts that each step takes, declared once: the page's form, the API's input and its documentation."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.pickers import Picker
from accounts.roles import May
from borders.beside import rules_beside
from borders.choices import CheckKind, Says
from borders.models import Problem
from config.forms import ManyTicks, MomentInput
from config.refusal import Refused
from grids.drawn import polygon_from
from grids.models import Area, AreaStatus
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from incidents.responsibility import prefixes
from incidents.responsibility_rules import PRIORITIES, known_item_codes
from incidents.step_forms.base import as_field
from incidents.step_forms.handling import units_for
from steps.forms import Facts, StepForm, YesNo, words

if TYPE_CHECKING:
    from borders.doors import EnclaveMeeting, MatterMeeting

SIGN = May.SIGN_HANDOVER
MOST_CASES = 20
LONGEST_HEARING = timedelta(days=366)
_NO_UNIT = {"invalid_choice": _("There is no active unit with this code for this area.")}
_NO_UNITS = {"invalid_choice": _("There is no active unit %(value)s for this area.")}


def in_the_city(area_code: str) -> QuerySet[Organisation]:
    """The active organisations of the whole city that an area lies in."""
    city = area_code[:4]
    active = Organisation.objects.filter(active=True)
    here = active.filter(area_code__gte=city, area_code__lt=f"{city}:")
    return (here | active.filter(area_code__in=prefixes(city))).order_by("area_code", "code")


def unit_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ModelChoiceField:  # type: ignore[type-arg]  # not subscriptable at run time
    """One unit, by its code."""
    return forms.ModelChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=label,
        required=required,
        help_text=help_text,
        error_messages=_NO_UNIT,
    )


def units_field(label: Any, *, required: bool = True) -> forms.ModelMultipleChoiceField:  # type: ignore[type-arg]  # likewise
    """Several units, by their codes."""
    return forms.ModelMultipleChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=label,
        required=required,
        widget=ManyTicks,
        error_messages=_NO_UNITS,
    )


def item_field(*, required: bool) -> forms.CharField:
    """An item, subclass or class of the catalogue, by its code."""
    return forms.CharField(
        label=_("Matter in the catalogue"),
        required=required,
        max_length=140,
        widget=Picker("borders:item_options"),
        help_text=_("An item, subclass or class: type a piece of its name, or its code."),
    )


class Coded(Facts):
    """What forms with codes of the catalogue, areas and cases share."""

    actor: Actor | None = None

    def clean_item_code(self) -> str:
        """The code alone; what was chosen from the list stands with its name."""
        code = str(self.cleaned_data["item_code"]).strip().split(" ")[0]
        if code and code not in known_item_codes():
            raise forms.ValidationError(
                _("No edition of the catalogue has this item, subclass or class."),
                code="unknown_item",
            )
        return code

    def clean_area(self) -> str:
        """The code of an area in use."""
        code = str(self.cleaned_data["area"]).strip().split(" ")[0]
        if code and not Area.objects.filter(code=code, status=AreaStatus.ACTIVE).exists():
            raise forms.ValidationError(
                _("There is no area in use with this code."), code="area_unknown"
            )
        return code

    def clean_cases(self) -> list[Incident]:
        """The cases with these numbers; all must be seen."""
        numbers = list(dict.fromkeys(re.findall(r"\w+", self.cleaned_data["cases"])))[:MOST_CASES]
        if self.actor is None or not numbers:
            return []
        found = list(cases_visible_to(self.actor).filter(number__in=numbers))
        missing = sorted(set(numbers) - {case.number for case in found})
        if missing:
            raise forms.ValidationError(
                _("You see no case with this number: %(numbers)s.")
                % {"numbers": ", ".join(missing)},
                code="case_unknown",
            )
        return found


class Reasoned(StepForm):
    reason = words(_("Reason"))


# --- a matter without a lead -------------------------------------------------------------------


class RaiseFacts(Coded):
    """What nobody owns, and where."""

    title = forms.CharField(label=_("What is it, in a few words?"), max_length=120)
    text = words(_("What happens, and why does nobody answer for it?"))
    item_code = item_field(required=False)
    area = forms.CharField(
        label=_("Area code"),
        required=False,
        max_length=15,
        help_text=_("Where it arises and the ruling will hold; your own area where it is empty."),
    )
    cases = forms.CharField(
        label=_("Cases"),
        required=False,
        max_length=400,
        help_text=_("Numbers of the cases in which it showed, if any."),
    )


class Ask(StepForm):
    units = units_field(_("Units to be asked"))
    until = forms.DateTimeField(
        label=_("To be answered by"),
        required=False,
        widget=MomentInput,
        help_text=_("Without a time they have as long as the limits of this register say."),
    )
    text = words(_("What they are asked"), required=False)

    def fit(self, meeting: "MatterMeeting") -> None:
        answered = [one.unit_id for one in meeting.opinions if one.given_at is not None]
        offered = units_for(meeting.record.area_code).exclude(pk__in=answered)
        as_field(self.fields["units"]).queryset = offered

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until is not None and self.meeting is not None and until <= self.meeting.now:
            raise forms.ValidationError(
                _("Choose a time that is still to come."), code="until_past"
            )
        if until and self.meeting and until - self.meeting.now > LONGEST_HEARING:
            raise forms.ValidationError(
                _("Units are heard for a year at most."), code="until_too_far"
            )
        return until


class Opine(StepForm):
    unit = forms.ChoiceField(label=_("For which unit"), required=False)
    says = forms.ChoiceField(label=_("Our opinion"), choices=Says.choices, widget=forms.RadioSelect)
    text = words(_("Reason of the opinion"))

    def fit(self, meeting: "MatterMeeting") -> None:
        own = [(one.unit.code, one.unit.shown_name) for one in meeting.own]
        as_field(self.fields["unit"]).choices = own
        if len(own) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial.setdefault("unit", own[0][0])


class Placed(Coded, StepForm):
    """What a responsibility rule must know: for which matter, where, and how it stands beside others."""

    item_code = item_field(required=True)
    area = forms.CharField(label=_("Area code"), max_length=15)
    priority = forms.IntegerField(
        label=_("Priority"),
        required=False,
        min_value=PRIORITIES[0],
        max_value=PRIORITIES[-1],
        help_text=_("Higher wins among rules for the same matter and area; 0 where it is empty."),
    )

    def fit(self, meeting: "MatterMeeting") -> None:
        self.initial.setdefault("item_code", meeting.record.item_code)
        self.initial.setdefault("area", meeting.record.area_code)

    @property
    def advice(self) -> list[str]:
        """What the rules say already."""
        return rules_beside(self.meeting.record) if self.meeting is not None else []

    def clean_area(self) -> str:
        """Nobody rules beyond their own area."""
        code = super().clean_area()
        if self.meeting is not None and not any(
            post.covers(code) for post in self.meeting.by.posts_with(May.RULE_ON_LEAD)
        ):
            raise forms.ValidationError(
                _("This area lies outside the area that you may rule for."), code="area_not_yours"
            )
        return code

    def clean_priority(self) -> int:
        return int(self.cleaned_data["priority"] or 0)


class Adjudicate(StepForm):
    lead = unit_field(_("Lead unit"))
    assisting = units_field(_("Assisting units"), required=False)
    basis = words(
        _("Basis of the ruling"), help_text=_("Law, list of duties, or minutes of a meeting.")
    )

    field_order: Any = ["lead", "assisting", "basis"]

    def fit(self, meeting: "MatterMeeting") -> None:
        super().fit(meeting)
        for name in ("lead", "assisting"):
            as_field(self.fields[name]).queryset = units_for(meeting.record.area_code)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("lead") and facts["lead"] in (facts.get("assisting") or []):
            self.add_to("assisting", _("The lead unit cannot assist itself."), "lead_assists")
        return facts


class Rule(Adjudicate, Placed):
    """Both at once."""


class Refuse(StepForm):
    lead = unit_field(_("The unit that has it"))
    reason = words(_("Where that is written"))

    def fit(self, meeting: "MatterMeeting") -> None:
        as_field(self.fields["lead"]).queryset = units_for(meeting.record.area_code)


MATTER_FORMS: dict[str, type[StepForm]] = {
    "ask": Ask,
    "opine": Opine,
    "rule": Rule,
    "adjudicate": Adjudicate,
    "write": Placed,
    "refuse": Refuse,
    "withdraw": Reasoned,
}


# --- an enclave --------------------------------------------------------------------------------


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
        if (facts.get("lon") is None) != (facts.get("lat") is None):
            self.add_to("lat", _("A point needs both longitude and latitude."), "half_a_point")
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
    check = forms.ChoiceField(label=_("Check"), choices=CheckKind.choices, widget=forms.RadioSelect)
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
