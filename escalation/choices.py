"""The closed lists of this room. Codes are stored; labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.choices import Level


class When(models.TextChoices):
    """What the moment of a rung is counted by: a share of the allowance, the deadline, or whole allowances after it."""

    SHARE = "share", _("% of the limit used")
    DUE = "due", _("when it is due")
    AFTER = "after", _("whole limits after it was due")


class Deed(models.TextChoices):
    """What a rung does. The first three remind; the others change something."""

    REMIND = "remind", pgettext_lazy("deed of the ladder", "Remind whose turn it is")
    URGE = "urge", pgettext_lazy("deed of the ladder", "Urge whose turn it is (counted)")
    TELL = "tell", pgettext_lazy("deed of the ladder", "Tell the unit's leader and the commander")
    ORDER = "order", pgettext_lazy("deed of the ladder", "Open a supervision order")
    TO_COMMUNITY = "to_community", pgettext_lazy("deed of the ladder", "Move up to the community")
    TO_STREET = "to_street", pgettext_lazy("deed of the ladder", "Move up to the street")
    TO_DISTRICT = "to_district", pgettext_lazy("deed of the ladder", "Move up to the district")
    TO_CITY = "to_city", pgettext_lazy("deed of the ladder", "Move up to the city")


REMINDERS = frozenset({Deed.REMIND, Deed.URGE, Deed.TELL})
LEVEL_OF = {
    Deed.TO_COMMUNITY: Level.COMMUNITY,
    Deed.TO_STREET: Level.STREET,
    Deed.TO_DISTRICT: Level.DISTRICT,
    Deed.TO_CITY: Level.CITY,
}
# What is told to the same people: of several at once they hear the last.
AUDIENCE = {Deed.REMIND: "turn", Deed.URGE: "turn", Deed.TELL: "leaders"}
