from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from points_store import filelock, installation
from points_store.logins import FILE as LOGINS
from points_store.server import HOST, PortTaken, Watch, default_server
from volunteers.models import Community

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Bring everything up to date, fill an empty demo, and serve until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--server", choices=["granian", "waitress"], default=default_server())

    def handle(self, *, port: int, server: str, **_options: Any) -> None:  # noqa: ANN401
        folder = settings.INSTALLATION.folder
        try:
            with filelock.exclusive(folder / "serve.lock", wait_seconds=0):
                self._serve(port, server)
        except filelock.Held:
            raise CommandError(
                _("这一套已经在运行：%(folder)s。要另开一套，请换一个名字。") % {"folder": folder}
            ) from None
        except PortTaken:
            raise CommandError(
                _("端口 %(port)d 已被别的程序占用，请加 --port 换一个。") % {"port": port}
            ) from None

    def _serve(self, port: int, server: str) -> None:
        call_command("prepare")
        if not Community.objects.exists():
            self._begin()
        connection.close()
        address = f"http://{HOST}:{port}"
        watch = Watch(
            port=port,
            server=server,
            folder=settings.INSTALLATION.folder,
            embedded=not os.environ.get("DATABASE_URL"),
            say=self.stderr.write,
        )
        watch.run(lambda: self._announce(address))

    def _begin(self) -> None:
        if settings.INSTALLATION.kind != installation.DEMO:
            raise CommandError(_("这一套还没有社区，请先运行：python run.py new <名字>"))
        self.stdout.write(_("正在放入演示数据…"))
        # A process of its own, with the application's rights and not the owner's.
        subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_AS": "app"},
            check=True,
        )

    def _announce(self, address: str) -> None:
        self.stdout.write("")
        self.stdout.write(self.style.SUCCESS(_("积分小超市：%(address)s") % {"address": address}))
        logins = settings.INSTALLATION.folder / LOGINS
        if logins.exists():
            self.stdout.write(_("登录名和密码在：%(path)s") % {"path": logins})
        self.stdout.write(_("按 Ctrl-C 停止。"))
