"""The running numbers, and the times of call-ups: the product's defaults, which an administrator edits."""

from typing import Any

from django.db import migrations

LEVELS = ("red", "orange", "yellow", "blue")


def seed(apps: Any, schema_editor: Any) -> None:
    pace = apps.get_model("emergency", "Pace")
    pace.objects.bulk_create([pace(level=level) for level in LEVELS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("emergency", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE emergency_number MINVALUE 1 MAXVALUE 9999 CYCLE",
            "DROP SEQUENCE emergency_number",
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE enrolment_number MINVALUE 1", "DROP SEQUENCE enrolment_number"
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
