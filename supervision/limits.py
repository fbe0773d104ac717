"""How long a unit has to answer an order where nobody says otherwise; an administrator may change it."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from clocks import limits
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind

_ANSWER = "supervision.answer"
limits.register(
    _ANSWER,
    _("Answer to an order from above"),
    Allowance(Decimal(1), AllowanceKind.WORK_DAY),
)


def answer_within() -> Allowance:
    """The limit that is offered with a new order, and that the ladder's own orders have."""
    return limits.limit(_ANSWER)
