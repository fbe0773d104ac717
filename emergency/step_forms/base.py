"""What several forms of this room share: areas, codes, points."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Area
from steps.forms import StepForm


class AreaCode(forms.CharField):
    """The code of an area in force below one of `within`; a page offers a list, a program sends the code."""

    within: Sequence[str] = ()
    known: Collection[str] | None = (
        None  # all codes there are, where many forms are checked at once
    )

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Area"))
        options.setdefault("max_length", 15)
        options.setdefault("widget", forms.Select)
        super().__init__(**options)

    def offer(self, within: Sequence[str], smallest: int) -> None:
        """List the areas below `within` down to codes of `smallest` digits."""
        self.within = within
        first = [] if self.required else [("", _("the whole area"))]
        self.widget.choices = [*first, *areas_below(within, smallest)]

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code and not self._is_known(code):
            raise forms.ValidationError(
                _("There is no area in force with this code where you may do this."),
                code="unknown_area",
            )
        return code

    def _is_known(self, code: str) -> bool:
        if self.known is not None:
            return code in self.known
        lies = any(code.startswith(prefix) for prefix in self.within)
        return lies and Area.objects.active().filter(code=code).exists()


def areas_below(within: Sequence[str], smallest: int) -> list[tuple[str, str]]:
    """Code and name of the areas in force below the prefixes, indented by level."""
    found: dict[str, str] = {}
    for prefix in within:
        for area in Area.objects.active().subtree(prefix).listed().order_by("code"):
            if len(prefix) <= len(area.code) <= smallest:
                indent = "\u3000" * max((len(area.code) - max(len(prefix), 4)) // 3, 0)
                found[area.code] = f"{indent}{area.shown_name}"
    return sorted(found.items())


class Codes(forms.MultipleChoiceField):
    """Several codes; which there are depends on the record, and the effect looks."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 20


class NoFacts(StepForm):
    """Nothing is asked."""
