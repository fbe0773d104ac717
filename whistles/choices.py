"""The closed lists of this room. Codes are stored; labels are what people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mechanism(TextChoices):
    """The five mechanisms for which a street may summon (domain E2)."""

    SIFTING = "dispute_sifting", _("Sifting of disputes")
    EMERGENCY = "emergency", _("Emergency")
    ENFORCEMENT = "joint_enforcement", _("Joint enforcement")
    QUICK = "quick_response", _("Quick service response")
    LAST_MILE = "last_mile", _("Last mile of key work")


class State(TextChoices):
    """How far a whistle has come (domain section 2.6). From `blown` on it follows from its units."""

    DRAFTED = "drafted", _("Drafted")
    APPROVED = "approved", _("Approved")
    BLOWN = "blown", _("Blown")
    SIGNED = "signed", _("Signed for")
    CONTACTED = "contacted", _("In contact")
    CHECKED_IN = "checked_in", _("Checked in")
    HANDLING = "handling", _("Handling on the spot")
    DELIVERED = "delivered", _("Delivered")
    EVALUATED = "evaluated", _("Evaluated by the street")
    CLOSED = "closed", _("Whistle closed")
    CANCELLED = "cancelled", _("Whistle cancelled")


BEFORE = frozenset({State.DRAFTED, State.APPROVED})
ENDS = frozenset({State.CLOSED, State.CANCELLED})
HEARD = frozenset(
    {State.BLOWN, State.SIGNED, State.CONTACTED, State.CHECKED_IN, State.HANDLING, State.DELIVERED}
)


class UnitState(TextChoices):
    """How far one summoned unit has come."""

    SUMMONED = "summoned", _("Summoned")
    SIGNED = "signed", _("Signed for")
    CONTACTED = "contacted", _("In contact")
    CHECKED_IN = "checked_in", _("Checked in")
    HANDLING = "handling", _("Handling on the spot")
    DELIVERED = "delivered", _("Delivered")
    RELEASED = "released", _("Released: counts as not summoned")


ON_THE_WAY = frozenset({UnitState.SUMMONED, UnitState.SIGNED, UnitState.CONTACTED})


class Stage(TextChoices):
    """What a unit, or the street that must answer it, has a clock for."""

    SIGN = "sign", _("signing for a whistle")
    CONTACT = "contact", _("contacting the street")
    CHECK_IN = "check_in", _("checking in on the spot")
    OBJECTION = "objection", _("answering an objection")


class Objection(TextChoices):
    """A unit may object once to being summoned."""

    NONE = "", _("No objection")
    OPEN = "open", _("Objection waits for the street")
    UPHELD = "upheld", _("Summons upheld")
    RELEASED = "released", _("Unit released")


class Grade(TextChoices):
    """How the street judges what a unit did."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    POOR = "poor", _("Poor")


POINTS = {Grade.EXCELLENT: 100, Grade.GOOD: 85, Grade.FAIR: 60, Grade.POOR: 0}


class SuggestionKind(TextChoices):
    """What a street may suggest about a department's people (domain E1)."""

    APPOINTMENT = "appointment", _("Appointment or promotion")
    COMMENDATION = "commendation", _("Commendation")
    TRANSFER = "transfer", _("Transfer to another post")


class SuggestionState(TextChoices):
    SUGGESTED = "suggested", _("Waits for the street's Party committee")
    APPROVED = "approved", _("Sent to the organisation department")
    RECEIVED = "received", _("Received by the organisation department")
    REFUSED = "refused", _("Refused by the Party committee")
    WITHDRAWN = "withdrawn", _("Taken back")
