"""The forms of the steps as serializers, so that the API's document says what each step takes."""

from collections.abc import Callable
from typing import Any

from django import forms
from rest_framework import serializers

from steps.forms import YesNo


def serializer_of(name: str, form: Any) -> type[serializers.Serializer[Any]]:
    """A serializer class `name` with the fields of a form, for documentation."""
    fields = {field: _field(made) for field, made in form.base_fields.items()}
    return type(name, (serializers.Serializer,), fields)


def _field(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    said: dict[str, Any] = {
        "required": field.required,
        "label": field.label,
        "help_text": field.help_text or field.label,
    }
    make = next(make for kind, make in _KINDS if isinstance(field, kind))
    return make(field, said)


_Make = Callable[[Any, dict[str, Any]], "serializers.Field[Any, Any, Any, Any]"]


def _text(field: forms.CharField, said: dict[str, Any]) -> serializers.CharField:
    return serializers.CharField(
        max_length=field.max_length, allow_blank=not field.required, **said
    )


def _choice(field: forms.ChoiceField, said: dict[str, Any]) -> serializers.ChoiceField:
    offered: Any = field.choices
    choices = [(value, label) for value, label in offered if value != ""]
    return serializers.ChoiceField(choices, **said)


def _choice_or_code(
    field: forms.ChoiceField, said: dict[str, Any]
) -> "serializers.Field[Any, Any, Any, Any]":
    """A list that is known beforehand; else a code, since what may be chosen depends on the record."""
    offered: Any = field.choices
    return _choice(field, said) if list(offered) else serializers.CharField(**said)


def _reference(
    field: "forms.ModelChoiceField[Any]", said: dict[str, Any]
) -> "serializers.Field[Any, Any, Any, Any]":
    if field.to_field_name:
        return serializers.CharField(**said)
    return serializers.IntegerField(**said)


# The first kind that fits: special fields stand before those that they are made of.
_KINDS: tuple[tuple[type[forms.Field], _Make], ...] = (
    (YesNo, lambda _f, said: serializers.BooleanField(**said)),
    (
        forms.TypedMultipleChoiceField,
        lambda _f, said: serializers.ListField(child=serializers.IntegerField(min_value=1), **said),
    ),
    (
        forms.ModelMultipleChoiceField,
        lambda _f, said: serializers.ListField(child=serializers.CharField(), **said),
    ),
    (forms.ModelChoiceField, _reference),
    (
        forms.MultipleChoiceField,
        lambda _f, said: serializers.ListField(child=serializers.CharField(), **said),
    ),
    (forms.ChoiceField, _choice_or_code),
    (forms.BooleanField, lambda _f, said: serializers.BooleanField(**said)),
    (forms.FloatField, lambda _f, said: serializers.FloatField(**said)),
    (forms.DecimalField, lambda _f, said: serializers.DecimalField(9, 2, **said)),
    (forms.IntegerField, lambda _f, said: serializers.IntegerField(**said)),
    (forms.DateTimeField, lambda _f, said: serializers.DateTimeField(**said)),
    (forms.DateField, lambda _f, said: serializers.DateField(**said)),
    (forms.CharField, _text),
)
