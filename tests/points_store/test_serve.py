"""The shop as it really runs: one process started, its parts killed, asked over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from points_store import installation as installations
from points_store import postgres, server

pytestmark = pytest.mark.xdist_group("serve")  # one shop, killed in turn
ROOT = Path(__file__).parents[2]


class Shop:
    """One `manage.py serve` on a free port, in a data folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("DATABASE")
        } | {
            "POINTS_STORE_DATA": str(folder),
            "POINTS_STORE_KIND": installations.OWN,
            "DJANGO_SETTINGS_MODULE": "points_store.settings",
        }

    def manage(self, *arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=self.environment,
        )

    def get(self, path="/readyz"):
        """Return the status of an answer, or None where nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=15
            ) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return None

    def seen_until_ready(self, seconds):
        """Return every answer up to and with the first 200; fail when it does not come in time."""
        seen, give_up_at = [], time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            seen.append(self.get())
            if seen[-1] == 200:
                return seen
            time.sleep(0.05)
        raise AssertionError(f"not ready after {seconds} s: {seen}")

    @property
    def web(self):
        return psutil.Process(int((self.folder / "serve.pid").read_text()))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("shop"))
    facts = {
        "community": "河东社区",
        "official-name": "河东社区",
        "slug": "hedong",
        "admin": "boss",
    }
    assert shop.manage("prepare").returncode == 0
    opened = shop.manage(
        "open_shop", "--admin-name=王", *(f"--{name}={fact}" for name, fact in facts.items())
    )
    assert opened.returncode == 0, opened.stderr
    shop.start()
    shop.seen_until_ready(60)
    yield shop
    if shop.process.poll() is None:
        shop.process.send_signal(signal.SIGINT)
        shop.process.wait(timeout=30)


def test_shop_serves_pages_with_the_applications_role(shop):
    assert shop.get("/staff/login/") == 200
    with postgres.superuser_connection(installations.read(shop.folder)) as connection:
        roles = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'points'"
        ).fetchall()
    assert roles == [(installations.APP_ROLE,)]


def test_shop_started_twice_is_refused_in_a_sentence(shop):
    again = shop.manage("serve", "--port", str(shop.port))
    assert again.returncode == 1
    assert "已经在运行" in again.stderr
    assert "Traceback" not in again.stderr


def test_killed_worker_is_replaced(shop):
    workers = shop.web.children()
    assert len(workers) == server.WORKERS
    workers[0].kill()
    give_up_at = time.monotonic() + 15
    while len(shop.web.children()) < server.WORKERS or workers[0] in shop.web.children():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    assert shop.get() == 200


def test_killed_web_server_is_started_again_without_leaving_workers(shop):
    killed, orphans = shop.web, shop.web.children()
    killed.kill()
    give_up_at = time.monotonic() + 15
    while (shop.folder / "serve.pid").read_text() == str(killed.pid):
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    shop.seen_until_ready(15)
    _gone, alive = psutil.wait_procs(orphans, timeout=10)
    assert alive == []


def test_killed_database_comes_back_and_no_answer_is_a_fault(shop):
    pid_file = postgres.server_in(shop.folder).cluster / "postmaster.pid"
    killed = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    killed.kill()
    killed.wait(timeout=10)
    assert set(shop.seen_until_ready(20)) <= {200, 503}


def test_stopped_shop_leaves_nothing_running(shop):
    family = [shop.web, *shop.web.children()]
    shop.process.send_signal(signal.SIGINT)
    assert shop.process.wait(timeout=30) == 0
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert not postgres.is_running(postgres.server_in(shop.folder))
    assert shop.get() is None
