"""What one installation keeps for itself in its data folder, and how it reaches its database.

The folder (default `var/demo`) holds the embedded PostgreSQL's cluster, the secrets made when the
installation was set up, uploaded pictures and collected static files. Nothing in it is ever
committed. A second installation beside the first is a second folder.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
SECRETS_FILE = "secrets.json"
# What the folder was begun as: the demo is only ever put into a folder of its own kind.
DEMO, OWN = "demo", "own"
DATABASE_NAME = "points"
OWNER_ROLE = "points_owner"
APP_ROLE = "points_app"
CONNECT_TIMEOUT_SECONDS = 3
SESSION_OPTIONS = (
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
)
# A migration may rewrite a table, a restore may take minutes; no wait for a lock should.
OWNER_OPTIONS = "-c statement_timeout=0 -c lock_timeout=30s"
# A short reconnect_timeout: its pauses double, and the shop must be back soon after the database.
POOL = {"min_size": 1, "max_size": 8, "timeout": 3, "reconnect_timeout": 4}


@dataclass(frozen=True)
class Installation:
    """A data folder and the secrets in it. The port is the embedded server's on 127.0.0.1."""

    folder: Path
    secret_key: str = field(repr=False)
    superuser_password: str = field(repr=False)
    owner_password: str = field(repr=False)
    app_password: str = field(repr=False)
    database_port: int
    kind: str = DEMO


def data_folder() -> Path:
    """Return the folder named by POINTS_STORE_DATA, or the demo's."""
    return Path(os.environ.get("POINTS_STORE_DATA") or BASE_DIR / "var" / "demo").resolve()


def read(folder: Path) -> Installation:
    """Return the installation in `folder`, making its secrets (0600) on the first call."""
    path = folder / SECRETS_FILE
    if not path.exists():
        made = Installation(
            folder=folder,
            secret_key=secrets.token_urlsafe(48),
            superuser_password=secrets.token_urlsafe(24),
            owner_password=secrets.token_urlsafe(24),
            app_password=secrets.token_urlsafe(24),
            database_port=20_000 + secrets.randbelow(10_000),
            kind=os.environ.get("POINTS_STORE_KIND", DEMO),
        )
        _make_folder(folder)
        unfinished = _write_unfinished(made)
        with suppress(FileExistsError):
            path.hardlink_to(unfinished)  # atomic: of two first starts, one wins
        unfinished.unlink()
    return Installation(folder=folder, **json.loads(path.read_text()))


def remember_port(installation: Installation, port: int) -> Installation:
    """Return the installation with its server's new port, which later starts will read."""
    moved = replace(installation, database_port=port)
    _write_unfinished(moved).replace(moved.folder / SECRETS_FILE)
    return moved


def database(installation: Installation, env: environ.Env) -> dict[str, Any]:
    """Return Django's settings of the one database: DATABASE_URL, or the embedded server.

    DATABASE_AS says with whose rights: `app` (the default) reads and writes rows, `owner` changes
    the schema. See docs/decisions/0062-two-database-roles.md.
    """
    owner = env.str("DATABASE_AS", default="app") == "owner"
    options = OWNER_OPTIONS if owner else SESSION_OPTIONS
    if not env.str("DATABASE_URL", default=""):
        url = _embedded_url(installation, owner=owner)
    elif owner or not env.str("DATABASE_APP_URL", default=""):
        url = env.str("DATABASE_URL")
        if not owner:
            options += f" -c role={env.str('DATABASE_APP_ROLE', default=APP_ROLE)}"
    else:
        url = env.str("DATABASE_APP_URL")
    settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    from_url = settings.get("OPTIONS", {})
    settings["OPTIONS"] = {
        **from_url,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": f"{from_url.get('options', '')} {options}".strip(),
    }
    if env.bool("DATABASE_POOL", default=False):
        settings["OPTIONS"]["pool"] = POOL
    settings["CONN_HEALTH_CHECKS"] = True
    return settings


def host_of(url: str) -> str:
    """Return the host name in `url`."""
    return urlsplit(url).hostname or "127.0.0.1"


def _embedded_url(installation: Installation, *, owner: bool) -> str:
    role, password = (
        (OWNER_ROLE, installation.owner_password)
        if owner
        else (APP_ROLE, installation.app_password)
    )
    return f"postgres://{role}:{password}@127.0.0.1:{installation.database_port}/{DATABASE_NAME}"


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # As root the database runs as another user, who must pass through but need not look around.
    running_as_root = os.name == "posix" and os.geteuid() == 0
    folder.chmod(0o711 if running_as_root else 0o700)


def _write_unfinished(installation: Installation) -> Path:
    """Write the secrets to a new file beside the real one, which the caller moves into place."""
    content = asdict(installation)
    del content["folder"]
    path = installation.folder / f"{SECRETS_FILE}.{secrets.token_hex(4)}"
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=1))
    return path
