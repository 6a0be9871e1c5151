"""The guards: what must survive bad code is in the database. Read the files under `sql/`."""

from django.db import migrations

from ledger.migrations.sql import run_files


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_accounts_postings_holds")]

    operations = run_files("accounts.sql", "postings.sql", "holds.sql", "requests.sql")
