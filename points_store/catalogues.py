"""Compile the translations where there is no msgfmt: an office PC has none."""

from __future__ import annotations

import secrets
from pathlib import Path

import polib
from django.conf import settings


def compile_catalogues() -> list[Path]:
    """Write each .mo that is older than its .po, and return those written."""
    written = []
    for folder in settings.LOCALE_PATHS:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            # Moved into place whole: another process may be reading the old one.
            unfinished = target.with_suffix(f".{secrets.token_hex(4)}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
            written.append(target)
    return written
