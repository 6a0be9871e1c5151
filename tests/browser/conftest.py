"""How a page is looked at: by a browser that notices everything a person would not report."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

OFFICE, PHONE = (1366, 768), (390, 844)
SCREENS = Path(settings.INSTALLATION.folder) / "screens"
# Chromium reports every answer of 4xx; ours are pages in their own right.
_ANSWER = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Look:
    """One browser window. `see` opens a page and fails on whatever is wrong with it."""

    def __init__(self, page, base):
        self.page, self.base = page, base
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._follow)

    def _hear(self, message):
        if message.type in {"error", "warning"} and not _ANSWER.match(message.text):
            self.complaints.append(message.text)

    def _follow(self, request):
        if not request.url.startswith((self.base, "blob:", "data:")):
            self.complaints.append(f"another host: {request.url}")

    def see(self, address=None, *, name):
        """Open `address` (or look at what is open), check it, keep a picture of it."""
        if address is not None:
            self.page.goto(self.base + address)
        self.page.wait_for_load_state("networkidle")
        SCREENS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
        found = Axe().run(self.page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert self.complaints == []
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{name} is {wide}px too wide at {width}px"
        return self.page

    def sign_in(self, user):
        self.page.goto(f"{self.base}/staff/login/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", f"{user.username}-pass-1")
        self.page.click("button.main")
        self.page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture
def open_window(chromium, live_server):
    """Return a function that opens a window of a size, as a new visitor."""

    @contextmanager
    def window(size=OFFICE, **options):
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        try:
            yield Look(context.new_page(), live_server.url)
        finally:
            context.close()

    return window


@pytest.fixture(params=[OFFICE, PHONE], ids=["office", "phone"])
def look(request, open_window):
    """A window on the office's screen, then on a phone."""
    with open_window(request.param) as window:
        yield window
