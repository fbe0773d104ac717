"""The database keeps administrators apart too: one of the three roles, and no other role in the same time."""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_keep_administrators_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    administrators CONSTANT text[] := ARRAY['system_admin', 'security_admin', 'audit_admin'];
BEGIN
    IF NEW.ended_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    -- One change of a person's posts at a time, or two transactions would not see each other.
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM accounts_post AS other
        WHERE other.user_id = NEW.user_id AND other.id <> NEW.id AND other.role <> NEW.role
          AND other.ended_at IS NULL
          AND (NEW.role = ANY (administrators) OR other.role = ANY (administrators))
          AND daterange(other.valid_from, other.valid_to, '[]')
              && daterange(NEW.valid_from, NEW.valid_to, '[]')
    ) THEN
        RAISE EXCEPTION 'an administrator holds no other role (person %)', NEW.user_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'post_administrators_are_apart';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER accounts_keep_administrators_apart
BEFORE INSERT OR UPDATE ON accounts_post
FOR EACH ROW EXECUTE FUNCTION accounts_keep_administrators_apart();
"""

NO_GUARD = """
DROP TRIGGER accounts_keep_administrators_apart ON accounts_post;
DROP FUNCTION accounts_keep_administrators_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
