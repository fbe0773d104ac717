"""What Django cannot say: a code stays for ever, and every write to an area raises the boundary version."""

from django.db import migrations

GUARD = """
CREATE SEQUENCE grids_boundary_number;

CREATE FUNCTION grids_raise_boundary_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- nextval stands behind the row's lock, so numbers grow in the order of commits.
    INSERT INTO grids_boundaryversion (id, number) VALUES (1, nextval('grids_boundary_number'))
    ON CONFLICT (id) DO UPDATE SET number = nextval('grids_boundary_number');
    RETURN NULL;
END $$;
CREATE TRIGGER grids_area_raises_boundary_version AFTER INSERT OR UPDATE ON grids_area
    FOR EACH STATEMENT EXECUTE FUNCTION grids_raise_boundary_version();

CREATE FUNCTION grids_keep_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.code = OLD.code THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'area % keeps its code for ever: retire it instead', OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER grids_area_keeps_its_code BEFORE UPDATE OF code OR DELETE ON grids_area
    FOR EACH ROW EXECUTE FUNCTION grids_keep_code();
"""

UNGUARD = """
DROP TRIGGER grids_area_keeps_its_code ON grids_area;
DROP FUNCTION grids_keep_code();
DROP TRIGGER grids_area_raises_boundary_version ON grids_area;
DROP FUNCTION grids_raise_boundary_version();
DROP SEQUENCE grids_boundary_number;
"""


class Migration(migrations.Migration):
    dependencies = [("grids", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
