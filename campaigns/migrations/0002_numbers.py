"""The running number of campaigns."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE campaign_number MINVALUE 1 MAXVALUE 9999 CYCLE",
            "DROP SEQUENCE campaign_number",
        )
    ]
