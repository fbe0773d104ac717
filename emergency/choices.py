"""The words of this room. Codes are stored; labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """How grave an emergency is, the gravest first (special major, major, larger, ordinary)."""

    RED = "red", _("I, red: especially grave")
    ORANGE = "orange", _("II, orange: grave")
    YELLOW = "yellow", _("III, yellow: rather grave")
    BLUE = "blue", _("IV, blue: ordinary")


RANK: dict[str, int] = {level: place for place, level in enumerate(Level)}


class EventKind(models.TextChoices):
    FLOOD = "flood", _("Flood")
    FIRE = "fire", pgettext_lazy("emergency", "Fire")
    EPIDEMIC = "epidemic", _("Epidemic")
    SNOW = "snow", _("Snow and ice")
    STABILITY = "stability", _("Public stability")
    OTHER = "other", pgettext_lazy("emergency", "Other")


class State(models.TextChoices):
    """An area's activation."""

    DECLARED = "declared", pgettext_lazy("emergency", "In force")
    ENDED = "ended", pgettext_lazy("emergency", "Ended")


class EnrolmentKind(models.TextChoices):
    """Who is enrolled in a grid (编入网格). The first three are 两代表一委员."""

    DEPUTY = "deputy", _("People's congress deputy")
    DELEGATE = "delegate", _("Party delegate")
    CONSULTATIVE = "consultative", _("Consultative conference member")
    PARTY_MEMBER = "party_member", _("Party member reporting to the community")
    CADRE = "cadre", _("Cadre sent down")
    VOLUNTEER = "volunteer", pgettext_lazy("enrolment", "Volunteer")
    PROFESSIONAL = "professional", _("Professional")


# Who leads a team where nobody was named, the likeliest first.
LEADS = (
    EnrolmentKind.CADRE,
    EnrolmentKind.PARTY_MEMBER,
    EnrolmentKind.DEPUTY,
    EnrolmentKind.DELEGATE,
    EnrolmentKind.CONSULTATIVE,
    EnrolmentKind.PROFESSIONAL,
    EnrolmentKind.VOLUNTEER,
)


class Skill(models.TextChoices):
    MEDIC = "medic", _("Medic")
    FIRST_AID = "first_aid", _("First aid")
    COUNSELLOR = "counsellor", _("Psychological counselling")
    ELECTRICIAN = "electrician", _("Electrician")
    PLUMBER = "plumber", _("Plumber")
    MACHINE = "machine", _("Machine operator")
    DRIVER = "driver", _("Driver")
    RESCUE = "rescue", _("Water or fire rescue")
    MEDIATION = "mediation", _("Mediation")
    COMPUTER = "computer", _("Computers and communication")
    LANGUAGE = "language", _("Foreign or sign language")
    CATERING = "catering", _("Catering and supplies")


class EnrolmentState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("enrolment", "Enrolled")
    ENDED = "ended", pgettext_lazy("enrolment", "No longer enrolled")


class Per(models.TextChoices):
    """The period for which hours are required."""

    MONTH = "month", _("a month")
    YEAR = "year", _("a year")


class ServiceSource(models.TextChoices):
    CALL_UP = "call_up", _("Call-up")
    BY_HAND = "by_hand", _("Entered by hand")


class ServiceState(models.TextChoices):
    TO_APPROVE = "to_approve", pgettext_lazy("service", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("service", "Counts")
    REFUSED = "refused", pgettext_lazy("service", "Refused")


class CallUpState(models.TextChoices):
    CALLING = "calling", pgettext_lazy("call-up", "Under way")
    ENDED = "ended", pgettext_lazy("call-up", "Stood down")


class CalledState(models.TextChoices):
    CALLED = "called", pgettext_lazy("called", "Not answered")
    COMING = "coming", pgettext_lazy("called", "Coming")
    CANNOT = "cannot", pgettext_lazy("called", "Cannot come")
    HERE = "here", pgettext_lazy("called", "On the spot")
    DOWN = "down", pgettext_lazy("called", "Stood down")


# Whoever is called, on the way or there is not called once more by somebody else.
OUT = frozenset({CalledState.CALLED, CalledState.COMING, CalledState.HERE})
AWAITED = frozenset({CalledState.CALLED, CalledState.COMING})


class Phoned(models.TextChoices):
    """What came of a call by phone."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")


class Grouping(models.TextChoices):
    """How the called are made into teams on the spot (就地组团)."""

    COMMUNITY = "community", _("One team for each community")
    GRID = "grid", _("One team for each grid")
    ONE = "one", _("One team in all")


DIGITS = {Grouping.COMMUNITY: 12, Grouping.GRID: 15, Grouping.ONE: 0}


class Stage(models.TextChoices):
    """The clocks of a call-up. What is missed goes to the teams' leaders, and from there to the commander."""

    ANSWER = "answer", pgettext_lazy("call-up", "Answering")
    ANSWER_ABOVE = "answer_above", pgettext_lazy("call-up", "Leaders find the unanswered")
    ARRIVE = "arrive", pgettext_lazy("call-up", "Arriving")
    ARRIVE_ABOVE = "arrive_above", pgettext_lazy("call-up", "Leaders find the absent")
