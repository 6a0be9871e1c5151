"""The embedded server, for real: killed, raced, and started on another's port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

from points_store import installation as installations
from points_store import postgres

TRY = """
import sys
from pathlib import Path
from points_store import postgres
with postgres.using(Path(sys.argv[1])) as installation:
    with postgres.superuser_connection(installation, "points") as connection:
        connection.execute("INSERT INTO marks VALUES (1)")
"""


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    assert not postgres.is_running(postgres.server_in(tmp_path))  # the last to leave stopped it


def postmaster(folder):
    pid_file = postgres.server_in(folder).cluster / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().splitlines()[0]))


def marks(installation):
    with postgres.superuser_connection(installation, "points") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS marks (n int)")
        return connection.execute("SELECT count(*) FROM marks").fetchall()[0][0]


def mark(installation):
    marks(installation)
    with postgres.superuser_connection(installation, "points") as connection:
        connection.execute("INSERT INTO marks VALUES (1)")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("default_transaction_isolation", "read committed"),
        ("listen_addresses", "127.0.0.1"),
        ("password_encryption", "scram-sha-256"),
        ("TimeZone", "UTC"),
    ],
)
def test_server_keeps_what_was_confirmed(running, name, value):
    with postgres.superuser_connection(running) as connection:
        assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with postgres.using(tmp_path_factory.mktemp("settings")) as installation:
        yield installation


def test_secrets_are_for_the_owner_alone(running):
    mode = (running.folder / installations.SECRETS_FILE).stat().st_mode
    assert oct(mode & 0o777) == "0o600"


def test_roles_are_no_superusers(running):
    with postgres.superuser_connection(running) as connection:
        found = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname LIKE 'points%' ORDER BY rolname"
        ).fetchall()
    assert found == [("points_app", False, False, False), ("points_owner", False, False, False)]


def test_second_start_finds_the_data(folder):
    with postgres.using(folder) as installation:
        mark(installation)
    with postgres.using(folder) as installation:
        assert marks(installation) == 1


def test_killed_server_starts_again_with_what_was_committed(folder):
    with postgres.using(folder) as installation:
        mark(installation)
        killed = postmaster(folder)
        killed.kill()
        killed.wait(timeout=10)
        again = postgres.ensure_running(folder)
        assert marks(again) == 1


def test_pid_file_that_names_another_process_is_no_running_server(folder):
    with postgres.using(folder):
        pass
    # What a power cut leaves behind, when the number now belongs to somebody else.
    pid_file = postgres.server_in(folder).cluster / "postmaster.pid"
    pid_file.write_text(
        f"{os.getpid()}\n{postgres.server_in(folder).cluster}\n{int(time.time())}\n"
    )
    with postgres.using(folder) as installation:
        assert marks(installation) == 0


def test_port_taken_by_another_moves_and_is_remembered(folder):
    port = installations.read(folder).database_port
    with socket.create_server(("127.0.0.1", port)), postgres.using(folder) as installation:
        assert installation.database_port != port
        assert marks(installation) == 0
    assert installations.read(folder).database_port == installation.database_port


def test_half_made_cluster_is_thrown_away(folder):
    half_made = postgres.server_in(folder).home / "new-dead"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18")
    with postgres.using(folder) as installation:
        assert marks(installation) == 0
    assert not half_made.exists()


def test_processes_that_start_at_once_share_one_server(folder):
    with postgres.using(folder) as installation:
        marks(installation)
    racers = [subprocess.Popen([sys.executable, "-c", TRY, folder]) for _ in range(4)]
    assert [racer.wait(timeout=60) for racer in racers] == [0, 0, 0, 0]
    with postgres.using(folder) as installation:
        assert marks(installation) == 4


def test_server_stays_while_another_process_needs_it(folder):
    installation = postgres.ensure_running(folder)
    waiting = TRY.replace("INSERT", "CREATE TABLE marks (n int); INSERT")
    subprocess.run([sys.executable, "-c", waiting, folder], check=True, timeout=60)
    assert marks(installation) == 1
    postgres.leave(folder)
