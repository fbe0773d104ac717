"""Facts of the steps before dispatch: placing, classifying, checking, refusing, filing."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from grids.coordinates import SYSTEMS
from incidents.catalogue import limits_to_choose
from incidents.catalogue_standards import Line, filing_lines
from incidents.choices import Informed, NotAccepted, PhotoKind, Urgency
from incidents.limits import limit_at_filing
from incidents.models import CatalogueItem, ItemLimit
from incidents.querysets import visible_to
from incidents.step_forms.base import (
    StepForm,
    as_field,
    case_field,
    item_field,
    offer_checkers,
    person_field,
)
from steps.forms import YesNo, words

if TYPE_CHECKING:
    from incidents.case import Case


class Place(StepForm):
    """A point, or a grid where the point is not known."""

    lon = forms.FloatField(label=_("Longitude"), required=False, help_text=_("Degrees, WGS 84."))
    lat = forms.FloatField(label=_("Latitude"), required=False, help_text=_("Degrees, WGS 84."))
    crs = forms.ChoiceField(
        label=_("Coordinate system"),
        choices=[(crs, crs.upper()) for crs in SYSTEMS],
        required=False,
        help_text=_("WGS 84 unless said."),
    )
    grid_code = forms.CharField(
        label=_("Grid"),
        max_length=15,
        required=False,
        help_text=_("15 digits; where the point is not known, or lies in no grid."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        point = [facts.get("lon"), facts.get("lat")]
        if None in point and any(part is not None for part in point):
            self.add_to("lat", _("A point needs both longitude and latitude."), "half_a_point")
        elif None in point and not facts.get("grid_code") and not self.errors:
            self.add_to("grid_code", _("Give a point or a grid."), "no_place")
        return facts


class _WithItem(StepForm):
    """A form in which an item, its limit and the urgency are settled."""

    item = item_field(required=False)
    limit = forms.ModelChoiceField(
        ItemLimit.objects.filter(value__isnull=False),
        label=_("Limit"),
        required=False,
        help_text=_("Only where the standard has several, by condition."),
        error_messages={"invalid_choice": _("This limit does not belong to the item.")},
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)

    def fit(self, case: "Case") -> None:
        chosen = self.chosen_item()
        limits = limits_to_choose(chosen) if chosen else []
        as_field(self.fields["limit"]).queryset = ItemLimit.objects.filter(
            pk__in=[limit.pk for limit in limits]
        )
        self.initial.setdefault("urgency", case.incident.urgency)
        if case.item is not None:
            self.initial.setdefault("item", case.item.code)

    def chosen_item(self) -> CatalogueItem | None:
        """The item that is typed or sent, else a suggestion that was pressed, else the one the case has."""
        bound = self.data.get(self.add_prefix("item")) if self.is_bound else None
        typed = bound or self.initial.get("item")
        if typed:
            found: CatalogueItem | None = (
                as_field(self.fields["item"]).queryset.filter(code=str(typed)).first()
            )
            return found
        return self.incident.item


class Classify(_WithItem):
    """Another item, limit or urgency."""


class Link(StepForm):
    main_case = case_field(
        _("Main case"), _("The number of the case that this one repeats."), required=True
    )

    def fit(self, case: "Case") -> None:
        as_field(self.fields["main_case"]).queryset = visible_to(case.by).exclude(
            pk=case.incident.pk
        )


class Confide(StepForm):
    confidential = YesNo(
        label=_("Confidential"),
        help_text=_("Seen only by the centre, the units it is sent to, and who reported it."),
    )


class Precheck(StepForm):
    checker = person_field(
        _("Who goes"), _("The nearest grid worker goes unless you name somebody.")
    )
    note = words(_("What to look at"), required=False)

    def fit(self, case: "Case") -> None:
        offer_checkers(self.fields["checker"], case)


class AnswerPrecheck(StepForm):
    photos = (PhotoKind.CHECK,)

    found = YesNo(label=_("Is it as reported?"))
    text = words(_("What is there"))


class Refuse(StepForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=NotAccepted.choices)
    main_case = case_field(
        _("Main case"), _("The number of the case that this one repeats."), required=False
    )
    informed = forms.ChoiceField(
        label=_("How the reporter was told"),
        choices=[("", "---------"), *Informed.choices],
        required=False,
    )
    note = words(_("What the reporter was told"))

    def fit(self, case: "Case") -> None:
        as_field(self.fields["main_case"]).queryset = visible_to(case.by).exclude(
            pk=case.incident.pk
        )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        duplicate = facts.get("ground") == NotAccepted.DUPLICATE
        if duplicate and not facts.get("main_case") and "main_case" not in self.errors:
            self.add_to("main_case", _("A duplicate needs its main case."), "no_main_case")
        on_duty = self.case is not None and self.case.reporter_on_duty
        if not on_duty and not facts.get("informed") and "informed" not in self.errors:
            self.add_to("informed", _("Say how the reporter was told."), "not_informed")
        return facts


class SelfClose(StepForm):
    photos = (PhotoKind.BEFORE, PhotoKind.AFTER)

    text = words(_("How it was handled"))


class StandardsField(forms.TypedMultipleChoiceField):
    """The lines of a standard, each of which must be ticked; sent as line numbers from 1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)
        self._lines: dict[int, str] = {}

    def fit(self, lines: list[Line]) -> None:
        """The lines to tick."""
        self._lines = {number: line.words for number, line in enumerate(lines, 1)}
        self.choices = [(str(number), line.words) for number, line in enumerate(lines, 1)]

    def clean(self, value: Any) -> list[int]:
        ticked: list[int] = super().clean(value)
        open_lines = [words for number, words in self._lines.items() if number not in ticked]
        if open_lines:
            raise forms.ValidationError(
                _("Every line of the standard must be ticked. Still open: %(lines)s"),
                code="standard_open",
                params={"lines": "; ".join(open_lines)},
            )
        return ticked


class File(_WithItem):
    photos = (PhotoKind.SCENE,)

    standards = StandardsField(
        label=_("Filing standard"), help_text=_("Tick each line that holds.")
    )

    def fit(self, case: "Case") -> None:
        super().fit(case)
        item = self.chosen_item()
        as_field(self.fields["standards"]).fit(
            filing_lines(item, self._limit_of(item)) if item else []
        )

    def _limit_of(self, item: CatalogueItem) -> ItemLimit | None:
        """The limit under which it would be filed: its condition is the first line to tick."""
        data = self.data if self.is_bound else {}
        typed = str(data.get(self.add_prefix("limit")) or "")
        urgency = str(data.get(self.add_prefix("urgency")) or self.incident.urgency)
        try:
            chosen = int(typed) if typed.isdecimal() else None
            return limit_at_filing(self.incident, item, urgency, chosen)
        except Refused:
            return None

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("item") and self.incident.item is None and "item" not in self.errors:
            self.add_to("item", _("Choose the item under which the case is filed."), "no_item")
        return facts
