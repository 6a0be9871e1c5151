"""The test database: made by its owner, used with the application's rights, emptied between tests.

Tests run as the application's role, so that a right that is missing in the shop is missing here.
What only the owner may do (plant a corruption, look behind a guard) happens inside `as_owner`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

# Rows that migrations put in are copied here once, and come back after each transactional test.
REMEMBER = """
DO $$
DECLARE t record; found boolean;
BEGIN
    CREATE SCHEMA IF NOT EXISTS pristine;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', t.tablename) INTO found;
        IF found THEN
            EXECUTE format('CREATE TABLE pristine.%I AS TABLE %I', t.tablename, t.tablename);
        END IF;
    END LOOP;
END $$
"""
EMPTY = """
DO $$
DECLARE t record; found boolean; kept text;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables
              WHERE schemaname = current_schema() AND tablename <> 'django_migrations' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', t.tablename) INTO found;
        CONTINUE WHEN NOT found AND to_regclass('pristine.' || quote_ident(t.tablename)) IS NULL;
        EXECUTE format('DELETE FROM %I', t.tablename);
    END LOOP;
    FOR t IN SELECT tablename FROM pg_tables
              WHERE schemaname = 'pristine' AND tablename <> 'django_migrations' LOOP
        SELECT string_agg(quote_ident(attname), ', ') INTO kept FROM pg_attribute
         WHERE attrelid = t.tablename::regclass AND attnum > 0
           AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('INSERT INTO %1$I (%2$s) OVERRIDING SYSTEM VALUE '
                       'SELECT %2$s FROM pristine.%1$I', t.tablename, kept);
    END LOOP;
END $$
"""


@contextmanager
def as_owner() -> Iterator[None]:
    """Run the body of a `with` with the owner's rights, then go back to the application's."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        yield
    finally:
        if not connection.needs_rollback:  # rolling back undoes SET ROLE by itself
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


def work_as_application() -> None:
    """Make every connection from now on, in every thread, one of the application's role."""
    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"{settings_without_role()} -c role={settings.DATABASE_APP_ROLE}"
    connection.close()


def work_as_owner() -> None:
    connection.settings_dict["OPTIONS"]["options"] = settings_without_role()
    connection.close()


def settings_without_role() -> str:
    return str(connection.settings_dict["OPTIONS"]["options"]).split(" -c role=")[0]


def remember_reference_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER)


def empty_tables() -> None:
    """Bring the database back to what the migrations made, past every guard of the history."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(EMPTY)
        finally:
            cursor.execute("SET session_replication_role = origin")
