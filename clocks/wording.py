"""What the calculator's codes mean, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clocks.choices import DayKind
from clocks.explain import DayLine, Reason, StartNote
from clocks.published import holiday_name

Words = str | Promise

REASONS: dict[Reason, Words] = {
    Reason.COUNTED: _("Counted"),
    Reason.START_DAY: _("The day it starts on is not counted"),
    Reason.WEEKEND: _("Weekend"),
    Reason.HOLIDAY: _("Holiday"),
    Reason.NO_HOURS: _("No working time left on this day"),
    Reason.ROLLED: _("Takes the place of a last day that was a day of rest"),
}

NOTES: dict[StartNote, Words] = {
    StartNote.REST_DAY: _(
        "It starts on a day of rest, so nothing counts before the next working day."
    ),
    StartNote.BEFORE_OPENING: _(
        "It starts before opening, so the first minute counts from opening on."
    ),
    StartNote.IN_BREAK: _("It starts in the midday break, so the first minute counts after it."),
    StartNote.AT_PERIOD_END: _(
        "It starts just as working time ends, so the first minute counts when work begins again."
    ),
    StartNote.AFTER_CLOSE: _(
        "It starts after closing, so the first minute counts on the next working day."
    ),
    StartNote.MIDNIGHT: _("00:00 belongs to the day that begins, not to the one that ends."),
}


def reason_of(line: DayLine) -> str:
    """Why this day counts or not, with the holiday's name."""
    words = str(REASONS[line.reason])
    if line.reason is Reason.HOLIDAY and line.name:
        return holiday_name(line.name)
    if line.kind is DayKind.MAKEUP and line.reason in (Reason.COUNTED, Reason.ROLLED):
        return f"{words} · {DayKind.MAKEUP.label}"
    return words
