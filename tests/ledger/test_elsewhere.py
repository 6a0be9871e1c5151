"""The guards in other places: a second schema of the database, and a copy restored from a dump."""

from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from ledger import invariants
from ledger.models import Posting
from points_store.postgres import server_in
from points_store.postgres_programs import NoPostgres, find_programs
from tests.database import as_owner
from tests.ledger.planting import breached
from tests.ledger.story import make_book, tell_story


@contextmanager
def second_county():
    """A second installation's ledger in a schema of its own, current for the body of a `with`."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA county")
        cursor.execute("SET search_path = county")
        try:
            executor = MigrationExecutor(connection)
            newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "ledger"]
            executor.migrate(newest)
            yield cursor
        finally:
            cursor.execute("SET search_path = public")
            cursor.execute("DROP SCHEMA county CASCADE")


def test_two_counties_in_one_database_do_not_meet(committed_book):
    lamao = committed_book.member(100)
    with second_county() as cursor:
        drolma = make_book().member(30)
        assert (Posting.objects.count(), drolma.balance) == (1, 30)
        assert breached() == set()
        # A statement that names the other county's table is served by the other county's guards.
        cursor.execute(
            """INSERT INTO public.ledger_posting
                      (kind, source_id, target_id, points, memo, effective_date, by_id)
               VALUES ('redeem', %s, %s, 1, '', '2023-11-16', 7)""",
            [lamao.account_id, public_shop(cursor)],
        )
        assert (Posting.objects.count(), drolma.balance) == (1, 30)
    assert lamao.balance == 99
    assert breached() == set()


def public_shop(cursor):
    cursor.execute("SELECT id FROM public.ledger_account WHERE kind = 'shop'")
    return cursor.fetchone()[0]


@pytest.fixture
def programs():
    """PostgreSQL's own programs, of the version of the server that the tests use."""
    try:
        found = find_programs(server_in(Path(settings.INSTALLATION.folder)).home)
    except NoPostgres as reason:
        pytest.skip(str(reason))
    if found.version != connection.pg_version // 10_000:
        pytest.skip("pg_dump is of another version than the server")
    return found


def address(name):
    here = connection.settings_dict
    return f"postgresql://{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}/{name}"


def test_a_restored_dump_proves_the_same(committed_book, programs):
    tell_story(committed_book)
    dumped = list(Posting.objects.order_by("id").values_list("id", "hash"))
    name = connection.settings_dict["NAME"]
    folder = server_in(Path(settings.INSTALLATION.folder)).home / f"dump-of-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    programs.own(folder)
    source, dump, restored = address(name), str(folder / "dump"), f"{name}_restored"
    programs.run("pg_dump", "-Fc", "-n", "public", "-f", dump, "-d", source)
    with (
        psycopg.connect(source, autocommit=True) as here,
        here.cursor() as cursor,
    ):
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(restored)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(restored)))
        try:
            programs.run("pg_restore", "--clean", "--if-exists", "-d", address(restored), dump)
            with psycopg.connect(address(restored)) as there, there.cursor() as copy:
                copy.execute("SELECT id, hash FROM ledger_posting ORDER BY id")
                assert copy.fetchall() == dumped
                for invariant, statement in invariants.registered().items():
                    if invariant.startswith("ledger."):
                        assert copy.execute(statement).fetchall() == [], invariant
        finally:
            cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(restored)))
