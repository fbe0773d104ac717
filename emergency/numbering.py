"""Numbers of records: letters, the local day, and a running number that begins again after 9,999."""

from datetime import datetime

from django.db import connection

from clocks.calendar import SHANGHAI


def dated(letters: str, now: datetime) -> str:
    """`YJ202603090001`: letters (two), the local day, a number out of the room's sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('emergency_number')")
        (running,) = cursor.fetchone()
    return f"{letters}{now.astimezone(SHANGHAI):%Y%m%d}{running:04d}"


def enrolment_numbers(count: int) -> list[str]:
    """`BR00000001` and so on: as many as are enrolled at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('enrolment_number') FROM generate_series(1, %s)", [count])
        return [f"BR{running:08d}" for (running,) in cursor.fetchall()]
