"""The running numbers of this room."""

from datetime import datetime

from django.db import connection

from clocks.calendar import SHANGHAI

_SEQUENCES = {"N": "unowned_number", "E": "enclave_number"}


def number(letter: str, now: datetime) -> str:
    """`N` (no lead) or `E` (enclave), the local day, and a running number that begins again after 9,999."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [_SEQUENCES[letter]])
        (running,) = cursor.fetchone()
    return f"{letter}{now.astimezone(SHANGHAI):%Y%m%d}{running:04d}"
