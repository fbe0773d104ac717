"""How much time each level gives a call-up: rows that an administrator edits."""

from datetime import datetime

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import May
from emergency.choices import Level
from emergency.models import Pace
from emergency.step_forms.activations import MOST_MINUTES
from journal.append import append
from steps.forms import Facts, FactsRefused


def pace_of(level: str) -> Pace:
    """The pace of a level; the product's default where no row says otherwise."""
    return Pace.objects.filter(level=level).first() or Pace(level=level)


class PaceForm(Facts):
    """All four numbers, in minutes."""

    answer_minutes = forms.IntegerField(
        label=_("Minutes to answer"), min_value=1, max_value=MOST_MINUTES
    )
    arrive_minutes = forms.IntegerField(
        label=_("Minutes to arrive"), min_value=1, max_value=MOST_MINUTES
    )
    above_minutes = forms.IntegerField(
        label=_("Minutes for the leaders, before the commander is told"),
        min_value=1,
        max_value=MOST_MINUTES,
    )
    again_minutes = forms.IntegerField(
        label=_("Minutes before the missing may be called again"),
        min_value=1,
        max_value=MOST_MINUTES,
    )


def change_pace(
    *, level: str, facts: object, version: int | None, by: Actor, now: datetime
) -> Pace:
    """Change the minutes of a level; call-ups under way keep theirs.

    Raises PermissionDenied, Pace.DoesNotExist, FactsRefused (422), SomebodyWasFirst (409).
    """
    post = by.require(May.MANAGE_LADDERS)
    form = PaceForm(facts)  # type: ignore[arg-type]
    if not form.is_valid():
        raise FactsRefused(form)
    with transaction.atomic():
        pace = write_over(
            Pace.objects.get(level=Level(level)),
            version=version,
            by=by,
            now=now,
            **form.cleaned_data,
        )
        append(
            "pace.changed",
            subject=("pace", pace.pk),
            area_code="",
            by=by,
            now=now,
            post=post,
            data={"emergency_level": pace.level, **form.cleaned_data, "version": pace.version},
        )
    return pace
