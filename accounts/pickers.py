"""Choosing one of thousands by typing a piece of its code or name; without JavaScript by the code itself."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import area_names
from accounts.models import Organisation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ORGANISATION, AREA = _("Organisation"), _("Area")


class Picker(forms.TextInput):
    """A text input with suggestions from `url_name`, which answers with <option> elements."""

    template_name = "accounts/widgets/picker.html"

    def __init__(self, url_name: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})})
        self.url_name = url_name

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["url_name"] = self.url_name
        return context


def written(code: str, name: str) -> str:
    """How a choice stands in the input: its code, then its name."""
    return f"{code} {name}".strip()


class OrganisationField(forms.CharField):
    """An active organisation out of `queryset` by code, or by its name if only one has it."""

    def __init__(self, label: "StrOrPromise" = ORGANISATION, **options: Any) -> None:
        options.setdefault("max_length", 200)
        options.setdefault("widget", Picker("accounts:organisation_options"))
        super().__init__(label=label, **options)
        self.queryset: QuerySet[Organisation] = Organisation.objects.none()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Organisation):
            return written(value.code, value.shown_name)
        return value

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        by_code = self.queryset.filter(code=text.split(" ")[0]).first()
        if by_code is not None:
            return by_code
        named = list(self.queryset.filter(Q(name=text) | Q(name_en=text))[:2])
        if len(named) == 1:
            return named[0]
        raise ValidationError(
            _("No organisation “%(text)s” that you administer. Pick one from the suggestions.")
            if not named
            else _("Several organisations are called “%(text)s”. Use the code."),
            params={"text": text},
        )


class AreaField(forms.CharField):
    """The code of an area; what follows it in the input (its name) is for reading."""

    def __init__(self, label: "StrOrPromise" = AREA, **options: Any) -> None:
        options.setdefault("max_length", 120)
        options.setdefault("widget", Picker("accounts:area_options"))
        super().__init__(label=label, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and value.isdigit():
            return written(value, area_names.names_of([value]).get(value, ""))
        return value

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        code = text.split(" ", 1)[0]
        if not area_names.is_well_formed(code):
            raise ValidationError(
                _("“%(text)s” is no area code: use 4, 6, 9, 12 or 15 digits."),
                params={"text": text},
            )
        return code
