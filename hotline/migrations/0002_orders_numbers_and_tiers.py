"""The running number of orders, and the urgencies that the sources know (domain sections 2.3 and 2.5).

Receiving: Tianjin 12345 (15 minutes, 30 minutes, one working day). Returning: one working day, complex two; in an emergency
the product's own, as long as receiving. Handling: Beijing's tiers (2 h, 24 h, 7 d, 15 d). Dispatching and calling
back are the product's own. An administrator edits them.
"""

from django.db import migrations

STAGES = ("dispatch", "receive", "return", "handle", "visit")
CALL_BACK = (2, "legal_workday")

# code, name, English name, told as danger, dispatch, receive, return, handle, visit
TIERS = (
    ("danger", "危及生命财产安全", "Danger to life or property", True, (5, "minute_cont"), (15, "minute_cont"),
     (15, "minute_cont"), (2, "hour_cont"), CALL_BACK),
    ("utilities", "水电气热等急事", "Water, power, gas, heat", False, (10, "minute_cont"), (30, "minute_cont"),
     (30, "minute_cont"), (24, "hour_cont"), CALL_BACK),
    ("general", "一般诉求", "General", False, ("0.5", "work_hour"), (1, "legal_workday"), (1, "legal_workday"),
     (7, "natural_day"), CALL_BACK),
    ("complex", "复杂疑难诉求", "Complex", False, ("0.5", "work_hour"), (1, "legal_workday"), (2, "legal_workday"),
     (15, "natural_day"), CALL_BACK),
)  # fmt: skip


def seed(apps, schema_editor):
    """Also called by tests that emptied the tables: what is there stays as it is."""
    Tier = apps.get_model("hotline", "Tier")
    for code, name, english, urgent, *limits in TIERS:
        fields = {"name": name, "name_en": english, "urgent": urgent}
        for stage, (value, kind) in zip(STAGES, limits, strict=True):
            fields[f"{stage}_value"], fields[f"{stage}_kind"] = value, kind
        Tier.objects.get_or_create(code=code, defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("hotline", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE hotline_order_number MINVALUE 1 MAXVALUE 999999 CYCLE",
            "DROP SEQUENCE hotline_order_number",
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
