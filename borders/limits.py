"""How long the stages of both registers may take. Domain section 7 names no limits for them: the defaults are ours."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from borders.choices import Stage
from clocks import limits
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind

# Statutory working days.
_OF_MATTERS = {Stage.RULE: 10, Stage.HEAR: 3, Stage.WRITE: 3}
_OF_ENCLAVES = {
    Stage.INVESTIGATE: 20,
    Stage.ATTRIBUTE: 10,
    Stage.HAND_OVER: 20,
    Stage.ACCEPT: 30,
    Stage.MEND: 10,
}


def _register() -> None:
    groups = ((_("Matter without a lead"), _OF_MATTERS), (_("Enclave"), _OF_ENCLAVES))
    for what, defaults in groups:
        for stage, days in defaults.items():
            label = format_lazy("{} · {}", what, stage.label)
            default = Allowance(Decimal(days), AllowanceKind.LEGAL_WORKDAY)
            limits.register(f"border.{stage}", label, default)


_register()


def allowance_of(stage: str) -> Allowance:
    """How long a stage may take, where it begins now."""
    return limits.limit(f"border.{stage}")
