"""Collect the static files when one has changed: doing it takes seconds, asking does not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Pages we do not serve: the second API viewer (it asks another host for fonts), the API browser.
UNUSED = ["redoc", "rest_framework"]
MARK = "collected"


def collect_when_changed() -> bool:
    """Bring STATIC_ROOT up to date; return whether anything had to be done."""
    root = Path(settings.STATIC_ROOT)
    mark, now = root.with_name(f"static.{MARK}"), _fingerprint()
    if root.exists() and mark.exists() and mark.read_text() == now:
        return False
    mark.unlink(missing_ok=True)
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED
    )
    mark.write_text(now)
    return True


def _fingerprint() -> str:
    found = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            stat = Path(storage.path(name)).stat()
            found.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
