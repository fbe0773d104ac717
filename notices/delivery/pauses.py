"""How long to wait before the next attempt: twice as long each time, up to an hour."""

from datetime import timedelta

FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)


def pause(attempts: int) -> timedelta:
    """The wait after that many failed attempts (1 or more): 30 s, 1 min, 2 min, … 1 h."""
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(FIRST * doublings, LONGEST)
