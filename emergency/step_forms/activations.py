"""The facts of declaring an emergency and of its steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.forms import ManyTicks
from emergency.choices import (
    RANK,
    EnrolmentKind,
    EventKind,
    Grouping,
    Level,
    Skill,
)
from emergency.step_forms.base import AreaCode, Codes
from grids.models import CODE_LENGTHS
from grids.models import Level as AreaLevel
from steps.forms import Facts, StepForm, words

MOST_MINUTES = 7 * 24 * 60


class DeclareFacts(Facts):
    """Which area goes into emergency, and why."""

    area = AreaCode(help_text=_("It and everything below it."))
    kind = forms.ChoiceField(label=_("Kind of event"), choices=EventKind)
    level = forms.ChoiceField(label=_("Level"), choices=Level, initial=Level.BLUE)
    reason = words(_("Reason"))
    instructions = words(
        _("Instructions"),
        required=False,
        help_text=_("Everybody who works in the area reads them on every page."),
    )
    call_all = forms.BooleanField(
        label=_("Call up everybody who is enrolled there at once"), required=False
    )


class ChangeLevel(StepForm):
    """The new level, and why."""

    level = forms.ChoiceField(label=_("New level"), choices=Level)
    reason = words(_("Reason"))
    towards = 0  # -1: graver, 1: less grave

    def fit(self, meeting: Any) -> None:
        now = RANK[meeting.record.level]
        fitting = [row for row in Level.choices if (RANK[row[0]] - now) * self.towards > 0]
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = fitting


class Raise(ChangeLevel):
    towards = -1


class Lower(ChangeLevel):
    towards = 1


class Instruct(StepForm):
    instructions = words(_("Instructions"))

    def fit(self, meeting: Any) -> None:
        self.fields["instructions"].initial = meeting.record.instructions


class EndActivation(StepForm):
    reason = words(_("Why it may end"))
    report = words(
        pgettext_lazy("of an emergency", "Report"),
        required=False,
        help_text=_("What happened, what was done, losses"),
    )


def _minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Without a number what the level gives."),
    )


class CallUpFacts(StepForm):
    """Whom to call: everybody who fits, or the ticked ones among them."""

    area = AreaCode(required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), choices=EnrolmentKind, required=False, widget=ManyTicks
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills, any of them"), choices=Skill, required=False, widget=ManyTicks
    )
    people = Codes(label=_("People"), required=False, help_text=_("Numbers of enrolments."))
    grouping = forms.ChoiceField(label=_("Teams"), choices=Grouping, initial=Grouping.COMMUNITY)
    answer_minutes = _minutes(_("Minutes to answer"))
    arrive_minutes = _minutes(_("Minutes to arrive"))
    message = words(_("What to do, what to bring"), required=False)

    def fit(self, meeting: Any) -> None:
        area = self.fields["area"]
        assert isinstance(area, AreaCode)
        area.offer([meeting.record.area_code], CODE_LENGTHS[AreaLevel.GRID])


ACTIVATION_FORMS: dict[str, type[StepForm]] = {
    "raise": Raise,
    "lower": Lower,
    "instruct": Instruct,
    "call_up": CallUpFacts,
    "end": EndActivation,
}
