"""What people draw and type into the pages of this room."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import EditForm
from accounts.models import User
from accounts.pickers import OrganisationField, Picker, written
from config.forms import DayInput
from grids.drawing import GridFacts
from grids.models import Area, Duty, PlotType


class DrawnInput(forms.Textarea):
    """GeoJSON by hand; with JavaScript a map stands before it and writes into it."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 6, "spellcheck": "false", "class": "drawn-text"})


class BorderForm(EditForm):
    """The border of a grid."""

    shape = forms.CharField(
        label=_("Border (GeoJSON)"),
        required=False,
        widget=DrawnInput,
        help_text=_("WGS 84, longitude first."),
    )
    trim = forms.BooleanField(
        label=_("Cut off what lies outside or belongs to neighbours"),
        required=False,
        help_text=_("So you need not follow their borders exactly."),
    )


def _name(**options: Any) -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=80, **options)


def _name_en() -> forms.CharField:
    return forms.CharField(label=_("English name"), max_length=120, required=False)


def _plot() -> forms.ChoiceField:
    choices = [("", _("Not said")), *PlotType.choices]
    return forms.ChoiceField(label=_("Plot type"), choices=choices, required=False)


class NewGridForm(BorderForm):
    """A grid to be founded."""

    name = _name(required=False, help_text=_("Empty: it is named by its number."))
    name_en = _name_en()
    plot_type = _plot()
    field_order = ("shape", "trim", "name", "name_en", "plot_type")

    def facts(self) -> GridFacts:
        data = self.cleaned_data
        return GridFacts(name=data["name"], name_en=data["name_en"], plot_type=data["plot_type"])


class DescribeForm(EditForm):
    """What an area is called and what it is; official names are not to be changed."""

    name = _name()
    name_en = _name_en()
    plot_type = _plot()
    acting_body = OrganisationField(
        label=_("Acting body"),
        required=False,
        help_text=_("Who answers for the area while it has no committee of its own."),
    )

    def __init__(
        self, *args: Any, area: Area, organisations: QuerySet[Any], **options: Any
    ) -> None:
        options.setdefault("initial", described(area) | {"version": area.version})
        super().__init__(*args, **options)
        acting: Any = self.fields["acting_body"]
        acting.queryset = organisations
        if area.level != "grid":
            del self.fields["name"], self.fields["name_en"]

    def facts(self) -> GridFacts:
        data = self.cleaned_data
        return GridFacts(
            name=data.get("name", ""),
            name_en=data.get("name_en", ""),
            plot_type=data["plot_type"],
            acting_body=data["acting_body"],
        )


def described(area: Area) -> dict[str, Any]:
    """What of an area a person may change, as it is stored."""
    return {
        "name": area.name,
        "name_en": area.name_en,
        "plot_type": area.plot_type,
        "acting_body": area.acting_body,
    }


class SplitForm(EditForm):
    """A line across a grid."""

    line = forms.CharField(
        label=_("Line (GeoJSON)"),
        required=False,
        widget=DrawnInput,
        help_text=_("From border to border; WGS 84, longitude first."),
    )


def _choice(grid: Area) -> tuple[str, str]:
    return f"{grid.code}:{grid.version}", f"{grid.shown_name} ({grid.code})"


class _Chosen(forms.MultipleChoiceField):
    """Grids with the version in which they were seen, as `code:version`."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """A version that has passed since is no wrong choice: the action says who was first."""
        choices: Any = self.choices
        code = str(value).partition(":")[0]
        return any(str(key).partition(":")[0] == code for key, _label in choices)


def versions_in(chosen: Iterable[str]) -> Mapping[str, int]:
    """Code → version out of `code:version`."""
    pairs = (one.partition(":") for one in chosen)
    return {code: int(version) if version.isdecimal() else 0 for code, _colon, version in pairs}


class MergeForm(forms.Form):
    """Which grids become one."""

    codes = _Chosen(label=_("Grids to merge"))
    name = _name(required=False, help_text=_("Empty: it is named by its number."))

    def __init__(self, *args: Any, grids: Iterable[Area], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["codes"]
        field.choices = [_choice(grid) for grid in grids]


class RetireForm(EditForm):
    """Who takes over."""

    successors = _Chosen(label=_("Successors"), required=False)

    def __init__(self, *args: Any, grids: Iterable[Area], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["successors"]
        field.choices = [_choice(grid) for grid in grids]


class PersonField(forms.CharField):
    """A person out of `queryset` by user name, or by name if only one has it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 220)
        options.setdefault("widget", Picker("grids:people_options"))
        super().__init__(label=_("Person"), **options)
        self.queryset: QuerySet[User] = User.objects.none()

    def clean(self, value: Any) -> User | None:
        text = super().clean(value)
        if not text:
            return None
        found = self.queryset.filter(username=text.split(" ")[0]).first()
        if found is not None:
            return found
        named = list(self.queryset.filter(Q(name=text))[:2])
        if len(named) == 1:
            return named[0]
        raise ValidationError(
            _("Nobody here is called “%(text)s”. Pick a person from the suggestions.")
            if not named
            else _("Several people are called “%(text)s”. Use the user name."),
            params={"text": text},
        )


def person_written(person: User) -> str:
    """How a person stands in the input."""
    return written(person.username, person.name)


class AssignForm(forms.Form):
    """A duty for somebody."""

    person = PersonField()
    duty = forms.ChoiceField(label=_("Duty"), choices=Duty.choices)
    since = forms.DateField(label=_("From"), widget=DayInput)

    def __init__(self, *args: Any, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["person"]
        field.queryset = people


class EndForm(forms.Form):
    """The last day of a duty."""

    last_day = forms.DateField(label=_("Last day"), widget=DayInput, required=False)
