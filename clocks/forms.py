"""What people type into the pages of this room."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import EditForm
from accounts.pickers import AreaField
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind, DayEnd, DayKind
from clocks.edit_calendar import Period
from config.forms import DayInput, MomentInput


class CalculatorForm(forms.Form):
    """A start, a limit, and the calendar that counts."""

    start = forms.DateTimeField(label=_("Counts from"), widget=MomentInput())
    value = forms.DecimalField(
        label=_("Limit"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    kind = forms.ChoiceField(label=_("Counted in"), choices=AllowanceKind.choices)
    area = forms.ChoiceField(label=_("Calendar"), required=False)

    def __init__(self, *args: Any, calendars: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = calendars
        if len(calendars) < 2:
            area.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """The allowance itself may say no: too long, or half a statutory day."""
        data = super().clean() or {}
        if "value" in data and "kind" in data:
            try:
                data["allowance"] = Allowance(data["value"], AllowanceKind(data["kind"]))
            except AllowanceError as error:
                self.add_error(error.field, str(error.sentence))
        return data


class LimitForm(EditForm):
    """How long a stage may take."""

    value = forms.DecimalField(
        label=_("Limit"),
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    kind = forms.ChoiceField(label=_("Counted in"), choices=AllowanceKind.choices)

    def clean(self) -> dict[str, Any]:
        """The allowance itself may say no: nothing, too long, or half a statutory day."""
        data = super().clean() or {}
        if "value" in data and "kind" in data:
            try:
                data["allowance"] = Allowance.parse(data["value"], data["kind"])
            except AllowanceError as error:
                self.add_error(error.field, str(error.sentence))
        return data


class _SeenForm(forms.Form):
    """Carries the version of the calendar that the person was looking at."""

    seen = forms.IntegerField(widget=forms.HiddenInput())


class DayForm(_SeenForm):
    date = forms.DateField(label=_("Day"), widget=DayInput())
    kind = forms.ChoiceField(label=_("This day is"), choices=DayKind.choices)
    name = forms.CharField(label=_("Name of the holiday"), max_length=60, required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        required=False,
        help_text=_("For example the number of the notice"),
    )


class SeasonForm(_SeenForm):
    starts = forms.CharField(
        label=_("From (month-day)"),
        max_length=5,
        widget=forms.TextInput(attrs={"placeholder": "06-01", "inputmode": "numeric"}),
        help_text=_("Holds every year until the next season starts"),
    )
    periods = forms.CharField(
        label=_("Working periods"),
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "08:00-12:00\n14:00-18:00"}),
        help_text=_("One a line"),
    )

    def clean_periods(self) -> list[Period]:
        """Lines such as 08:00-12:00, with any kind of dash; the action judges the times."""
        text: str = self.cleaned_data["periods"]
        for dash in "–—~～至":
            text = text.replace(dash, "-")
        for comma in "，、,;；":
            text = text.replace(comma, "\n")
        lines = [line.replace("：", ":").strip() for line in text.splitlines() if line.strip()]
        return [_period(line) for line in lines]


def _period(line: str) -> Period:
    opens, _dash, closes = line.partition("-")
    return opens.strip().zfill(5), closes.strip().zfill(5)


class DayEndForm(_SeenForm):
    day_end = forms.ChoiceField(label=_("A statutory period ends on its last day"), required=False)

    def __init__(self, *args: Any, inherits: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = [("", _("as in the calendar above"))] if inherits else []
        day_end = self.fields["day_end"]
        assert isinstance(day_end, forms.ChoiceField)
        day_end.choices = [*above, *DayEnd.choices]


class NewCalendarForm(forms.Form):
    area_code = AreaField(_("Area"))
    name = forms.CharField(label=_("Name"), max_length=80)


class NoticeForm(_SeenForm):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        help_text=_("The number of the notice, e.g. 国办发明电〔2025〕7号"),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel or CSV with the columns 日期, 结束日期, 类型 (放假 or 上班), 名称"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
