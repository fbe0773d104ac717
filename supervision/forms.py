"""What people type into the pages of this room."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from config.forms import MomentInput
from supervision.choices import Colour, Counted
from supervision.limits import answer_within
from supervision.steps import OrderStep
from supervision.taking import LONGEST_TEXT


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=LONGEST_TEXT, widget=area)


class _Timed(forms.Form):
    """A limit, or a moment, which then wins."""

    value = forms.DecimalField(
        label=_("Answer within"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    kind = forms.ChoiceField(label=_("Counted in"), required=False, choices=AllowanceKind.choices)
    until = forms.DateTimeField(
        label=_("Or by this time"),
        required=False,
        widget=MomentInput(),
        help_text=_("If you give a time, it holds instead of the limit."),
    )

    def clean(self) -> dict[str, Any]:
        """The limit itself may say no: too long, or half a statutory day."""
        facts = super().clean() or {}
        if facts.get("value") and not facts.get("until"):
            try:
                facts["limit"] = Allowance(facts["value"], AllowanceKind(facts["kind"]))
            except (AllowanceError, ValueError) as fault:
                self.add_error("value", str(fault))
        return facts

    @property
    def answer_by(self) -> Allowance | datetime | None:
        """What was given, of a valid form."""
        return self.cleaned_data.get("until") or self.cleaned_data.get("limit")


class OrderForm(_Timed):
    """An order on one case or several. With several, each case's own unit answers."""

    question = _words(_("What must be answered"))
    unit = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="code",
        label=_("Who must answer"),
        required=False,
        empty_label=_("Whoever must act now"),
    )
    field_order = ("question", "unit", "value", "kind", "until")

    def __init__(
        self, *args: Any, units: "QuerySet[Organisation] | None" = None, **kwargs: Any
    ) -> None:
        usual = answer_within()
        kwargs.setdefault("initial", {"value": usual.value, "kind": usual.kind})
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"]
        else:
            field: Any = self.fields["unit"]
            field.queryset = units

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if not self.errors and not (facts.get("until") or facts.get("limit")):
            self.add_error("value", _("Say by when it must be answered."))
        return facts


class StepForm(_Timed):
    """The words of a step of an order, and for sending back how long the unit has now."""

    text = _words(_("Words"))
    field_order = ("text", "value", "kind", "until")

    def __init__(self, *args: Any, step: OrderStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = str(step.words)
        self.fields["text"].required = step.words_needed
        if step.code != "send_back":
            for name in ("value", "kind", "until"):
                del self.fields[name]
        else:
            self.fields["value"].help_text = _("Left empty, as long as before.")


class LiftForm(forms.Form):
    reason = _words(_("Why the card is lifted"))


class CardRuleForm(forms.Form):
    """A rule of cards; its colour and what it counts are chosen once."""

    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices)
    counted = forms.ChoiceField(label=_("What counts"), choices=Counted.choices)
    threshold = forms.IntegerField(label=_("How many"), min_value=1, max_value=1000)
    within_days = forms.IntegerField(label=_("Within how many days"), min_value=1, max_value=366)
    active = forms.BooleanField(label=_("In force"), required=False, initial=True)

    def __init__(self, *args: Any, exists: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if exists:
            del self.fields["colour"], self.fields["counted"]
        else:
            del self.fields["active"]
