"""Urgencies: an administrator says how long each stage of an order may take."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import May
from clocks.allowance import Allowance, AllowanceError
from hotline.choices import Stage
from hotline.models import Tier
from journal.append import append

STAGES = tuple(stage.value.removeprefix("order_") for stage in Stage)
_LABELS = {
    "dispatch": _("Time for sending it to its unit"),
    "receive": _("Time for receiving"),
    "return": _("Window for returning"),
    "handle": _("Time for handling"),
    "visit": _("Time for calling back"),
}


class TierForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """An urgency as an administrator types it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Tier
        fields = (
            "name", "name_en", "urgent", *(f"{stage}_{part}" for stage in STAGES for part in ("value", "kind")),
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in STAGES:
            self.fields[f"{stage}_value"].label = _LABELS[stage]
            self.fields[f"{stage}_kind"].label = _("counted in")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for stage in STAGES:
            value, kind = facts.get(f"{stage}_value"), facts.get(f"{stage}_kind")
            if value is None or not kind:
                continue
            try:
                Allowance.parse(value, kind)
            except AllowanceError as wrong:
                self.add_error(f"{stage}_{wrong.field}", str(wrong.sentence))
        return facts


@transaction.atomic
def change_tier(
    tier: Tier, *, by: Actor, now: datetime, version: int | None, **values: Any
) -> Tier:
    """Write an urgency. Clocks that run keep what they were given. Raises PermissionDenied, SomebodyWasFirst (409)."""
    post = by.require(May.MANAGE_CATALOGUE)
    before = {name: getattr(tier, name) for name in values}
    changed = write_over(tier, version=version, by=by, now=now, **values)
    limits = {stage: changed.allowance(stage) for stage in Stage}
    append(
        "hotline_tier.changed",
        subject=("hotline_tier", tier.pk),
        area_code="",
        by=by,
        now=now,
        post=post,
        data={
            "changed": sorted(n for n, value in values.items() if value != before[n]),
            **{str(s): {"value": str(a.value), "kind": str(a.kind)} for s, a in limits.items()},
        },
    )
    return changed
