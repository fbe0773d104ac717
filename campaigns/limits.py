"""How long a unit has to sign for what was sent to it. The default is ours: domain section 7 names none."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Stage
from clocks import limits
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind

_RECEIPT = "campaign.receipt"
limits.register(
    _RECEIPT,
    format_lazy("{} · {}", _("Campaign"), Stage.RECEIPT.label),
    Allowance(Decimal(1), AllowanceKind.WORK_DAY),
)


def receipt_within() -> Allowance:
    """An assignment that nobody signs for within this time is told to the sender."""
    return limits.limit(_RECEIPT)
