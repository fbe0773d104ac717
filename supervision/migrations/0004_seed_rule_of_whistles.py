"""The rule of cards for whistles that an installation begins with. An administrator edits it."""

from django.db import migrations


def seed(apps, schema_editor):
    apps.get_model("supervision", "CardRule").objects.get_or_create(
        colour="yellow", counted="summoned", defaults={"threshold": 2, "within_days": 30}
    )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_count_whistles")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
