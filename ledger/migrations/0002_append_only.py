"""The guards: what must survive bad code is in the database. Read the files under `sql/`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")

# The functions of the guards say SET search_path FROM CURRENT: this schema first, pg_temp last.
PIN_SCHEMA = """
    SELECT set_config('ledger.search_path', current_setting('search_path'), true),
           set_config('search_path', format('%I, pg_temp', current_schema()), true)
"""
UNPIN_SCHEMA = "SELECT set_config('search_path', current_setting('ledger.search_path'), true)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_accounts_postings_holds")]

    operations = [
        migrations.RunSQL(PIN_SCHEMA),
        migrations.RunSQL((SQL / "accounts.sql").read_text(encoding="utf-8")),
        migrations.RunSQL((SQL / "postings.sql").read_text(encoding="utf-8")),
        migrations.RunSQL((SQL / "holds.sql").read_text(encoding="utf-8")),
        migrations.RunSQL((SQL / "requests.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(UNPIN_SCHEMA),
    ]
