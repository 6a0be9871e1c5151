"""The guards in SQL, one file for each table, and how a migration runs them.

A file is never edited once it is released: a later migration replaces functions with new files.
"""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
# In the order in which migrations run them: where two define the same, the last one counts.
RELEASED = ("accounts.sql", "postings.sql", "holds.sql", "requests.sql", "closings.sql")

# Every function says SET search_path FROM CURRENT: this schema first, pg_temp last.
PIN_SCHEMA = """
    SELECT set_config('ledger.search_path', current_setting('search_path'), true),
           set_config('search_path', format('%I, pg_temp', current_schema()), true)
"""
UNPIN_SCHEMA = "SELECT set_config('search_path', current_setting('ledger.search_path'), true)"


def run_files(*names: str) -> list[migrations.RunSQL]:
    """Return the operations that run these files with the schema pinned."""
    files = [migrations.RunSQL((HERE / name).read_text(encoding="utf-8")) for name in names]
    return [migrations.RunSQL(PIN_SCHEMA), *files, migrations.RunSQL(UNPIN_SCHEMA)]


def released_files() -> list[str]:
    """Return the text of every file that has been run, in order."""
    return [(HERE / name).read_text(encoding="utf-8") for name in RELEASED]
