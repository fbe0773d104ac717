"""What a standard's limit says: `2紧急工作时` is 2 hours, day and night; `种植季节15工作日` is for a person.

Only words with one meaning are read. Bare days and hours say neither working nor continuous: whoever imports
states how the city means them, and the report repeats it. Everything else is kept in its own words.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from clocks.choices import AllowanceKind as Kind
from incidents.choices import Urgency


class Unclear(models.TextChoices):
    """Why a limit waits for a person."""

    EMPTY = "empty", _("The standard gives no limit.")
    URGENT_DAY = "urgent_day", _("An urgent working day is not defined: 8 hours or 24?")
    MORE_WORDS = (
        "more_words",
        _("There are words beside the number: a season, or only a part of the work."),
    )
    UNKNOWN = "unknown", _("The words of the limit are not known.")
    CONTRADICTS = "contradicts", _("The number or the unit in the other columns says otherwise.")


def unclear_words(code: str) -> str:
    """Why a limit waits for a person, in words; an unknown code as it is."""
    return str(Unclear(code).label) if code in Unclear.values else code


@dataclass(frozen=True)
class ReadLimit:
    """A limit as read: a value and its kind, or why there is none. `guess` is what it probably means."""

    verbatim: str
    urgency: Urgency = Urgency.NORMAL
    value: Decimal | None = None
    kind: Kind | None = None
    unclear: Unclear | None = None
    assumed: bool = False  # read by the importer's statement about bare days and hours


_DAY, _HOUR = "day", "hour"
_UNITS: dict[str, Kind | str | None] = {
    "紧急工作时": Kind.HOUR_CONT,
    "紧急工作日": None,
    "个工作时": Kind.WORK_HOUR,
    "工作时": Kind.WORK_HOUR,
    "工作小时": Kind.WORK_HOUR,
    "个工作日": Kind.WORK_DAY,
    "工作日": Kind.WORK_DAY,
    "个自然日": Kind.NATURAL_DAY,
    "自然日": Kind.NATURAL_DAY,
    "分钟": Kind.MINUTE_CONT,
    "小时": _HOUR,
    "个小时": _HOUR,
    "天": _DAY,
    "日": _DAY,
}
_WORDED = re.compile(
    r"(?P<before>\D*?)(?P<number>\d+(?:\.\d+)?)(?P<unit>"
    + "|".join(sorted(_UNITS, key=len, reverse=True))
    + r")(?P<after>.*)"
)
# What the table's own unit column must say beside the words.
_WRITTEN_UNITS = {
    "urgent_hour": ("紧急工作时",),
    "urgent_day": ("紧急工作日",),
    "day_as_written": ("天", "日"),
    "hour_as_written": ("小时", "个小时"),
}


def read_limit(
    text: str,
    *,
    days_are: Kind = Kind.WORK_DAY,
    hours_are: Kind = Kind.WORK_HOUR,
    number: str = "",
    unit: str = "",
) -> ReadLimit:
    """Read a limit's words. `number` and `unit` are the standard's separate columns, where it has them: they must
    agree with the words. Nothing is guessed; what cannot be read has no value and says why."""
    urgency = Urgency.URGENT if "紧急" in text else Urgency.NORMAL
    plain = unicodedata.normalize("NFKC", "".join(text.split()))
    if not plain:
        return ReadLimit(text, unclear=Unclear.EMPTY)
    match = _WORDED.fullmatch(plain)
    if match is None:
        return ReadLimit(text, urgency, unclear=Unclear.UNKNOWN)
    unclear = _doubt(match, number, unit)
    if unclear is not None:
        return ReadLimit(text, urgency, unclear=unclear)
    meant = _UNITS[match["unit"]]
    assumed = meant in (_DAY, _HOUR)
    kind = {_DAY: days_are, _HOUR: hours_are}[str(meant)] if assumed else Kind(str(meant))
    return ReadLimit(text, urgency, Decimal(match["number"]), kind, assumed=assumed)


def _doubt(match: re.Match[str], number: str, unit: str) -> Unclear | None:
    if match["before"] or match["after"]:
        return Unclear.MORE_WORDS
    if number and _number(number) != Decimal(match["number"]):
        return Unclear.CONTRADICTS
    if unit in _WRITTEN_UNITS and match["unit"] not in _WRITTEN_UNITS[unit]:
        return Unclear.CONTRADICTS
    if _UNITS[match["unit"]] is None:
        return Unclear.URGENT_DAY
    return None if Decimal(match["number"]) > 0 else Unclear.UNKNOWN


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except ArithmeticError:
        return None
