"""The test database of a run: a copy of a template that the migrations have made once.

Migrating takes many seconds and copying a tenth of one. The template is made again whenever a
migration, or what the tests keep of it, has changed.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from zlib import crc32

import psutil
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from points_store import rights
from tests import database

PREFIX = "points_template_"
ONE_AT_A_TIME = crc32(b"points template")


def make() -> None:
    """Make this process's own test database and point the connection at it."""
    with elsewhere() as cursor:
        cursor.execute("SET lock_timeout = 0")  # another worker may be migrating
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        present = names(cursor)
        if template() not in present:
            drop(cursor, [name for name in present if name.startswith(PREFIX)])
            migrate(cursor)
        drop(cursor, [name for name in present if is_left_over(name)])
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(own_name()), sql.Identifier(template())
            )
        )
    use(own_name())
    rights.grant_rights(connection)  # the rights on a database itself are not copied


def remove() -> None:
    connection.close()
    with elsewhere() as cursor:
        drop(cursor, [own_name()])


def elsewhere():
    """Return a cursor in no database that a test uses, as Django's own set-up takes it."""
    return connection.creation._nodb_cursor()  # noqa: SLF001


def migrate(cursor) -> None:
    """Make the template under another name first: a half-made one is never copied."""
    unfinished = f"{PREFIX}unfinished"
    drop(cursor, [unfinished])
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    use(unfinished)
    call_command("migrate", verbosity=0, interactive=False)
    database.remember_reference_rows()
    connection.close()
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(unfinished), sql.Identifier(template())
        )
    )


def use(name) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def own_name() -> str:
    return f"test_points_{os.getpid()}"


def is_left_over(name) -> bool:
    """Return whether a database belongs to a run that was killed."""
    pid = name.removeprefix("test_points_")
    return pid != name and pid.isdigit() and not psutil.pid_exists(int(pid))


def names(cursor) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database")
    return [name for (name,) in cursor.fetchall()]


def drop(cursor, unwanted) -> None:
    for name in unwanted:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def template() -> str:
    """Return the name of the template that fits the migrations as they are now."""
    content = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for path in sorted(sources()):
        content.update(str(path).encode() + path.read_bytes())
    return PREFIX + content.hexdigest()[:16]


def sources():
    yield Path(database.__file__)
    yield Path(rights.__file__)
    for config in apps.get_app_configs():
        if Path(config.path).is_relative_to(settings.BASE_DIR):
            folder = Path(config.path) / "migrations"
            yield from (path for path in folder.rglob("*") if path.suffix in {".py", ".sql"})
