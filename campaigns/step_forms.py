"""The facts that each step takes, declared once: the page's form, the API's input and its documentation."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Post, User
from campaigns import checklist
from campaigns.choices import RESULT_CHOICES, Found, Kind, LineKind
from campaigns.listing import read_targets
from campaigns.models import Assignment, Zone
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from config.forms import DayInput, ManyTicks
from grids.models import CODE_LENGTHS, Area, Level
from incidents.querysets import within
from incidents.step_forms.base import as_field
from incidents.step_forms.handling import units_for
from steps.forms import Facts, StepForm, words

MOST_PEOPLE = 600
MOST_LISTED = 3_000_000  # characters that can be pasted: some 20,000 targets
BELOW = (Level.SUBDISTRICT, Level.COMMUNITY, Level.GRID)


# --- the campaign -----------------------------------------------------------------------------------


class CampaignFields(forms.Form):
    """What a campaign says of itself. The kind decides what is asked."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=80)
    text = words(_("What is to be done"))
    meeting_name = forms.CharField(
        label=_("Meeting"), required=False, max_length=120, help_text=_("For a resolution.")
    )
    held_on = forms.DateField(label=_("Held on"), required=False, widget=DayInput)
    due_on = forms.DateField(label=_("By this day"), required=False, widget=DayInput)
    limit_value = forms.DecimalField(
        label=_("Or within"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        help_text=_("Runs from the moment it is sent down."),
    )
    limit_kind = forms.ChoiceField(
        label=_("Counted in"),
        required=False,
        choices=AllowanceKind.choices,
        initial=AllowanceKind.NATURAL_DAY,
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        self._clean_meeting(facts)
        self._clean_deadline(facts)
        return facts

    def _clean_meeting(self, facts: dict[str, Any]) -> None:
        if facts.get("kind") != Kind.RESOLUTION:
            facts["meeting_name"], facts["held_on"] = "", None
            return
        for name in ("meeting_name", "held_on"):
            if not facts.get(name) and name not in self.errors:
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("A resolution names its meeting and the day."), code="required"
                    ),
                )

    def _clean_deadline(self, facts: dict[str, Any]) -> None:
        """A day or an allowance: one of them. A day wins over an allowance that the form proposed."""
        if {"due_on", "limit_value"} & set(self.errors):
            return
        if facts.get("due_on"):
            facts["limit_value"], facts["limit_kind"] = None, ""
        elif not facts.get("limit_value"):
            self.add_error(
                "due_on", forms.ValidationError(_("Give a day, or a limit."), "required")
            )
        else:
            try:
                Allowance(facts["limit_value"], AllowanceKind(facts["limit_kind"]))
            except (AllowanceError, ValueError) as fault:
                self.add_error("limit_value", str(fault))


class DraftFacts(CampaignFields, Facts):
    """A new campaign. `area` says for which area it is sent; one's own where nothing is said."""

    area = forms.CharField(
        label=_("For which area"),
        required=False,
        max_length=15,
        help_text=_("Code of the area; your own where you leave it empty."),
    )


class Amend(CampaignFields, StepForm):
    def fit(self, meeting: Any) -> None:
        campaign = meeting.record
        for name in CampaignFields.base_fields:
            self.fields[name].initial = getattr(campaign, name)


def _line_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for n in range(1, checklist.MOST_LINES + 1):
        fields[f"text_{n}"] = forms.CharField(
            label=_("Line"), required=False, max_length=checklist.LONGEST_LINE
        )
        fields[f"kind_{n}"] = forms.ChoiceField(
            label=_("Answered by"), required=False, choices=LineKind.choices
        )
        fields[f"required_{n}"] = forms.BooleanField(label=_("Must be answered"), required=False)
    return fields


