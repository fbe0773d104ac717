"""The closed lists of this room. Codes are stored; labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of an order", "To be answered")
    ANSWERED = "answered", pgettext_lazy("state of an order", "Answered")
    SENT_BACK = "sent_back", pgettext_lazy("state of an order", "Sent back, to be answered again")
    ACCEPTED = "accepted", pgettext_lazy("state of an order", "Accepted, watched to the end")
    CLOSED = "closed", pgettext_lazy("state of an order", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of an order", "Withdrawn")


TO_ANSWER = frozenset({OrderState.OPEN, OrderState.SENT_BACK})
STANDS = TO_ANSWER | {OrderState.ANSWERED, OrderState.ACCEPTED}
SUBJECT = "supervision"
STAGE = "answer"


class Colour(models.TextChoices):
    YELLOW = "yellow", _("Yellow card")
    RED = "red", _("Red card")


class Counted(models.TextChoices):
    """What a rule of cards counts against a unit."""

    OVERDUE = "overdue", _("Deadlines of cases missed")
    UNANSWERED = "unanswered", _("Supervision orders not answered in time")
    SUMMONED = "summoned", _("Whistles not signed for, or not come to, in time")
    YELLOW_CARD = "yellow_card", _("Yellow cards")


# What each of these means, for whoever writes a rule.
EXPLAINED = {
    Counted.OVERDUE: _(
        "Each deadline of a case that the unit let pass; what an appeal exempts does not count. "
        "A centre's are those of filing, dispatch, verification and telling the reporter."
    ),
    Counted.UNANSWERED: _("Each round of an order from above that was not answered by its time."),
    Counted.SUMMONED: _(
        "Each summons of a whistle that the unit did not sign for in time, and each at which it was "
        "not on the spot in time. Who is released counts as not summoned."
    ),
    Counted.YELLOW_CARD: _("Each yellow card that was not lifted."),
}
