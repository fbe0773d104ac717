"""The rules of cards that an installation begins with. An administrator edits them."""

from django.db import migrations

RULES = (
    ("yellow", "overdue", 3, 30),
    ("yellow", "unanswered", 1, 30),
    ("red", "yellow_card", 2, 90),
)


def seed(apps, schema_editor):
    rules = apps.get_model("supervision", "CardRule").objects
    for colour, counted, threshold, within_days in RULES:
        rules.get_or_create(
            colour=colour,
            counted=counted,
            defaults={"threshold": threshold, "within_days": within_days},
        )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
