"""The guards themselves: is what `migrations/sql/` made still there, whole and switched on?

What is expected is read from the files that made it, so that this cannot fall behind them.
"""

from __future__ import annotations

import json
import re

from django.apps import apps

from ledger.migrations.sql import released_files

FUNCTION = re.compile(
    r"CREATE (?:OR REPLACE )?FUNCTION (\w+)\s*\(.*?\$\$(.*?)\$\$", re.DOTALL | re.IGNORECASE
)
TRIGGER = re.compile(
    r"CREATE (CONSTRAINT )?TRIGGER (\w+)\s+(BEFORE|AFTER) (.+?)\s+ON (\w+).*?"
    r"FOR EACH (ROW|STATEMENT)(.*?)EXECUTE FUNCTION (\w+)",
    re.DOTALL,
)
CONSTRAINT = re.compile(r"ADD CONSTRAINT (\w+)")
UNIQUE_INDEX = re.compile(r"CREATE UNIQUE INDEX (\w+)")
# pg_trigger.tgtype
ROW, BEFORE = 1, 2
EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}

SQL = """
WITH expected AS (
  SELECT * FROM jsonb_to_recordset('{expected}') AS x (
    sort text, name text, body text,
    on_table text, runs text, type int, columns text[], is_late boolean, has_condition boolean)
), trigger AS (
  SELECT t.*, c.relname, p.proname,
         (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute
           WHERE attrelid = c.oid AND attnum = ANY (t.tgattr::int2[])) AS columns
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = current_schema()::regnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid AND p.pronamespace = c.relnamespace
)
SELECT NULL::bigint AS book, format('%s %s is missing, changed or switched off', sort, name) AS what
  FROM expected e
 WHERE NOT CASE sort
   WHEN 'function' THEN EXISTS (
     SELECT FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND proname = e.name AND prosrc = e.body)
   WHEN 'trigger' THEN EXISTS (
     SELECT FROM trigger t
      WHERE t.tgname = e.name AND t.relname = e.on_table AND t.proname = e.runs
        AND t.tgenabled IN ('O', 'A') AND t.tgtype = e.type
        AND (t.tgqual IS NOT NULL) = e.has_condition
        AND t.columns IS NOT DISTINCT FROM e.columns
        AND (t.tgdeferrable AND t.tginitdeferred) = e.is_late)
   WHEN 'constraint' THEN EXISTS (
     SELECT FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
        AND conname = e.name AND convalidated)
     OR EXISTS (
     SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE relnamespace = current_schema()::regnamespace
        AND relname = e.name AND indisunique AND indisvalid)
   END
"""


def missing_guards_sql() -> str:
    expected = json.dumps(expected_guards(), ensure_ascii=False).replace("'", "''")
    return SQL.replace("{expected}", expected)


def expected_guards() -> list[dict[str, object]]:
    """Return every function, trigger, constraint and unique index that the ledger relies on."""
    text = "\n".join(released_files())
    functions = dict(FUNCTION.findall(text))
    constraints = [*CONSTRAINT.findall(text), *UNIQUE_INDEX.findall(text)]
    for model in apps.get_app_config("ledger").get_models():
        constraints += [constraint.name for constraint in model._meta.constraints]
    return [
        *({"sort": "function", "name": name, "body": body} for name, body in functions.items()),
        *map(_trigger, TRIGGER.findall(text)),
        *({"sort": "constraint", "name": name} for name in constraints),
    ]


def _trigger(found: tuple[str, ...]) -> dict[str, object]:
    late, name, moment, events, table, each, options, function = found
    events, _, listed = events.partition(" OF ")
    columns = [column.strip() for column in listed.split(",")] if listed else None
    return {
        "sort": "trigger",
        "name": name,
        "on_table": table,
        "runs": function,
        "type": (ROW if each == "ROW" else 0)
        + (BEFORE if moment == "BEFORE" else 0)
        + sum(bit for event, bit in EVENTS.items() if event in events),
        "columns": sorted(columns) if columns else None,
        "is_late": bool(late),
        "has_condition": "WHEN (" in options,
    }