class SetChecklist(StepForm):
    """The lines one by one: their words, how they are answered, and whether they must be."""

    def fit(self, meeting: Any) -> None:
        for line in checklist.lines_of(meeting.record):
            for name in ("text", "kind", "required"):
                self.fields[f"{name}_{line.number}"].initial = getattr(line, name)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Words, kind and tick of each line, for the page."""
        numbers = range(1, checklist.MOST_LINES + 1)
        return [(self[f"text_{n}"], self[f"kind_{n}"], self[f"required_{n}"]) for n in numbers]


SetChecklist.base_fields.update(_line_fields())


class Assign(StepForm):
    """Organisations, areas and grids; each gets an assignment of its own, with its own clock."""

    text = forms.CharField(
        label=_("What they are to do"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where it is more than the campaign says."),
    )
    due_on = forms.DateField(
        label=_("By this day"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: the campaign's deadline."),
    )
    every = forms.ChoiceField(
        label=_("All of one level"),
        required=False,
        choices=[("", _("No")), *((level, level.label) for level in BELOW)],
    )
    units = forms.MultipleChoiceField(label=_("Organisations"), required=False, widget=ManyTicks)
    areas = forms.MultipleChoiceField(label=_("Areas"), required=False, widget=ManyTicks)

    def fit(self, meeting: Any) -> None:
        code = meeting.record.area_code
        offered = units_for(code)
        as_field(self.fields["units"]).choices = [(u.code, u.shown_name) for u in offered]
        as_field(self.fields["areas"]).choices = [
            (area.code, f"{area.code} {area.shown_name}") for area in areas_to_choose(code)
        ]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and not any(facts.get(n) for n in ("every", "units", "areas")):
            self.add_to("units", _("Choose whom it goes to."), "required")
        return facts


def areas_to_choose(code: str) -> "QuerySet[Area]":
    """The area itself and two levels below it: what can be ticked one by one."""
    lengths = sorted(CODE_LENGTHS.values())
    deeper = [length for length in lengths if length > len(code)][:2]
    wanted = [level for level, length in CODE_LENGTHS.items() if length in (len(code), *deeper)]
    return Area.objects.subtree(code).active().filter(level__in=wanted).listed().order_by("code")


class Unassign(StepForm):
    assignment = forms.ChoiceField(label=_("Whom"))

    def fit(self, meeting: Any) -> None:
        as_field(self.fields["assignment"]).choices = [
            (one.number, f"{one.number} {name_of(one)}") for one in meeting.assignments
        ]


def name_of(assignment: Assignment) -> str:
    return assignment.unit.shown_name if assignment.unit else assignment.area_code


class AddTargets(StepForm):
    """A list as it is pasted from a table: one target a line."""

    lines = forms.CharField(
        label=_("Targets"),
        required=False,
        max_length=MOST_LISTED,
        widget=forms.Textarea(attrs={"rows": 12, "class": "num"}),
        help_text=_(
            "One a line: name, address, code of the area or organisation it belongs to. A first line with headings"
            " may bring kind, longitude and latitude as well."
        ),
    )
    every_grid = forms.BooleanField(label=_("Every grid of the area is a target"), required=False)

    def clean(self) -> dict[str, Any]:
        """Every defect of every line is told, and then nothing is written."""
        facts = super().clean() or {}
        if self.errors or self.meeting is None:
            return facts
        if not facts.get("lines", "").strip() and not facts.get("every_grid"):
            self.add_to("lines", _("Name the targets."), "required")
            return facts
        facts["read"] = read_targets(
            self.meeting.record, facts["lines"], every_grid=facts["every_grid"]
        )
        for problem in facts["read"].problems:
            self.add_to("lines", problem.sentence_with_place, "line")
        return facts


class AddMilestone(Unassign):
    text = forms.CharField(label=_("What is to be reached"), max_length=200)
    due_on = forms.DateField(label=_("By this day"), widget=DayInput)


class Noted(StepForm):
    note = words(_("Note"), required=False)


class Reasoned(StepForm):
    reason = words(_("Reason"))


class Nothing(StepForm):
    """A step that needs no facts."""


CAMPAIGN_FORMS: dict[str, type[StepForm]] = {
    "amend": Amend,
    "set_checklist": SetChecklist,
    "assign": Assign,
    "unassign": Unassign,
    "add_targets": AddTargets,
    "add_milestone": AddMilestone,
    "launch": Nothing,
    "close": Noted,
    "cancel": Reasoned,
}


# --- an assignment --------------------------------------------------------------------------------------


def people_for(assignment: Assignment, day: date) -> "QuerySet[User]":
    """Who can be sent to a zone: whoever holds a post in the organisation, or in the area, on that day."""
    here = within(assignment.area_code, "area_code")
    if assignment.unit_id is not None:
        here = Q(organisation_id=assignment.unit_id)
    held = Post.objects.filter(here, valid_from__lte=day, ended_at=None)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=day))
    people = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    return people.order_by("name", "pk")[:MOST_PEOPLE]


class AddZone(StepForm):
    name = forms.CharField(label=_("Name of the zone"), max_length=60)
    leader = forms.ChoiceField(label=_("Cadre who leads"))
    members = forms.MultipleChoiceField(label=_("Members"), required=False, widget=ManyTicks)
    starts_on = forms.DateField(label=_("From"), required=False, widget=DayInput)
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def fit(self, meeting: Any) -> None:
        people = list(people_for(meeting.record, meeting.today))
        offered = [(str(one.pk), one.name or one.username) for one in people]
        as_field(self.fields["leader"]).choices = offered
        as_field(self.fields["members"]).choices = offered
        self.fields["starts_on"].initial = meeting.today

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.meeting is None:
            return facts
        facts["starts_on"] = facts.get("starts_on") or self.meeting.today
        if facts.get("ends_on") and facts["ends_on"] < facts["starts_on"]:
            self.add_to("ends_on", _("The last day lies before the first."), "backward")
        meeting: Any = self.meeting
        name, itself = facts.get("name"), str(facts.get("zone") or "")
        if any(zone.name == name and str(zone.pk) != itself for zone in meeting.zones):
            self.add_to("name", _("There is a zone of this name."), "taken")
        return facts


class _OfZone(StepForm):
    zone = forms.ChoiceField(label=_("Zone"))

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        as_field(self.fields["zone"]).choices = [(str(z.pk), z.name) for z in meeting.zones]


class ChangeZone(_OfZone, AddZone):
    """Name, people and days anew, as they shall be. Who is not named any more serves no more in the zone."""

    field_order = ("zone", "name", "leader", "members", "starts_on", "ends_on")

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        chosen = str(self.initial.get("zone") or "")
        zone = next((z for z in meeting.zones if str(z.pk) == chosen), None)
        if zone is not None:
            self.initial = {**zone_as_typed(zone), **self.initial}


def zone_as_typed(zone: Zone) -> dict[str, Any]:
    cadres = list(zone.cadres.all())
    return {
        "name": zone.name,
        "leader": next((str(c.person_id) for c in cadres if c.leads), ""),
        "members": [str(c.person_id) for c in cadres if not c.leads],
        "starts_on": zone.starts_on,
        "ends_on": zone.ends_on,
    }


class DropZone(_OfZone):
    """Which zone."""


class ShareOut(_OfZone):
    """Everything that is in no zone evenly over all zones; or to one zone what lies in areas, or what is named."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
    evenly = forms.BooleanField(
        label=_("Spread what is in no zone evenly over all zones"), required=False
    )
    areas = forms.MultipleChoiceField(label=_("What lies in"), required=False, widget=ManyTicks)
    targets = forms.CharField(
        label=_("Or these targets"),
        required=False,
        max_length=100_000,
        help_text=_("Numbers, separated by spaces."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        zones = [(str(z.pk), z.name) for z in meeting.zones]
        as_field(self.fields["zone"]).choices = [("", "—"), *zones]
        codes = meeting.record.targets.values_list("area_code", flat=True).distinct()
        as_field(self.fields["areas"]).choices = [(code, code) for code in sorted(codes)]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        facts["numbers"] = facts.get("targets", "").replace(",", " ").split()
        if facts.get("evenly"):
            return facts
        if not facts.get("zone"):
            self.add_to("zone", _("Choose the zone."), "required")
        if not facts.get("areas") and not facts["numbers"]:
            self.add_to("areas", _("Say which targets."), "required")
        return facts


class Arrive(StepForm):
    """A position comes from the phone by itself; a phone that finds none may check in all the same."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
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

    def fit(self, meeting: Any) -> None:
        as_field(self.fields["zone"]).choices = [(str(z.pk), z.name) for z in meeting.own_zones]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if (facts.get("lon") is None) != (facts.get("lat") is None):
            self.add_to("lat", _("A point needs both longitude and latitude."), "half_a_point")
        return facts


class ProgressNote(StepForm):
    text = words(_("How far it has come"))
    percent = forms.IntegerField(
        label=_("Done (%)"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Only where there are neither targets nor milestones to count."),
    )


class Reach(StepForm):
    milestone = forms.TypedChoiceField(label=_("Milestone"), coerce=int)
    note = words(_("Note"), required=False)

    def fit(self, meeting: Any) -> None:
        waiting = [one for one in meeting.milestones if one.reached_at is None]
        as_field(self.fields["milestone"]).choices = [(one.pk, one.text) for one in waiting]


class Report(StepForm):
    text = words(_("What was done"))


class Urge(StepForm):
    text = words(_("Words"), required=False)


class SendBack(Reasoned):
    due_on = forms.DateField(
        label=_("New day"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: the old deadline runs on."),
    )


ASSIGNMENT_FORMS: dict[str, type[StepForm]] = {
    "receive": Nothing,
    "add_zone": AddZone,
    "change_zone": ChangeZone,
    "drop_zone": DropZone,
    "share_out": ShareOut,
    "arrive": Arrive,
    "note": ProgressNote,
    "reach": Reach,
    "report": Report,
    "urge": Urge,
    "accept": Noted,
    "send_back": SendBack,
    "delist": Noted,
    "withdraw": Reasoned,
}


# --- a target ----------------------------------------------------------------------------------------------


class VisitFacts(StepForm):
    """What was found, the lines of the check-list, and a note."""

    found = forms.ChoiceField(
        label=_("What did you find?"),
        choices=RESULT_CHOICES,
        widget=forms.RadioSelect,
    )
    note = words(_("Note"), required=False)

    def fit(self, meeting: Any) -> None:
        self.lines = checklist.lines_of(meeting.record.campaign)
        for line in self.lines:
            self.fields[line.field] = checklist.asked(line)

    @property
    def asked(self) -> list[Any]:
        """The fields of the check-list, for the page."""
        return [self[line.field] for line in self.lines]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.meeting is not None:
            checklist.demand_answers(self, self.lines, facts)
        if facts.get("found") == Found.PROBLEM and not facts.get("note"):
            self.add_to("note", _("Say in a few words what the problem is."), "required")
        return facts


class MakeCase(StepForm):
    text = words(
        _("Words of the case"),
        required=False,
    )

    def fit(self, meeting: Any) -> None:
        self.fields["text"].help_text = _("Empty: the title, the target and the note of the visit.")


TARGET_FORMS: dict[str, type[StepForm]] = {
    "visit": VisitFacts,
    "visit_again": VisitFacts,
    "make_case": MakeCase,
}
