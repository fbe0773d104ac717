"""The numbers that people say: letters, the local day, and a running number out of a sequence of the database.

Each kind of record has a sequence of its own (a migration makes it), which begins again after its last number.
"""

from datetime import datetime

from django.db import connection

from clocks.calendar import SHANGHAI


def next_number(letters: str, sequence: str, now: datetime, *, digits: int = 4) -> str:
    """`W202603090001`: the next number of `sequence`, on the day of `now` (aware) in Asia/Shanghai."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        (running,) = cursor.fetchone()
    return dated(letters, running, now, digits=digits)


def dated(letters: str, running: int, now: datetime, *, digits: int) -> str:
    """A number whose running part is known."""
    return f"{letters}{now.astimezone(SHANGHAI):%Y%m%d}{running:0{digits}d}"
