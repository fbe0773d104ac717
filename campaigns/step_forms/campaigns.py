"""The facts of the steps of a campaign."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns import checklist
from campaigns.choices import Kind, LineKind
from campaigns.listing import read_targets, told
from campaigns.models import Assignment
from campaigns.step_forms.base import Noted, Nothing, Reasoned
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from config.forms import DayInput, ManyTicks
from grids.models import CODE_LENGTHS, Area, Level
from incidents.step_forms.base import as_field
from incidents.step_forms.handling import units_for
from steps.forms import Facts, StepForm, words

MOST_LISTED = 3_000_000  # characters that can be pasted: some 20,000 targets
BELOW = (Level.SUBDISTRICT, Level.COMMUNITY, Level.GRID)


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
    """Whom an assignment goes to: the organisation, else the code of the area."""
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
            self.add_to("lines", told(problem), "line")
        return facts


class AddMilestone(Unassign):
    text = forms.CharField(label=_("What is to be reached"), max_length=200)
    due_on = forms.DateField(label=_("By this day"), widget=DayInput)


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
