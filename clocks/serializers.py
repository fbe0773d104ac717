"""What the API of this room takes and gives."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts import area_names
from clocks.allowance import Allowance, AllowanceError
from clocks.calendar import SHANGHAI
from clocks.choices import AllowanceKind, DayKind
from clocks.explain import Reason, StartNote

# An unescaped + in an address arrives as a space; no date has one there otherwise.
_LOST_PLUS = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)$")


class _Moment(serializers.DateTimeField):
    def to_internal_value(self, value: Any) -> Any:
        """An ISO 8601 time; without an offset it is the area's local time."""
        return super().to_internal_value(_LOST_PLUS.sub(r"\1+\2", str(value).strip()))


class LimitOut(serializers.Serializer[Any]):
    """How long a stage may take. `default` is what the program brings along."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    value = serializers.DecimalField(9, 2, source="allowance.value")
    kind = serializers.ChoiceField(AllowanceKind.choices, source="allowance.kind")
    text = serializers.CharField(source="allowance")
    default = serializers.CharField()
    changed_at = serializers.DateTimeField(allow_null=True)
    changed_by = serializers.CharField()


class LimitIn(serializers.Serializer[Any]):
    """The limit that holds from now on."""

    value = serializers.DecimalField(9, 2)
    kind = serializers.ChoiceField(AllowanceKind.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The allowance itself may say no: nothing, too long, or half a statutory day."""
        try:
            attrs["allowance"] = Allowance.parse(attrs["value"], attrs["kind"])
        except AllowanceError as error:
            raise serializers.ValidationError({error.field: [str(error.sentence)]}) from error
        return attrs


class DueIn(serializers.Serializer[Any]):
    """The question: a start, a limit, and where."""

    start = _Moment(
        help_text=_("ISO 8601; without an offset, local time of the area (Asia/Shanghai).")
    )
    value = serializers.CharField(
        max_length=12, help_text=_("How many; statutory kinds count whole ones.")
    )
    kind = serializers.ChoiceField(AllowanceKind.choices, help_text=_("How the limit counts."))
    area = serializers.RegexField(
        r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})?$",
        required=False,
        allow_blank=True,
        default="",
        help_text=_("Area code; its calendar applies, or the country's where it is left out."),
        error_messages={"invalid": _("An area code has 2, 4, 6, 9, 12 or 15 digits.")},
    )

    def validate_area(self, value: str) -> str:
        """Only areas that exist, where there is a register of them."""
        if area_names.unknown([value]):
            raise serializers.ValidationError(
                _("There is no area with the code %(code)s.") % {"code": value}
            )
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The allowance itself may say no: too long, or half a statutory day."""
        try:
            attrs["allowance"] = Allowance.parse(attrs["value"], attrs["kind"])
        except AllowanceError as error:
            raise serializers.ValidationError({error.field: [str(error.sentence)]}) from error
        return attrs


class _CodeAndText(serializers.Serializer[Any]):
    code = serializers.ChoiceField([note.value for note in StartNote])
    text = serializers.CharField(help_text=_("In the language of Accept-Language."))


class _AllowanceOut(serializers.Serializer[Any]):
    value = serializers.DecimalField(max_digits=9, decimal_places=2)
    kind = serializers.ChoiceField(AllowanceKind.choices)
    text = serializers.CharField()


class _CalendarOut(serializers.Serializer[Any]):
    area_code = serializers.CharField(allow_blank=True, help_text=_("'' is the country's."))
    name = serializers.CharField()
    version = serializers.IntegerField()
    published_until = serializers.DateField(allow_null=True)


class _PeriodOut(serializers.Serializer[Any]):
    start = serializers.DateTimeField(default_timezone=SHANGHAI)
    end = serializers.DateTimeField(default_timezone=SHANGHAI)


class DayOut(serializers.Serializer[Any]):
    """One local day between start and deadline."""

    date = serializers.DateField()
    kind = serializers.ChoiceField(
        DayKind.choices, allow_null=True, help_text=_("null: not published yet.")
    )
    name = serializers.CharField(allow_blank=True, help_text=_("The holiday it belongs to."))
    counted = serializers.BooleanField()
    reason = serializers.ChoiceField([reason.value for reason in Reason])
    text = serializers.CharField(help_text=_("The reason in words."))
    number = serializers.CharField(
        help_text=_("How much of the limit is used by the end of this day.")
    )
    minutes = serializers.CharField(help_text=_("What this day adds (not for statutory kinds)."))
    periods = _PeriodOut(many=True, help_text=_("When it counted (not for statutory kinds)."))


class DueOut(serializers.Serializer[Any]):
    """A deadline with every day that counted or did not."""

    start = serializers.DateTimeField(default_timezone=SHANGHAI)
    allowance = _AllowanceOut()
    area = serializers.CharField(allow_blank=True)
    calendar = _CalendarOut()
    due = serializers.DateTimeField(default_timezone=SHANGHAI)
    amber = serializers.DateTimeField(
        default_timezone=SHANGHAI, help_text=_("From then on the lamp is amber.")
    )
    nominal_date = serializers.DateField(
        allow_null=True,
        help_text=_("The last day before it moved off a day of rest; null if it did not move."),
    )
    notes = _CodeAndText(many=True, help_text=_("A start at the edge of working time."))
    days = DayOut(many=True)
