#!/usr/bin/env python
"""Django's command line for this project, with the embedded database running under it."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from points_store import installation, postgres

# These change the schema or its rights; everything else runs with the application's rights.
OWNER_COMMANDS = {"migrate", "prepare", "serve", "dbshell", "dumpdata", "createcachetable"}
NO_DATABASE = {
    "check", "collectstatic", "compilemessages", "help", "makemessages",
    "spectacular", "test", "--help", "--version",
}  # fmt: skip


def main(arguments: list[str]) -> None:
    command = arguments[1] if len(arguments) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "points_store.settings")
    if command in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_AS", "owner")
    elsewhere = bool(os.environ.get("DATABASE_URL"))
    embedded = not elsewhere and command not in NO_DATABASE
    with postgres.using(installation.data_folder()) if embedded else nullcontext():
        execute_from_command_line(arguments)


if __name__ == "__main__":
    main(sys.argv)
