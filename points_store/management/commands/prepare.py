from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from points_store.catalogues import compile_catalogues
from points_store.rights import RoleMissing, excess_rights, grant_rights
from points_store.staticfiles import collect, is_outdated


class Command(BaseCommand):
    help = "Bring schema, rights, translations and static files up to this version of the program."

    def handle(self, **_options: Any) -> None:  # noqa: ANN401 - Django's options
        try:
            self._bring_schema_up_to_date()
        except RoleMissing as refusal:
            raise CommandError(str(refusal)) from refusal
        compile_catalogues()
        if is_outdated():
            self.stdout.write(_("正在整理页面文件…"))
            collect()

    def _bring_schema_up_to_date(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(_("正在更新数据库…"))
            call_command("migrate", interactive=False, verbosity=0)
        else:
            grant_rights(connection)  # a new version may declare more history without a migration
        if excess := excess_rights(connection):
            raise CommandError(
                "The application's role has rights it must not have; see docs/operations.md:\n"
                + "\n".join(excess)
            )
