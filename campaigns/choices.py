"""The closed lists of this room. Codes are stored; labels are what people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What is sent down; it decides what is asked (domain rows B9, I8, I9, I12)."""

    SWEEP = "sweep", _("Campaign sweep")
    RESOLUTION = "resolution", _("Resolution of a meeting")
    PROJECT = "project", _("Key project")
    RECTIFICATION = "rectification", _("Rectification list")


class State(TextChoices):
    """How far a campaign has come."""

    DRAFTED = "drafted", pgettext_lazy("campaign", "Being prepared")
    LAUNCHED = "launched", pgettext_lazy("campaign", "Running")
    CLOSED = "closed", pgettext_lazy("campaign", "Concluded")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "Called off")


ENDS = frozenset({State.CLOSED, State.CANCELLED})


class AssignmentState(TextChoices):
    """How far one organisation, area or grid has come with its part."""

    PLANNED = "planned", pgettext_lazy("assignment", "Not sent yet")
    SENT = "sent", pgettext_lazy("assignment", "Waits for receipt")
    UNDER_WAY = "under_way", pgettext_lazy("assignment", "Under way")
    REPORTED = "reported", pgettext_lazy("assignment", "Reported done")
    ACCEPTED = "accepted", pgettext_lazy("assignment", "Accepted")
    DELISTED = "delisted", pgettext_lazy("assignment", "Taken off the list")
    CANCELLED = "cancelled", pgettext_lazy("assignment", "Withdrawn")


OPEN = frozenset({AssignmentState.SENT, AssignmentState.UNDER_WAY})
FINISHED = frozenset(
    {AssignmentState.ACCEPTED, AssignmentState.DELISTED, AssignmentState.CANCELLED}
)


class TargetKind(TextChoices):
    PLACE = "place", _("Place")
    FIRM = "firm", _("Firm")
    HOME = "home", _("Household")
    GRID = "grid", _("Grid")


class Found(TextChoices):
    """What a visit found; a target shows the last one. `todo`: nobody was there yet."""

    TODO = "todo", pgettext_lazy("target", "To do")
    ABSENT = "absent", pgettext_lazy("target", "Nobody there")
    VISITED = "visited", pgettext_lazy("target", "Visited")
    PROBLEM = "problem", pgettext_lazy("target", "Problem")


COUNTED = tuple(Found.values)
RESULT_CHOICES = [(one.value, one.label) for one in (Found.VISITED, Found.ABSENT, Found.PROBLEM)]


class LineKind(TextChoices):
    """What a line of the check-list asks for."""

    YES_NO = "yes_no", _("Yes or no")
    NUMBER = "number", _("Number")
    TEXT = "text", _("Words")


class Stage(TextChoices):
    """What there is a clock for."""

    RECEIPT = "receipt", _("signing for an assignment")
    FINISH = "finish", _("finishing an assignment")
    MILESTONE = "milestone", _("reaching a milestone")
