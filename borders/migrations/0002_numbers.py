"""The running numbers: no lead, and enclaves."""

from django.db import migrations


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
    ]
