"""What the page of a calendar's year shows."""

from datetime import date
from typing import Any

from django.utils import timezone

from clocks.calendars import calendar_for
from clocks.choices import DayKind
from clocks.forms import DayEndForm, DayForm, SeasonForm
from clocks.models import Calendar, CalendarDay
from clocks.published import ordinary_day
from clocks.questions import last_recalculation, running_recalculation
from clocks.watch import waiting_clocks
from clocks.year_view import WEEKDAYS, months_of, summary, years_of


def year_context(
    calendar: Calendar,
    year: str,
    chosen: str,
    *,
    day_form: DayForm | None = None,
    season_form: SeasonForm | None = None,
    end_form: DayEndForm | None = None,
) -> dict[str, Any]:
    """The year `year` (else that of the chosen day, else this one), with forms as typed or fresh."""
    working = calendar_for(calendar.area_code)
    years = years_of(working)
    day = _date(chosen)
    shown_year = _year(year, day, years)
    own = {
        row.date: row
        for row in CalendarDay.objects.filter(calendar=calendar, date__year=shown_year)
    }
    months = months_of(shown_year, working, {day: row.kind for day, row in own.items()})
    return {
        "calendar": calendar,
        "published_until": working.last,
        "year": shown_year,
        "previous_year": shown_year - 1 if shown_year - 1 in years else None,
        "next_year": shown_year + 1 if shown_year + 1 in years else None,
        "months": months,
        "weekdays": WEEKDAYS,
        "summary": summary(months),
        "is_published": working.day(date(shown_year, 12, 31)) is not None,
        "chosen": day,
        "chosen_own": own.get(day) if day else None,
        "day_form": day_form or (_day_form(calendar, day, own.get(day)) if day else None),
        "seasons": _seasons(calendar),
        "season_form": season_form or SeasonForm(initial={"seen": calendar.version}),
        "season_open": season_form is not None,
        "end_form": end_form
        or DayEndForm(
            inherits=not calendar.is_country,
            initial={"seen": calendar.version, "day_end": calendar.day_end},
        ),
        "recalculation": running_recalculation(calendar),
        "recalculated": last_recalculation(calendar),
        "waiting": waiting_clocks().count(),
        "today": timezone.localdate(),
    }


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year(text: str, day: date | None, years: range) -> int:
    wanted = int(text) if text.isdecimal() and len(text) == 4 else 0
    if not wanted:
        wanted = day.year if day else timezone.localdate().year
    return min(max(wanted, years[0]), years[-1])


def _day_form(calendar: Calendar, day: date, own: CalendarDay | None) -> DayForm:
    known = calendar_for(calendar.area_code).day(day) or ordinary_day(day)
    return DayForm(
        initial={
            "date": day,
            "kind": DayKind(known.kind),
            "name": known.name,
            "source": own.source if own else "",
            "seen": calendar.version,
        }
    )


def _seasons(calendar: Calendar) -> list[dict[str, Any]]:
    """All seasons in force here, each with whether this calendar set it itself."""
    own = set(calendar.seasons.values_list("starts", flat=True))
    rows = []
    for hours in calendar_for(calendar.area_code).hours:
        starts = f"{hours.starts[0]:02}-{hours.starts[1]:02}"
        periods = [f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours.periods]
        removable = starts in own and not (calendar.is_country and len(own) == 1)
        rows.append(
            {"starts": starts, "periods": periods, "own": starts in own, "removable": removable}
        )
    return rows


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
