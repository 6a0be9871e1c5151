"""What the application's database role may do, written from what the apps declare.

Each app's `AppConfig` names its `history_models` (rows may be added, never changed or removed) and
`locked_columns` (only the named columns of a model's table may be changed). The audit tables of
django-pghistory are history wherever they are. Everything happens in the schema that comes first
in the search path, so that two counties may share a database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, transaction
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper


def history_tables() -> set[str]:
    """Return the tables that the application may only read and add to."""
    declared = {
        config.get_model(name)._meta.db_table
        for config in apps.get_app_configs()
        for name in getattr(config, "history_models", ())
    }
    audit = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event)
    }
    return declared | audit


def locked_columns() -> dict[str, tuple[str, ...]]:
    """Return, for the tables on which only some columns may be changed, those columns."""
    return {
        config.get_model(name)._meta.db_table: tuple(columns)
        for config in apps.get_app_configs()
        for name, columns in getattr(config, "locked_columns", {}).items()
    }


class RoleMissing(Exception):
    """The application's role is not there and the owner may not make it; the text says who may."""


def grant_rights(connection: BaseDatabaseWrapper) -> None:
    """Give the application's role exactly its rights in the current schema. Run as the owner.

    Make the role, without a password of its own, where there is none. Raise RoleMissing when the
    owner may not.
    """
    _make_role_if_missing(connection)
    role = sql.Identifier(settings.DATABASE_APP_ROLE)
    # All at once: a running shop never sees a moment without its rights.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_database()")
        schema, database = (sql.Identifier(name) for name in cursor.fetchone())
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = {name for (name,) in cursor.fetchall()}
        for statement in _statements(schema, database, role, tables):
            cursor.execute(statement)


def _make_role_if_missing(connection: BaseDatabaseWrapper) -> None:
    name = settings.DATABASE_APP_ROLE
    role = sql.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_has_role(rolname, 'MEMBER'), false) FROM pg_roles"
            " WHERE rolname = %s",
            [name],
        )
        found = cursor.fetchone()
        try:
            if found is None:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
            if found != (True,):
                cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
        except ProgrammingError as refusal:
            raise RoleMissing(
                "Ask whoever runs the database for:"
                f" CREATE ROLE {name} NOLOGIN; GRANT {name} TO (the owner in DATABASE_URL);"
            ) from refusal


def _statements(
    schema: sql.Identifier, database: sql.Identifier, role: sql.Identifier, tables: set[str]
) -> Iterator[sql.Composed]:
    def say(text: str, **names: sql.Composable) -> sql.Composed:
        return sql.SQL(text).format(schema=schema, database=database, role=role, **names)

    yield say("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}")
    yield say("REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {role}")
    yield say("GRANT USAGE ON SCHEMA {schema} TO {role}")
    yield say("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}")
    yield say("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}")
    yield say("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
    for name in sorted(history_tables() & tables):
        yield say("REVOKE UPDATE, DELETE ON {table} FROM {role}", table=sql.Identifier(name))
    for name, columns in sorted(locked_columns().items()):
        if name in tables:
            table = sql.Identifier(name)
            listed = sql.SQL(", ").join(map(sql.Identifier, columns))
            yield say("REVOKE UPDATE ON {table} FROM {role}", table=table)
            yield say("GRANT UPDATE ({columns}) ON {table} TO {role}", table=table, columns=listed)
    if "django_migrations" in tables:
        yield say(
            "REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}",
            table=sql.Identifier("django_migrations"),
        )


# Each line is one thing the role could do that it should not, in the words of a report.
EXCESS = """
    SELECT 'is a superuser, or may pass by row security or make roles or databases'
      FROM pg_roles WHERE rolname = %(role)s
       AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
    UNION ALL
    SELECT 'may make temporary tables'
     WHERE has_database_privilege(%(role)s, current_database(), 'TEMPORARY')
    UNION ALL
    SELECT 'may create objects in schema ' || nspname FROM pg_namespace
     WHERE nspname = current_schema() AND has_schema_privilege(%(role)s, oid, 'CREATE')
    UNION ALL
    SELECT 'owns ' || relname FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace
       AND pg_has_role(%(role)s, relowner, 'USAGE')
    UNION ALL
    SELECT 'may ' || privilege || ' ' || relname
      FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
       AND (relname = ANY(%(history)s) OR privilege IN ('TRUNCATE', 'TRIGGER'))
       AND has_table_privilege(%(role)s, pg_class.oid, privilege)
"""


def excess_rights(connection: BaseDatabaseWrapper) -> list[str]:
    """Return, in a line each, what the application's role may do and should not. Empty is good."""
    with connection.cursor() as cursor:
        cursor.execute(
            EXCESS, {"role": settings.DATABASE_APP_ROLE, "history": sorted(history_tables())}
        )
        return [line for (line,) in cursor.fetchall()]
