"""The running number, and the kinds of whistle that the sources know (domain section 2.6, E2).

Their limits are the product's defaults where no source has one; an administrator edits them. The three by complexity
are another city's way, and are switched off.
"""

from django.db import migrations

STREET = ["dispatcher", "commander"]
ALL = ["community", "dispatcher", "commander"]

# code, name, English name, mechanism, blown by, in use, sign, contact, check in, objection
TYPES = (
    (
        "emergency",
        "应急处置哨",
        "Emergency",
        "emergency",
        ALL,
        True,
        None,
        None,
        (30, "minute_cont"),
        (30, "minute_cont"),
    ),
    (
        "enforcement",
        "综合执法哨",
        "Joint enforcement",
        "joint_enforcement",
        STREET,
        True,
        (2, "work_hour"),
        None,
        (1, "work_day"),
        (1, "work_day"),
    ),
    (
        "demands",
        "重点工作哨",
        "Key work and people's demands",
        "quick_response",
        STREET,
        True,
        (1, "work_hour"),
        (24, "hour_cont"),
        (3, "work_day"),
        (1, "work_day"),
    ),
    (
        "work",
        "工作推进哨",
        "Work progress",
        "last_mile",
        STREET,
        True,
        (1, "work_hour"),
        (24, "hour_cont"),
        (3, "work_day"),
        (1, "work_day"),
    ),
    (
        "hard",
        "攻坚克难哨",
        "Hard case",
        "last_mile",
        ["commander"],
        True,
        (1, "work_hour"),
        (24, "hour_cont"),
        (5, "work_day"),
        (1, "work_day"),
    ),
    (
        "disputes",
        "矛盾排查哨",
        "Sifting of disputes",
        "dispute_sifting",
        ALL,
        True,
        (1, "work_hour"),
        (24, "hour_cont"),
        (3, "work_day"),
        (1, "work_day"),
    ),
    (
        "simple",
        "社区简易哨",
        "Community, simple",
        "quick_response",
        ["community"],
        False,
        (1, "work_hour"),
        None,
        (8, "work_hour"),
        (1, "work_day"),
    ),
    (
        "medium",
        "社区一般哨",
        "Community, ordinary",
        "quick_response",
        ["community"],
        False,
        (2, "work_hour"),
        None,
        (3, "work_day"),
        (1, "work_day"),
    ),
    (
        "complex",
        "社区复杂哨",
        "Community, complex",
        "quick_response",
        ["community"],
        False,
        (2, "work_hour"),
        (24, "hour_cont"),
        (10, "work_day"),
        (1, "work_day"),
    ),
)
STAGES = ("sign", "contact", "check_in", "objection")


def seed(apps, schema_editor):
    """Also called by tests that emptied the tables: what is there stays as it is."""
    WhistleType = apps.get_model("whistles", "WhistleType")
    for code, name, english, mechanism, blown_by, enabled, *limits in TYPES:
        fields = {
            "name": name, "name_en": english, "mechanism": mechanism, "blown_by": blown_by, "enabled": enabled,
        }  # fmt: skip
        for stage, limit in zip(STAGES, limits, strict=True):
            fields[f"{stage}_value"], fields[f"{stage}_kind"] = limit or (None, "")
        WhistleType.objects.get_or_create(code=code, defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("whistles", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE whistle_number MINVALUE 1 MAXVALUE 9999 CYCLE",
            "DROP SEQUENCE whistle_number",
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
