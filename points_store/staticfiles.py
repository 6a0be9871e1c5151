"""Collect the static files when one has changed: doing it takes seconds, asking does not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Pages we do not serve: the second API viewer (it asks another host for fonts), the API browser.
UNUSED = ["redoc", "rest_framework"]


def is_outdated() -> bool:
    """Return whether a static file came, went or changed since they were collected."""
    mark = _mark()
    collected = Path(settings.STATIC_ROOT).exists() and mark.exists()
    return not collected or mark.read_text() != _fingerprint()


def collect() -> None:
    """Bring STATIC_ROOT up to date, compressed and named by content."""
    _mark().unlink(missing_ok=True)
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED
    )
    _mark().write_text(_fingerprint())


def _mark() -> Path:
    return Path(settings.STATIC_ROOT).with_name("static.collected")


def _fingerprint() -> str:
    found = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            stat = Path(storage.path(name)).stat()
            found.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
