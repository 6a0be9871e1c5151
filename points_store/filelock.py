"""A lock that one process at a time holds on a file, and that dies with its holder."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Held(Exception):
    """Another process holds the lock and did not let go in time."""


@contextmanager
def exclusive(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock on `path` (made if missing). Raise Held when it is not free in time.

    The operating system lets go when the process ends, however it ends: no lock is ever stale.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    give_up_at = time.monotonic() + wait_seconds
    try:
        while True:
            try:
                _take(descriptor)
                break
            except OSError:
                if time.monotonic() >= give_up_at:
                    raise Held(path) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)
