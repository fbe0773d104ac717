"""Times and allowances as people read them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import ngettext

NOTHING = "—"


def shown_time(value: object) -> str:
    """`YYYY-MM-DD HH:MM` in Asia/Shanghai (a date as it is); a dash for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else NOTHING


def allowance_words(value: Decimal, kind: str) -> str:
    """An allowance of one of the seven kinds (domain.md §2.1): `2 working hours`, `5 个工作日`."""
    count = 1 if value == 1 else 2
    words = {
        "minute_cont": ngettext(
            "%(n)s minute, day and night", "%(n)s minutes, day and night", count
        ),
        "hour_cont": ngettext("%(n)s hour, day and night", "%(n)s hours, day and night", count),
        "work_hour": ngettext("%(n)s working hour", "%(n)s working hours", count),
        "work_day": ngettext("%(n)s working day", "%(n)s working days", count),
        "natural_day": ngettext("%(n)s calendar day", "%(n)s calendar days", count),
        "legal_workday": ngettext(
            "%(n)s statutory working day", "%(n)s statutory working days", count
        ),
        "legal_day": ngettext("%(n)s statutory day", "%(n)s statutory days", count),
        "legal_month": ngettext("%(n)s statutory month", "%(n)s statutory months", count),
    }
    return words.get(kind, f"%(n)s {kind}") % {"n": f"{value.normalize():f}"}
