"""How items and rules are narrowed down: one set of filters for the pages and for the API."""

from typing import Any

import django_filters
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.forms import HiddenInput, SearchInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.edits import LOCAL
from config.paging import Ordering
from incidents.catalogue_departments import DepartmentKind
from incidents.choices import Risk
from incidents.item_search import search
from incidents.models import CatalogueItem, CatalogueVersion, ResponsibilityRule

Rows = QuerySet[Any]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
BY_CODE: Ordering = (("code", "asc"), ("pk", "asc"))
BY_RANK: Ordering = (("rank", "asc"), ("pk", "asc"))
MOST_FOUND = 200

_SUM = F("intuitiveness") + F("disorder") + F("harm")
_HARMFUL = Q(harm=3)
_RISKS: dict[str, Q] = {
    Risk.RED: Q(total__gte=8),
    Risk.ORANGE: Q(total=7) | Q(total__lt=7) & _HARMFUL,
    Risk.YELLOW: Q(total__in=(5, 6)) & ~_HARMFUL,
    Risk.BLUE: Q(total__lte=4) & ~_HARMFUL,
}


class ItemFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Over the items of one edition. `q` finds by name, code, pinyin or initials, and orders by likeness."""

    q = django_filters.CharFilter(
        label=_("Name, code, pinyin or initials"),
        method="find",
        widget=SearchInput(attrs={"placeholder": "bllj · 010101", "autocomplete": "off"}),
    )
    risk = django_filters.ChoiceFilter(label=_("Risk"), choices=Risk.choices, method="coloured")
    department = django_filters.ChoiceFilter(
        label=_("Department"), choices=DepartmentKind.choices, field_name="department_kind"
    )
    self_handle = django_filters.ChoiceFilter(
        label=_("May be self-handled"), choices=YES_NO, method="yes_or_no"
    )
    enabled = django_filters.ChoiceFilter(label=_("In use"), choices=YES_NO, method="yes_or_no")
    branch = django_filters.CharFilter(
        label=_("Class or subclass"), method="under", widget=HiddenInput
    )
    # Which edition the rows are of is settled before; here so that the form of the page keeps it.
    edition = django_filters.CharFilter(label=_("Edition"), method="any", widget=HiddenInput)

    class Meta:
        model = CatalogueItem
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        version: CatalogueVersion | None = None,
        disabled_too: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.disabled_too = disabled_too
        if not disabled_too:
            del self.filters["enabled"]

    @property
    def ordering(self) -> Ordering:
        """By likeness where something is searched, else by code."""
        return BY_RANK if self.form.cleaned_data.get("q", "").strip() else BY_CODE

    def find(self, rows: Rows, name: str, text: str) -> Rows:
        if not text.strip() or self.version is None:
            return rows
        found = search(text, MOST_FOUND, self.version, disabled_too=self.disabled_too)
        places = [When(pk=entry.key, then=Value(place)) for place, entry in enumerate(found)]
        rank = Case(*places, default=Value(MOST_FOUND), output_field=IntegerField())
        ranked: Rows = rows.filter(pk__in=[entry.key for entry in found]).annotate(rank=rank)
        return ranked

    def any(self, rows: Rows, name: str, value: str) -> Rows:
        return rows

    def coloured(self, rows: Rows, name: str, risk: str) -> Rows:
        summed: Rows = rows.annotate(total=_SUM)
        return summed.filter(_RISKS[risk])

    def yes_or_no(self, rows: Rows, name: str, chosen: str) -> Rows:
        return rows.filter(**{name: chosen == "yes"})

    def under(self, rows: Rows, name: str, code: str) -> Rows:
        return rows.filter(Q(class_code=code) | Q(sub_code=code))


class RuleFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """Over rules of responsibility."""

    q = django_filters.CharFilter(label=_("Unit, code or note"), method="find")
    item = django_filters.CharFilter(
        label=_("Item code"), field_name="item_code", lookup_expr="startswith"
    )
    area = django_filters.CharFilter(
        label=_("Area code"), field_name="area_code", lookup_expr="startswith"
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("now", _("In force")), ("later", _("Not yet")), ("over", _("Ended"))],
        method="in_state",
    )

    class Meta:
        model = ResponsibilityRule
        fields: tuple[str, ...] = ()

    def find(self, rows: Rows, name: str, text: str) -> Rows:
        unit = Q(organisation__name__icontains=text) | Q(organisation__name_en__icontains=text)
        codes = Q(organisation__code__istartswith=text) | Q(item_code__startswith=text)
        return rows.filter(unit | codes | Q(note__icontains=text))

    def in_state(self, rows: Rows, name: str, state: str) -> Rows:
        today = timezone.now().astimezone(LOCAL).date()
        over = Q(valid_to__lt=today)
        wanted = {
            "now": Q(valid_from__lte=today) & ~over,
            "later": Q(valid_from__gt=today),
            "over": over,
        }
        return rows.filter(wanted[state])
