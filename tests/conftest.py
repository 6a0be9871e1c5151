from __future__ import annotations

import os
import shutil
import socket

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from points_store import postgres
from tests import database, template

pytest_plugins = ["tests.fixtures"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "msedge")
THIS_MACHINE = ("127.", "::1", "localhost")


@pytest.fixture(scope="session")
def _database_server():
    """Keep the embedded server running for as long as some worker of some run needs it."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with postgres.using(settings.INSTALLATION.folder, throwaway=True) as installation:
        connections.settings["default"]["PORT"] = installation.database_port
        yield


@pytest.fixture(scope="session")
def django_db_setup(_database_server, django_test_environment, django_db_blocker):
    """Tests have a database of their own and the rights that the shop has."""
    with django_db_blocker.unblock():
        template.make()
        database.work_as_application()
    yield
    with django_db_blocker.unblock():
        database.work_as_owner()
        template.remove()


@pytest.fixture(autouse=True, scope="session")
def _empty_tables_past_the_guards():
    """Django's own flush truncates, which the ledger refuses to everyone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _case: database.empty_tables()
        )
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_other_hosts():
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(THIS_MACHINE):
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium. Without one: skipped at a desk, a failure where CI=true."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        message = "no Chromium on the PATH; on Debian: apt-get install chromium"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    # Imported here: a desk without the browser's driver can run everything else.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    # Playwright runs an event loop in this thread, in which Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    as_root = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=as_root)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium):
    """An empty page of a new visitor on an office PC's screen, which speaks Chinese."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()
