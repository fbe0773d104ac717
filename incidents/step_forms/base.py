"""What the forms of all steps share: fields, the case they belong to, and the refusal that carries them."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.refusal import Refused
from incidents import checkers
from incidents.catalogue_words import spoken
from incidents.choices import PhotoKind
from incidents.harmless import harmless
from incidents.models import CatalogueItem, Incident

if TYPE_CHECKING:
    from incidents.case import Case

LONGEST_TEXT = 2000


class StepForm(forms.Form):
    """The facts of one step. `case` gives what may be chosen; without one the form only describes itself.

    `photos` are the kinds of photo that belong to the step: a page offers to add them beside the form, and
    adds them before it takes the step.
    """

    photos: ClassVar[tuple[PhotoKind, ...]] = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        case: "Case | None" = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data=_readable(data), initial=dict(initial or {}), prefix=prefix)
        self.case = case
        if case is not None:
            self.fit(case)

    def fit(self, case: "Case") -> None:
        """Narrow the choices to what this case allows."""

    @property
    def incident(self) -> Incident:
        assert self.case is not None, "only a form with a case is validated"
        return self.case.incident

    def add_to(self, name: str, sentence: Any, code: str) -> None:
        """Mark a field as wrong, with a stable code for programs."""
        self.add_error(name, forms.ValidationError(sentence, code=code))


def _readable(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The data without characters that nobody sees and that do harm (`incidents.harmless`)."""
    if isinstance(data, QueryDict):
        cleaned = data.copy()
        for name, values in cleaned.lists():
            cleaned.setlist(name, [_without_harm(value) for value in values])
        return cleaned
    return None if data is None else {name: _without_harm(value) for name, value in data.items()}


def _without_harm(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dict):
        return {name: _without_harm(one) for name, one in value.items()}
    return [_without_harm(one) for one in value] if isinstance(value, list) else value


StepFormClass: TypeAlias = type[StepForm]


class FactsRefused(Refused):
    """What was typed or sent cannot be used. `form` is bound and holds every error beside its field."""

    def __init__(self, form: StepForm) -> None:
        super().__init__(
            "invalid_facts", _("Some of what you entered cannot be used. Nothing was changed."), 422
        )
        self.form = form

    @property
    def errors(self) -> list[dict[str, str]]:
        """Field, message and code of every error, in the order of the form; the field is '' for the whole."""
        return [
            {
                "field": "" if name == "__all__" else name,
                "message": " ".join(map(str, error.messages)),
                "code": str(error.code or "invalid"),
            }
            for name, errors in self.form.errors.as_data().items()
            for error in errors
        ]


class YesNo(forms.TypedChoiceField):
    """A question that must be answered: two radio buttons on a page, true or false in JSON."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        typed: str = super().to_python(value if value is None else str(value).lower())
        return typed


def words(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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
