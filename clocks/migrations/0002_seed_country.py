"""The country's calendar, so that no installation is ever without one.

`manage.py import_calendar` adds later years with the same rules.
"""

from datetime import date, timedelta
from importlib.metadata import version

from chinese_calendar import constants
from django.db import migrations


def seed(apps, schema_editor):
    Calendar = apps.get_model("clocks", "Calendar")
    country, is_new = Calendar.objects.get_or_create(
        area_code="", defaults={"name": "中国", "day_end": "close"}
    )
    if not is_new:
        return
    apps.get_model("clocks", "Season").objects.create(
        calendar=country, starts="01-01", periods=[["08:00", "12:00"], ["14:00", "18:00"]]
    )
    CalendarDay = apps.get_model("clocks", "CalendarDay")
    source = f"chinesecalendar {version('chinesecalendar')}"
    chinese = {each.value: each.chinese for each in constants.Holiday}
    years = [day.year for day in constants.holidays]
    first, end = date(min(years), 1, 1), date(max(years) + 1, 1, 1)
    rows = []
    for day in (first + timedelta(days=n) for n in range((end - first).days)):
        if day in constants.workdays:
            kind, name = "makeup", chinese[constants.workdays[day]]
        elif day in constants.holidays:
            kind, name = "holiday", chinese[constants.holidays[day]]
        else:
            kind, name = ("rest" if day.weekday() >= 5 else "work"), ""
        rows.append(CalendarDay(calendar=country, date=day, kind=kind, name=name, source=source))
    CalendarDay.objects.bulk_create(rows, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
