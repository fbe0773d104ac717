"""The words of a case: its states, sources, urgency, stages. Codes are stored; labels are what people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    REPORTED = "reported", pgettext_lazy("state of a case", "Reported")
    PRECHECKING = "prechecking", _("Checking before filing")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    SELF_CLOSED = "self_closed", _("Self-handled")
    FILED = "filed", _("Filed")
    DISPATCHED = "dispatched", _("Dispatched")
    HANDLING = "handling", _("Being handled")
    SUSPENDED = "suspended", _("Suspended")
    FEEDBACK = "feedback", _("Answered")
    VERIFYING = "verifying", _("Verifying on site")
    CLOSED = "closed", _("Closed")
    EVALUATED = "evaluated", _("Evaluated")
    WITHDRAWN = "withdrawn", _("Void")


OPEN = frozenset(
    {
        State.REPORTED,
        State.PRECHECKING,
        State.FILED,
        State.DISPATCHED,
        State.HANDLING,
        State.SUSPENDED,
        State.FEEDBACK,
        State.VERIFYING,
    }
)
# The lead unit has the case, and it must be known which.
IN_A_UNITS_HANDS = frozenset(
    {State.DISPATCHED, State.HANDLING, State.SUSPENDED, State.FEEDBACK, State.VERIFYING}
)
ENDS = frozenset({State.NOT_ACCEPTED, State.SELF_CLOSED, State.EVALUATED, State.WITHDRAWN})


class SixSteps(models.TextChoices):
    """The six steps that users see (发现 立案 派遣 审核 结案 评估), with handling between."""

    DISCOVERY = "discovery", _("Discovery")
    FILING = "filing", _("Filing")
    DISPATCH = "dispatch", _("Dispatch")
    HANDLING = "handling", _("Handling")
    REVIEW = "review", _("Review")
    CLOSING = "closing", _("Closing")
    EVALUATION = "evaluation", _("Evaluation")


STEP_OF_STATE: dict[State, SixSteps | None] = {
    State.REPORTED: SixSteps.DISCOVERY,
    State.PRECHECKING: SixSteps.DISCOVERY,
    State.NOT_ACCEPTED: None,
    State.SELF_CLOSED: None,
    State.FILED: SixSteps.FILING,
    State.DISPATCHED: SixSteps.DISPATCH,
    State.HANDLING: SixSteps.HANDLING,
    State.SUSPENDED: SixSteps.HANDLING,
    State.FEEDBACK: SixSteps.REVIEW,
    State.VERIFYING: SixSteps.REVIEW,
    State.CLOSED: SixSteps.CLOSING,
    State.EVALUATED: SixSteps.EVALUATION,
    State.WITHDRAWN: None,
}


class Source(models.TextChoices):
    GRID = "grid", _("Grid patrol")
    CITIZEN = "citizen", _("Citizen")
    HOTLINE = "hotline", _("Hotline 12345")
    BOARD = "board", _("Message board")
    VIDEO = "video", _("Video")
    DEPARTMENT = "department", _("Department")
    SUPERIOR = "superior", _("Higher body")
    PARTNER = "partner", _("Partner system")


# Facts reported by somebody who is not on the city's payroll are checked on site, before and after.
CHECKED_SOURCES = frozenset({Source.CITIZEN, Source.HOTLINE, Source.BOARD, Source.VIDEO})


# Reported by the city's own staff: they see the case themselves, and count as told.
ON_DUTY_SOURCES = frozenset({Source.GRID, Source.VIDEO})


class Urgency(models.TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")


class Level(models.IntegerChoices):
    """Who answers for a case, from below upward. A case begins with its grid and is pushed up, taken or climbs."""

    GRID = 0, pgettext_lazy("level of a case", "Grid")
    COMMUNITY = 1, pgettext_lazy("level of a case", "Community")
    STREET = 2, pgettext_lazy("level of a case", "Street or town")
    DISTRICT = 3, pgettext_lazy("level of a case", "District")
    CITY = 4, pgettext_lazy("level of a case", "City")


class Risk(models.TextChoices):
    BLUE = "blue", _("Blue")
    YELLOW = "yellow", _("Yellow")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")


class Placed(models.TextChoices):
    """How the position of a case was obtained."""

    GPS = "gps", _("Device position")
    PHOTO = "photo", _("Photo's position")
    MAP = "map", _("Marked on the map")
    AREA = "area", _("Area only")
    APPROXIMATE = "approximate", _("Nearest grid (approximate)")
    UNPLACED = "unplaced", _("Waits to be placed")


class Stage(models.TextChoices):
    """The stages of a case that have a clock of their own."""

    PRECHECK = "precheck", _("Check before filing")
    FILING = "filing", _("Filing")
    DISPATCH = "dispatch", _("Dispatch")
    RECEIVE = "receive", _("Receipt")
    HANDLE = "handle", _("Handling")
    VERIFY = "verify", _("Verification")
    FEEDBACK = "feedback", _("Telling the reporter and closing")
    # Of a request, not of the case: its deadline is never the case's own.
    ASK = "ask", _("Answer to a request")
    ASK_ABOVE = "ask_above", _("Answer to a request, second level")


ASKS = frozenset({Stage.ASK, Stage.ASK_ABOVE})


class NotAccepted(models.TextChoices):
    OUTSIDE_CATALOGUE = "outside_catalogue", _("Outside the catalogue")
    FALSE = "false", _("Not true on the spot")
    DUPLICATE = "duplicate", _("Duplicate of another case")
    OUT_OF_AREA = "out_of_area", _("Out of area")


class SuspensionReason(models.TextChoices):
    SEASON = "season", _("Season")
    BUDGET = "budget", _("Budget")
    DEMOLITION = "demolition", _("Demolition plan")
    LITIGATION = "litigation", _("Litigation")
    OWNERSHIP = "ownership", _("Ownership unclear")
    WEATHER = "weather", _("Weather")


class PhotoKind(models.TextChoices):
    SCENE = "scene", _("Scene")
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    CHECK = "check", _("On-site check")


class AskKind(models.TextChoices):
    EXTENSION = "extension", _("Extension")
    SUSPENSION = "suspension", _("Suspension")


class AskState(models.TextChoices):
    """Two levels: the unit's leader approves, then the dispatcher grants."""

    ASKED = "asked", _("Waits for the unit's leader")
    APPROVED = "approved", _("Waits for the dispatcher")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    DROPPED = "dropped", _("Dropped")


class AppealState(models.TextChoices):
    """Two reviews of an overdue appeal: the dispatcher's, then the clerk's."""

    ASKED = "asked", pgettext_lazy("appeal", "Waits for the dispatcher")
    SUPPORTED = "supported", pgettext_lazy("appeal", "Waits for the clerk")
    GRANTED = "granted", pgettext_lazy("appeal", "Granted: late in fact, not counted")
    REFUSED = "refused", pgettext_lazy("appeal", "Refused: counted as late")
    DROPPED = "dropped", pgettext_lazy("appeal", "Overtaken: the case was reopened")


class Informed(models.TextChoices):
    """How the reporter was told."""

    PHONE = "phone", _("By phone")
    MESSAGE = "message", _("By message")
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Published under the query code")
    SELF = "self", _("The reporter is our own staff")
    UNREACHABLE = "unreachable", _("Unreachable after three attempts")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("Satisfied")
    BASICALLY = "basically", _("Basically satisfied")
    NOT = "not", _("Not satisfied")
    SILENT = "silent", _("No answer")
