"""The facts that a step takes, declared once: the page's form, the API's input and its documentation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from steps.harmless import harmless

if TYPE_CHECKING:
    from steps.meeting import Meeting

LONGEST_TEXT = 2000


class Facts(forms.Form):
    """A form that takes a page's fields and a program's JSON alike, without the one character that the database
    cannot even be asked about."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data=readable(data), initial=dict(initial or {}), prefix=prefix)

    def add_to(self, name: str, sentence: Any, code: str) -> None:
        """Mark a field as wrong, with a stable code for programs."""
        self.add_error(name, forms.ValidationError(sentence, code=code))


class StepForm(Facts):
    """The facts of one step. `meeting` gives what may be chosen; without one the form only describes itself."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        meeting: "Meeting[Any] | None" = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=initial, prefix=prefix)
        self.meeting = meeting
        if meeting is not None:
            self.fit(meeting)

    def fit(self, meeting: Any) -> None:
        """Narrow the choices to what this record allows."""


def demand_whole_point(form: Facts, facts: Mapping[str, Any]) -> None:
    """Both `lon` and `lat`, or neither; else it is an error of the form."""
    if (facts.get("lon") is None) != (facts.get("lat") is None):
        form.add_to("lat", _("A point needs both longitude and latitude."), "half_a_point")


def readable(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The data without characters that nobody sees and that do harm (`steps.harmless`)."""
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


class FactsRefused(Refused):
    """What was typed or sent cannot be used. `form` is bound and holds every error beside its field."""

    def __init__(self, form: forms.BaseForm) -> None:
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
