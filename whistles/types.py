"""Kinds of whistle: an administrator says who may blow them and how long units have."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.edits import write_over
from accounts.roles import RULES, May, Role
from clocks.allowance import Allowance, AllowanceError
from clocks.choices import AllowanceKind
from journal.append import append
from whistles.choices import Stage
from whistles.models import WhistleType

BLOWERS = [role for role in Role if May.BLOW in RULES[role].may]
# What every kind must have; the other stages may be left out.
NEEDED = (Stage.CHECK_IN, Stage.OBJECTION)


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A kind of whistle as an administrator types it. A stage without a value is not asked for."""

    blown_by = forms.MultipleChoiceField(
        label=_("Who may blow it"),
        choices=[(role.value, role.label) for role in BLOWERS],
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = WhistleType
        fields = (
            "name", "name_en", "mechanism", "blown_by", "enabled", "sign_value", "sign_kind",
            "contact_value", "contact_kind", "check_in_value", "check_in_kind", "objection_value",
            "objection_kind",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage, label in Stage.choices:
            self.fields[f"{stage}_value"].label = _("Time for %(stage)s") % {"stage": label}
            self.fields[f"{stage}_kind"].label = _("counted in")
            self.fields[f"{stage}_kind"].required = False

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for stage in Stage:
            self._check(stage, facts)
        return facts

    def _check(self, stage: Stage, facts: dict[str, Any]) -> None:
        value: Decimal | None = facts.get(f"{stage}_value")
        if value is None:
            facts[f"{stage}_kind"] = ""
            if stage in NEEDED and f"{stage}_value" not in self.errors:
                self.add_error(f"{stage}_value", _("This time is needed."))
            return
        try:
            Allowance.parse(value, facts.get(f"{stage}_kind") or "")
        except AllowanceError as wrong:
            self.add_error(f"{stage}_{wrong.field}", str(wrong.sentence))


@transaction.atomic
def change_type(
    kind: WhistleType, *, by: Actor, now: datetime, version: int | None, **values: Any
) -> WhistleType:
    """Write a kind of whistle. Clocks that run keep what they were given. Raises PermissionDenied,
    SomebodyWasFirst (409)."""
    post = by.require(May.MANAGE_CATALOGUE)
    before = {name: getattr(kind, name) for name in values}
    changed = write_over(kind, version=version, by=by, now=now, **values)
    append(
        "whistle_type.changed",
        subject=("whistle_type", kind.pk),
        area_code="",
        by=by,
        now=now,
        post=post,
        data={
            "changed": sorted(n for n, value in values.items() if value != before[n]),
            **{f"{stage}": _limit(changed, stage) for stage in Stage},
        },
    )
    return changed


def _limit(kind: WhistleType, stage: Stage) -> dict[str, str] | None:
    allowance = kind.allowance(stage)
    if allowance is None:
        return None
    return {"value": str(allowance.value), "kind": AllowanceKind(allowance.kind).value}
