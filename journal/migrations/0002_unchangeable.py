"""What Django cannot say: nobody changes the log, and every event knows its transaction."""

from django.db import migrations

# A sealed stretch is closed: every transaction in it has ended, so nothing can belong there any more. An event
# that asks for a place in it was forged, or the database was loaded into a new cluster, whose transaction ids
# start again from small numbers, and not adopted.
CLOSED = """
CREATE FUNCTION journal_refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.xid <= (SELECT to_xid FROM journal_seal ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'transaction % lies in a sealed stretch of the journal', NEW.xid
            USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'After loading a dump into a new cluster run: manage.py adopt_journal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_event_is_not_slipped_in BEFORE INSERT ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_sealed();
"""

OPEN = """
DROP TRIGGER journal_event_is_not_slipped_in ON journal_event;
DROP FUNCTION journal_refuse_sealed();
"""

FORBID = """
CREATE FUNCTION journal_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % is forbidden', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER journal_event_is_not_changed BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_forbid_change();
CREATE TRIGGER journal_event_is_not_emptied BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_forbid_change();
CREATE TRIGGER journal_seal_is_not_changed BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_forbid_change();
CREATE TRIGGER journal_seal_is_not_emptied BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_forbid_change();
"""

ALLOW = """
DROP TRIGGER journal_event_is_not_changed ON journal_event;
DROP TRIGGER journal_event_is_not_emptied ON journal_event;
DROP TRIGGER journal_seal_is_not_changed ON journal_seal;
DROP TRIGGER journal_seal_is_not_emptied ON journal_seal;
DROP FUNCTION journal_forbid_change();
"""

# A database that was dumped and loaded into a new cluster starts again with small transaction ids. The
# offset in these two functions keeps the log's order; `manage.py adopt_journal` raises it (the functions
# are dumped with the database).
XID = """
CREATE FUNCTION journal_xid() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT 0 + pg_current_xact_id()::text::bigint $$;
CREATE FUNCTION journal_horizon() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT 0 + pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;
"""

# The place of the next event of a subject. The function is VOLATILE, so each statement in it sees what was
# committed when that statement began: the head of the chain is read after the lock is held. Its plans are
# kept per connection, which makes it several times faster than the same sent as text.
HEAD = """
CREATE FUNCTION journal_next(
    whole bigint, chain bigint, kind text, subject text,
    OUT id bigint, OUT xid bigint, OUT seq integer, OUT hash text
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(whole);
    PERFORM pg_advisory_xact_lock(chain);
    SELECT e.seq, e.hash INTO seq, hash FROM journal_event e
        WHERE e.subject_kind = kind AND e.subject_id = subject ORDER BY e.seq DESC LIMIT 1;
    id := nextval('journal_event_id_seq');
    xid := journal_xid();
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunSQL(FORBID, ALLOW),
        migrations.RunSQL(CLOSED, OPEN),
        migrations.RunSQL(XID, "DROP FUNCTION journal_horizon(); DROP FUNCTION journal_xid();"),
        migrations.RunSQL(HEAD, "DROP FUNCTION journal_next(bigint, bigint, text, text);"),
    ]
