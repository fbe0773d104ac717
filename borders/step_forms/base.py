"""What the forms of both kinds of record share: units, items of the catalogue, areas and cases by their codes."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.pickers import Picker
from accounts.roles import May
from config.forms import ManyTicks
from grids.models import Area, AreaStatus
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from incidents.responsibility import prefixes
from incidents.responsibility_rules import known_item_codes
from steps.forms import Facts, StepForm, words

SIGN = May.SIGN_HANDOVER
MOST_CASES = 20
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
