"""What administrators type about the catalogue and the rules."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import authority
from accounts.actor import Actor
from accounts.forms import EditForm
from accounts.models import Organisation
from accounts.pickers import AreaField, OrganisationField, Picker, written
from accounts.roles import May
from clocks.choices import AllowanceKind
from config.forms import DayInput
from config.tables import MOST_BYTES
from incidents.catalogue import code_names
from incidents.models import ResponsibilityRule
from incidents.responsibility_rules import PRIORITIES, Wording

DAYS = (AllowanceKind.WORK_DAY, AllowanceKind.NATURAL_DAY, AllowanceKind.LEGAL_WORKDAY)
HOURS = (AllowanceKind.WORK_HOUR, AllowanceKind.HOUR_CONT)


class TableField(forms.FileField):
    """A CSV or Excel file of a bearable size."""

    def __init__(self) -> None:
        super().__init__(
            label=_("File"),
            help_text=_("CSV (UTF-8 or GB 18030) or Excel (.xlsx), at most 5 MB."),
            widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is too large: at most %(most)s MB."),
                params={"most": MOST_BYTES // 2**20},
            )
        return file


class EditionUploadForm(forms.Form):
    """A catalogue file, and what its edition is called."""

    file = TableField()
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        label=_("Code of the edition"),
        max_length=40,
        help_text=_("Letters, digits, . _ and -. For example standard-2026."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Who issued it, and when.")
    )
    days_are = forms.ChoiceField(
        label=_("“天” means"),
        choices=[(kind.value, kind.label) for kind in DAYS],
        help_text=_("How the standard means days that it calls neither working nor natural."),
    )
    hours_are = forms.ChoiceField(
        label=_("“小时” means"),
        choices=[(kind.value, kind.label) for kind in HOURS],
        help_text=_("How the standard means hours that it calls neither working nor urgent."),
    )


class RulesUploadForm(forms.Form):
    """A table of rules."""

    file = TableField()


class LimitForm(forms.Form):
    """What a limit of a draft means."""

    value = forms.DecimalField(label=_("Value"), max_digits=9, decimal_places=2, min_value=0)
    kind = forms.ChoiceField(label=_("Counted in"), choices=AllowanceKind.choices)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ItemCodeField(forms.CharField):
    """The code of an item, a subclass or a class; what follows it in the input (its name) is for reading."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 160)
        options.setdefault("widget", Picker("incidents:rule_item_options"))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and value and " " not in value:
            return written(value, code_names([value]).get(value, ""))
        return value

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return text.split(" ", 1)[0].strip("*")


class RuleForm(EditForm):
    """A rule of responsibility."""

    item_code = ItemCodeField(
        label=_("Item, subclass or class"),
        required=False,
        help_text=_("Its code: 010101, 0101 or 01. Empty for any matter."),
    )
    area_code = AreaField(
        required=False, help_text=_("With everything below it. Empty for everywhere.")
    )
    organisation = OrganisationField(label=_("Unit that must act"))
    priority = forms.IntegerField(
        label=_("Priority"),
        initial=0,
        min_value=PRIORITIES[0],
        max_value=PRIORITIES[-1],
        help_text=_("Decides only between rules with the same item and area; the higher wins."),
    )
    valid_from = forms.DateField(label=_("In force from"), widget=DayInput)
    valid_to = forms.DateField(
        label=_("Last day"),
        widget=DayInput,
        required=False,
        help_text=_("Empty: until further notice."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, *args: Any, by: Actor, itself: ResponsibilityRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, OrganisationField)
        field.queryset = units_for(by)
        if itself is not None:
            self.initial = {**stored(itself), "version": itself.version}

    def wording(self) -> Wording:
        """What was typed, for the action."""
        given = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "version"}
        return Wording(**given)


class RuleEndForm(forms.Form):
    """The last day of a rule."""

    last_day = forms.DateField(label=_("Last day"), widget=DayInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TesterForm(forms.Form):
    """A matter and a place."""

    item = forms.CharField(
        label=_("Item"), max_length=160, widget=Picker("incidents:rule_item_options")
    )
    area = AreaField(required=False)


def units_for(actor: Actor) -> Any:
    """Active organisations in the administrator's areas, and those of the areas above, which serve them too."""
    areas = authority.prefixes(actor, May.MANAGE_CATALOGUE)
    if not areas:
        return Organisation.objects.none()
    wanted = Q(area_code__in={a[:n] for a in areas for n in range(len(a) + 1)})
    for area in areas:
        wanted |= Q(area_code__startswith=area)
    return Organisation.objects.filter(wanted, active=True)


def stored(rule: ResponsibilityRule) -> dict[str, Any]:
    """What is in the record, by the names of the form's fields."""
    names = ("item_code", "area_code", "organisation", "priority", "valid_from", "valid_to", "note")
    return {name: getattr(rule, name) for name in names}
