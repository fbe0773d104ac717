"""The ladders of domain section 7, so that no installation is ever without one."""

from django.db import migrations


def seed(apps, schema_editor):
    model = apps.get_model("escalation", "EscalationRule")
    if model.objects.exists():
        return

    def rung(when, value, deed, days=0):
        return {"when": when, "value": value, "deed": deed, "days": days}

    model.objects.create(
        name="默认：处置",
        stage="handle",
        rungs=[
            rung("share", 80, "urge"),
            rung("due", 0, "urge", 10),
            rung("due", 0, "tell"),
            rung("due", 0, "to_community"),
            rung("after", 1, "order"),
            rung("after", 1, "to_street"),
            rung("after", 2, "to_district"),
        ],
    )
    model.objects.create(
        name="默认：其他环节",
        rungs=[rung("share", 80, "remind"), rung("due", 0, "urge", 3), rung("after", 1, "tell")],
    )


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
