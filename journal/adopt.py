"""Going on in another cluster: transaction ids start again there, and the log's order must not."""

from django.db import connection, transaction
from django.db.models import Max

from journal.chain import WHOLE_JOURNAL
from journal.models import Cursor, Event, Seal


@transaction.atomic
def adopt() -> int:
    """Raise the offset of `journal_xid()` where the log is ahead of this cluster; the offset, 0 if none was needed.

    Run it once, after loading a dump and before anybody works. All appends wait while it runs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WHOLE_JOURNAL])
        cursor.execute("SELECT pg_current_xact_id()::text::bigint, journal_xid()")
        here, now = cursor.fetchone()
        last = _last_xid()
        if last < now:
            return 0
        offset = last + 1 - here
        for function, source in (
            ("journal_xid", "pg_current_xact_id()"),
            ("journal_horizon", "pg_snapshot_xmin(pg_current_snapshot())"),
        ):
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS bigint LANGUAGE sql VOLATILE AS"
                f" $$ SELECT {offset} + {source}::text::bigint $$"
            )
    return int(offset)


def _last_xid() -> int:
    """The largest transaction id that the log knows of."""
    known = [
        Event.objects.aggregate(last=Max("xid"))["last"],
        Cursor.objects.aggregate(last=Max("xid"))["last"],
        Seal.objects.aggregate(last=Max("to_xid"))["last"],
    ]
    return max((xid for xid in known if xid is not None), default=0)
