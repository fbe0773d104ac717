"""The check-list of a campaign: what each visit answers, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from campaigns.choices import Found, LineKind
from campaigns.models import Campaign
from steps.forms import StepForm, YesNo

MOST_LINES = 12
LONGEST_LINE = 80


@dataclass(frozen=True)
class Line:
    """One line. `number` counts from 1 and names the field (`line_1`) and the answer."""

    number: int
    text: str
    kind: str
    required: bool

    @property
    def field(self) -> str:
        return f"line_{self.number}"


def lines_of(campaign: Campaign) -> list[Line]:
    """The lines of a campaign's check-list, in their order."""
    return [Line(**stored) for stored in campaign.checklist]


def stored(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as the campaign keeps them."""
    return [asdict(line) for line in lines]


def typed(facts: Mapping[str, Any]) -> list[Line]:
    """The lines out of a form's `text_1`, `kind_1`, `required_1` and so on; empty ones are left out."""
    filled = [n for n in range(1, MOST_LINES + 1) if facts.get(f"text_{n}")]
    return [
        Line(
            place,
            facts[f"text_{n}"],
            facts.get(f"kind_{n}") or LineKind.YES_NO,
            bool(facts.get(f"required_{n}")),
        )
        for place, n in enumerate(filled, 1)
    ]


def asked(line: Line) -> forms.Field:
    """The field that asks for the answer. Whether it must be there depends on what was found."""
    label = f"{line.text} *" if line.required else line.text
    if line.kind == LineKind.YES_NO:
        return YesNo(label=label, required=False)
    if line.kind == LineKind.NUMBER:
        number = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
        return forms.DecimalField(
            label=label, required=False, max_digits=12, decimal_places=2, widget=number
        )
    return forms.CharField(label=label, required=False, max_length=500)


def demand_answers(form: StepForm, lines: Iterable[Line], facts: Mapping[str, Any]) -> None:
    """Mark the lines that must be answered and are not. Where nobody was there, none must."""
    if facts.get("found") == Found.ABSENT:
        return
    for line in lines:
        if line.required and line.field not in form.errors and facts.get(line.field) in (None, ""):
            form.add_to(line.field, _("This line must be answered."), "required")


def answers(lines: Iterable[Line], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with the visit: number of the line → answer, for the lines that were answered."""
    given = {str(line.number): facts.get(line.field) for line in lines}
    return {
        number: str(value) if isinstance(value, Decimal) else value
        for number, value in given.items()
        if value not in (None, "")
    }


def told(lines: Iterable[Line], kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Line and answer in words, for reading."""
    words = {True: _("Yes"), False: _("No")}
    return [
        (line.text, words.get(kept[str(line.number)], str(kept[str(line.number)])))
        for line in lines
        if str(line.number) in kept
    ]
