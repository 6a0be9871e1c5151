"""The web server, and who watches over it and over the embedded database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

from points_store import postgres

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

APPLICATION = "points_store.wsgi:application"
HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
STOP_SECONDS = 10
START_SECONDS = 30
LOOK_EVERY_SECONDS = 1


class PortTaken(Exception):
    """Another program listens on the port we were asked to serve on."""


def default_server() -> str:
    """Return `granian`, or `waitress` on Windows, where granian has one worker and may hang."""
    return "waitress" if sys.platform == "win32" else "granian"


def command(server: str, port: int) -> list[str]:
    """Return the command that serves the application on this machine's own address."""
    if server == "waitress":
        options = [f"--listen={HOST}:{port}", f"--threads={WORKERS * THREADS}", "--ident="]
        return [sys.executable, "-m", "waitress", *options, APPLICATION]
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--respawn-failed-workers",
        "--no-ws", "--log-level", "warning", APPLICATION,
    ]  # fmt: skip


@dataclass
class Watch:
    """The web server as a child of this process, started again when it dies; so is the database."""

    port: int
    server: str
    folder: Path
    embedded: bool
    say: Callable[[str], None]
    child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    asked_to_stop: bool = field(default=False, init=False)

    @property
    def note(self) -> Path:
        return self.folder / "serve.pid"

    def run(self, when_up: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C. Raise PortTaken. `when_up` is called once it answers."""
        self._stop_orphans()
        if answers(self.port):
            raise PortTaken(self.port)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._ask_to_stop)
        try:
            self._start()
            self._wait_until_up()
            when_up()
            while not self.asked_to_stop:
                time.sleep(LOOK_EVERY_SECONDS)
                self._look()
        finally:
            self._stop()

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _start(self) -> None:
        # Workers serve with the application's rights; a group of its own, so that Ctrl-C reaches
        # us first and the server ends when we say so.
        environment = {**os.environ, "DATABASE_AS": "app", "DATABASE_POOL": "true"}
        self.child = subprocess.Popen(
            command(self.server, self.port), env=environment, start_new_session=True
        )
        self.note.write_text(str(self.child.pid))

    def _wait_until_up(self) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while not self.asked_to_stop and time.monotonic() < give_up_at:
            if answers(self.port):
                return
            time.sleep(0.05)

    def _look(self) -> None:
        """Start again what has died since the last look."""
        if self.embedded and not postgres.is_running(postgres.server_in(self.folder)):
            self.say("PostgreSQL has stopped; starting it again.")
            try:
                postgres.ensure_running(self.folder)
            except postgres.DatabaseWillNotStart as refusal:
                self.say(str(refusal))
        if self.child is not None and self.child.poll() is not None and not self.asked_to_stop:
            self.say("The web server has stopped; starting it again.")
            self._stop_orphans()
            self._start()

    def _stop(self) -> None:
        if self.child is not None:
            _end(_family(self.child.pid))
            self.child.wait()
        self.note.unlink(missing_ok=True)

    def _stop_orphans(self) -> None:
        """End what a killed run of this installation, or a killed web server, left serving."""
        with suppress(OSError, ValueError):
            _end(_family(int(self.note.read_text())))


def _family(pid: int) -> list[psutil.Process]:
    """Return the web server that was started as `pid` and its workers, also when it is dead."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            group = process.pid if sys.platform == "win32" else os.getpgid(process.pid)
            if group == pid and APPLICATION in process.cmdline():
                found.append(process)
    return found


def _end(processes: list[psutil.Process]) -> None:
    """Ask the processes to end, and make them when they do not in time."""
    for process in processes:
        with suppress(psutil.Error):
            process.terminate()
    _gone, alive = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()


def answers(port: int) -> bool:
    """Return whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
