"""The country's published days, from the package `chinesecalendar` (MIT), as this room keeps them. Pure.

The package carries the State Council's yearly notices since 2004. Its names are stored in Chinese, as the
notices write them; `holiday_name` gives the reader's language.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version

from chinese_calendar import constants
from django.utils.translation import gettext_lazy as _

from clocks.calendar import Day, Hours
from clocks.choices import DayKind

# The default of one real system (domain.md §2.1): 08:00–12:00 and 14:00–18:00, all year.
DEFAULT_HOURS = Hours((1, 1), ((8 * 60, 12 * 60), (14 * 60, 18 * 60)))

_NAMES = {
    "元旦": _("New Year's Day"),
    "春节": _("Spring Festival"),
    "清明": _("Qingming Festival"),
    "清明节": _("Qingming Festival"),
    "劳动节": _("Labour Day"),
    "端午": _("Dragon Boat Festival"),
    "端午节": _("Dragon Boat Festival"),
    "国庆节": _("National Day"),
    "中秋": _("Mid-Autumn Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节、中秋节": _("National Day and Mid-Autumn Festival"),
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": _("70th anniversary of the victory"),
}


def holiday_name(name: str) -> str:
    """A holiday's name in the reader's language; a name that is not a known one is shown as it was typed."""
    return str(_NAMES.get(name, name))


def source() -> str:
    """Where the seed comes from, with its version."""
    return f"chinesecalendar {version('chinesecalendar')}"


def ordinary_day(day: date) -> Day:
    """What a day is when no notice mentions it."""
    return Day(DayKind.REST if day.weekday() >= 5 else DayKind.WORK)


def published_days(first_year: int | None = None) -> Iterator[tuple[date, Day]]:
    """Every day of every year that the package publishes, in order (2004–2026 in its release 1.11.0)."""
    chinese = {each.value: each.chinese for each in constants.Holiday}
    years = [day.year for day in constants.holidays]
    day = date(max(first_year or 0, min(years)), 1, 1)
    while day.year <= max(years):
        if day in constants.workdays:
            yield day, Day(DayKind.MAKEUP, chinese[constants.workdays[day]])
        elif day in constants.holidays:
            yield day, Day(DayKind.HOLIDAY, chinese[constants.holidays[day]])
        else:
            yield day, ordinary_day(day)
        day += timedelta(days=1)
