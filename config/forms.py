"""How forms look: Tabler classes, labels, help and errors tied together for screen readers.

`{{ form.name.as_field_group }}` draws `templates/django/forms/field.html`; `{{ form }}` all.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

_CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


def _control_class(widget: forms.Widget) -> str:
    return next(name for kind, name in _CONTROLS if isinstance(widget, kind))


class BoundField(forms.BoundField):
    """A field of a form, whose widget gets the class that its kind has in Tabler."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        used = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if used.is_hidden:
            return attrs
        own = str(attrs.get("class") or used.attrs.get("class", ""))
        names = [_control_class(used), own, "is-invalid" if self.errors else ""]
        attrs["class"] = " ".join(name for name in names if name)
        return attrs

    @property
    def is_many(self) -> bool:
        """A choice of several out of more than fit beside each other."""
        widget = self.field.widget
        return getattr(widget, "allow_multiple_selected", False) and len(widget.choices) > 4

    @property
    def as_checks(self) -> SafeString:
        """The same field as a list of boxes to tick."""
        return self.as_widget(forms.CheckboxSelectMultiple(choices=self.field.widget.choices))

    @property
    def is_check(self) -> bool:
        """A single checkbox: its label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class FormRenderer(TemplatesSetting):
    """Finds form templates among the project's own, so that every form looks the same."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = BoundField


class ManyTicks(forms.CheckboxSelectMultiple):
    """Boxes to tick, out of many: they scroll, and a line above them narrows them by what is typed."""

    narrows = True


class DayInput(forms.DateInput):
    """A browser's date picker (`YYYY-MM-DD`, whatever the language)."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A browser's picker of date and time in the area's time zone (`YYYY-MM-DDTHH:MM`)."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
