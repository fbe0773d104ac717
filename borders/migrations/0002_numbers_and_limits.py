"""The running numbers, and how long each stage may take: the product's own defaults, since domain section 7 names none."""

from django.db import migrations

LIMITS = (
    ("rule_on_lead", 10),
    ("hear_units", 3),
    ("write_rule", 3),
    ("investigate", 20),
    ("attribute", 10),
    ("hand_over", 20),
    ("accept", 30),
    ("mend", 10),
)


def seed(apps, schema_editor):
    """Also called by tests that emptied the tables: what is there stays as it is."""
    Limit = apps.get_model("borders", "Limit")
    for stage, days in LIMITS:
        defaults = {"value": days, "kind": "legal_workday"}
        Limit.objects.get_or_create(stage=stage, defaults=defaults)


class Migration(migrations.Migration):
    dependencies = [("borders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE unowned_number MINVALUE 1 MAXVALUE 9999 CYCLE",
            "DROP SEQUENCE unowned_number",
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE enclave_number MINVALUE 1 MAXVALUE 9999 CYCLE",
            "DROP SEQUENCE enclave_number",
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
