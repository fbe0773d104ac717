"""The plan as it is typed with a whistle: rows on a page, a list of objects through the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from config.forms import DayInput

MOST_ROWS = 20
EMPTY_ROWS = 3
PARTS = ("text", "unit", "due_on")


class MilestoneRow(forms.Form):
    """One milestone: what, by which unit (its code; empty for the street itself), and by which day."""

    text = forms.CharField(label=_("What is to be reached"), max_length=200)
    unit = forms.CharField(label=_("By which unit"), required=False, max_length=40)
    due_on = forms.DateField(label=_("By when"), widget=DayInput)


class PlanRows(forms.Widget):
    """The rows that there are, and some empty ones; what is left empty is no milestone."""

    template_name = "whistles/widgets/plan_rows.html"
    use_fieldset = True
    choices: Sequence[tuple[str, str]] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """None where nothing was said about the plan at all."""
        if not hasattr(data, "getlist"):
            return data.get(name)
        columns = [data.getlist(f"{name}_{part}") for part in PARTS]
        if not columns[0]:
            return None
        return [dict(zip(PARTS, row, strict=False)) for row in zip(*columns, strict=False)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        context = super().get_context(name, None, attrs)
        context["rows"] = [*rows, *({} for _row in range(EMPTY_ROWS))][:MOST_ROWS]
        context["units"] = self.choices
        return context


class PlanField(forms.Field):
    """Cleaned: a list of rows with text, unit and due_on; None where the plan was not mentioned."""

    widget = PlanRows

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise forms.ValidationError(_("The plan is a list of milestones."), code="plan_unread")
        said = [row for row in value if row.get("text") or row.get("due_on")]
        if len(said) > MOST_ROWS:
            raise forms.ValidationError(
                _("A plan has %(most)s milestones at most."),
                code="plan_too_long",
                params={"most": MOST_ROWS},
            )
        return [_clean(row, number) for number, row in enumerate(said, 1)]

    def described(self, said: dict[str, Any]) -> serializers.BaseSerializer[Any]:
        """For the API's document."""
        return MilestoneIn(many=True, **said)


def _clean(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    form = MilestoneRow({part: row.get(part) or "" for part in PARTS})
    if form.is_valid():
        return form.cleaned_data
    field, errors = next(iter(form.errors.items()))
    raise forms.ValidationError(
        _("Milestone %(number)s, “%(field)s”: %(fault)s"),
        code="plan_row",
        params={"number": number, "field": form.fields[field].label, "fault": errors[0]},
    )


class MilestoneIn(serializers.Serializer[dict[str, Any]]):
    """A milestone to draft a whistle with."""

    text = serializers.CharField(max_length=200)
    unit = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Code of a summoned unit; empty: the street.")
    )
    due_on = serializers.DateField()
