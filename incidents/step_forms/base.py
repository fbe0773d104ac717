"""What the forms of all steps of a case share: the case that they belong to, and the fields that name its things."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents import checkers
from incidents.catalogue_words import spoken
from incidents.choices import PhotoKind
from incidents.models import CatalogueItem, Incident
from steps import forms as steps

if TYPE_CHECKING:
    from incidents.case import Case


class StepForm(steps.StepForm):
    """The facts of one step of a case.

    `photos` are the kinds of photo that belong to the step: a page offers to add them beside the form, and
    adds them before it takes the step.
    """

    photos: ClassVar[tuple[PhotoKind, ...]] = ()
    meeting: "Case | None"

    @property
    def case(self) -> "Case | None":
        return self.meeting

    @property
    def incident(self) -> Incident:
        assert self.case is not None, "only a form with a case is validated"
        return self.case.incident


StepFormClass: TypeAlias = type[StepForm]


class _ByClass(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]  # likewise
    """Items under the headings of their classes."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        items = self.queryset.order_by("code")
        for name, group in groupby(items, lambda item: spoken(item.class_name, item.class_name_en)):
            yield name, [(item.code, spoken(item.name, item.name_en)) for item in group]


class _ItemField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    iterator = _ByClass


def item_field(*, required: bool) -> "forms.ModelChoiceField[CatalogueItem]":
    """An item of the edition in force, by its code."""
    return _ItemField(
        CatalogueItem.objects.filter(version__status="active", enabled=True),
        to_field_name="code",
        label=_("Item"),
        help_text=_("As the catalogue in force names the matter."),
        required=required,
        error_messages={
            "invalid_choice": _("The catalogue in force has no item with this code."),
        },
    )


def person_field(label: Any, help_text: Any) -> "forms.ModelChoiceField[User]":
    """A person with an account, by their number."""
    return forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=label,
        help_text=help_text,
        required=False,
        error_messages={"invalid_choice": _("This person cannot be sent there.")},
    )


def offer_checkers(field: Any, case: "Case") -> None:
    """Offer those who may go, the nearest first; asked only where the form is drawn."""
    field.choices = lambda: [("", "---------"), *checkers.choices(case)]


def case_field(label: Any, help_text: Any, *, required: bool) -> "forms.ModelChoiceField[Incident]":
    """Another case that the actor may see, by its number."""
    return forms.ModelChoiceField(
        Incident.objects.none(),
        to_field_name="number",
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.TextInput,
        error_messages={"invalid_choice": _("There is no case with this number that you may see.")},
    )


def as_field(field: Any) -> Any:
    """A form's field as what it is: stubs know only the base class."""
    return field
