"""The closed lists of this room. Codes are stored; labels are what people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AllowanceKind(TextChoices):
    """The seven ways of counting time (minutes and hours of the first count alike).

    Always stored beside the value; there are no bare hours. Source: domain.md §2.1.
    """

    MINUTE_CONT = "minute_cont", _("minutes, day and night")
    HOUR_CONT = "hour_cont", _("hours, day and night")
    WORK_HOUR = "work_hour", _("working hours")
    WORK_DAY = "work_day", _("working days (8 hours, rolling)")
    NATURAL_DAY = "natural_day", _("days (24 hours, rolling)")
    LEGAL_WORKDAY = "legal_workday", _("statutory working days")
    LEGAL_DAY = "legal_day", _("statutory days")
    LEGAL_MONTH = "legal_month", _("statutory months")


CONTINUOUS = frozenset(
    {AllowanceKind.MINUTE_CONT, AllowanceKind.HOUR_CONT, AllowanceKind.NATURAL_DAY}
)
WORKING = frozenset({AllowanceKind.WORK_HOUR, AllowanceKind.WORK_DAY})
LEGAL = frozenset({AllowanceKind.LEGAL_WORKDAY, AllowanceKind.LEGAL_DAY, AllowanceKind.LEGAL_MONTH})


class DayKind(TextChoices):
    WORK = "work", _("Working day")
    REST = "rest", _("Weekend")
    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up working day")

    @property
    def works(self) -> bool:
        return self in (DayKind.WORK, DayKind.MAKEUP)


class DayEnd(TextChoices):
    """When the last day of a statutory period ends (Civil Code §203 knows both)."""

    CLOSE = "close", _("at close of business")
    MIDNIGHT = "midnight", _("at 24:00")


class Outcome(TextChoices):
    RUNNING = "running", _("Running")
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    # Stopped after the last published day: whether it was late is known once the year is imported.
    PENDING = "pending", _("Stopped; judged when the calendar is published")
    EXEMPTED = "exempted", _("Exempted")
    CANCELLED = "cancelled", _("Cancelled")
