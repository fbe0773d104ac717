"""When a person may be called: after the quiet hours, unless there is danger. Pure: no clock, no database."""

from datetime import datetime, time, timedelta

from accounts.edits import LOCAL


def not_before(moment: datetime, start: time | None, end: time | None) -> datetime:
    """`moment` itself, or where it lies in the quiet hours their end (aware).

    `start` and `end` are local (Asia/Shanghai) and may span midnight; the end itself is not quiet any more.
    Without them, and where both are the same, nothing is quiet.
    """
    if start is None or end is None or start == end:
        return moment
    local = moment.astimezone(LOCAL)
    if not _inside(local.time(), start, end):
        return moment
    until = datetime.combine(local.date(), end, LOCAL)
    return until if until > local else until + timedelta(days=1)


def _inside(now: time, start: time, end: time) -> bool:
    if start < end:
        return start <= now < end
    return now >= start or now < end
