"""How long the stages of this room may take: rows that an administrator edits. Clocks that run keep their time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import May
from borders.models import Limit
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from journal.append import append

# What holds where a row was taken away: the product's own default (domain section 7 names none).
DEFAULT = Allowance(Decimal(10), AllowanceKind.LEGAL_WORKDAY)


def allowance_of(stage: str) -> Allowance:
    """How long a stage may take now."""
    row = Limit.objects.filter(stage=stage).first()
    return row.allowance if row else DEFAULT


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A limit as an administrator types it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Limit
        fields = ("value", "kind")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if "value" in facts and "kind" in facts:
            try:
                Allowance.parse(facts["value"], facts["kind"])
            except AllowanceError as wrong:
                self.add_error(wrong.field, str(wrong.sentence))
        return facts


@transaction.atomic
def change_limit(
    limit: Limit, *, value: Decimal, kind: str, by: Actor, now: datetime, version: int | None
) -> Limit:
    """Write how long a stage may take from now on. Raises PermissionDenied, SomebodyWasFirst (409)."""
    post = by.require(May.MANAGE_CATALOGUE)
    before = f"{limit.value} {limit.kind}"
    changed = write_over(limit, version=version, by=by, now=now, value=value, kind=kind)
    append(
        "border_limit.changed",
        subject=("border_limit", limit.pk),
        area_code="",
        by=by,
        now=now,
        post=post,
        data={"stage": limit.stage, "before": before, "value": str(value), "kind": kind},
    )
    return changed
