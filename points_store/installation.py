"""What one installation keeps for itself in its data folder, and how it reaches its database.

The folder (default `var/demo`) holds the embedded PostgreSQL's cluster, the secrets made when the
installation was set up, uploaded pictures and collected static files. Nothing in it is ever
committed. A second installation beside the first is a second folder.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

SECRETS_FILE = "secrets.json"
CONNECT_TIMEOUT_SECONDS = 3
SESSION_OPTIONS = (
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
)


@dataclass(frozen=True)
class Installation:
    """The data folder and its secrets. `folder` need not exist before `create`."""

    folder: Path
    secret_key: str
    owner_password: str
    app_password: str
    database_port: int


def read(folder: Path) -> Installation:
    """Return the installation in `folder`, making its secrets (0600) on the first call."""
    path = folder / SECRETS_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "owner_password": secrets.token_urlsafe(24),
            "app_password": secrets.token_urlsafe(24),
            "database_port": 20_000 + secrets.randbelow(10_000),
        }
        unfinished = path.with_suffix(f".{secrets.token_hex(4)}")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(made))
        try:
            path.hardlink_to(unfinished)  # atomic: of two first starts, one wins
        except FileExistsError:
            pass
        unfinished.unlink()
    return Installation(folder=folder, **json.loads(path.read_text()))


def database(installation: Installation, env: environ.Env) -> dict[str, Any]:
    """Return Django's settings of the one database: DATABASE_URL, or the embedded server."""
    url = env.str("DATABASE_URL", default="") or (
        f"postgres://points_owner:{installation.owner_password}"
        f"@127.0.0.1:{installation.database_port}/points"
    )
    settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    options = SESSION_OPTIONS
    if role := env.str("DATABASE_ROLE", default=""):
        options += f" -c role={role}"
    settings["OPTIONS"] = {
        **settings.get("OPTIONS", {}),
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": options,
    }
    settings["CONN_HEALTH_CHECKS"] = True
    return settings


def host_of(url: str) -> str:
    """Return the host name in `url`."""
    return urlsplit(url).hostname or "127.0.0.1"


