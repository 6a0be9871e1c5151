from __future__ import annotations

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db import connections
from django.db.models.signals import post_migrate


class PointsStoreConfig(AppConfig):
    name = "points_store"

    def ready(self) -> None:
        # Not glue between apps: the one place where a schema change must be followed by its rights,
        # whoever made it: run.py, a test database, an administrator by hand.
        # The signal comes once for each app that has models; the last time is enough.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(_grant_rights, sender=last)


def _grant_rights(using: str, **_kwargs: object) -> None:
    from points_store import rights  # noqa: PLC0415 - needs every app's models

    rights.grant_rights(connections[using])


class StaffAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the sign-in page and the look of the rest of the site."""

    default = False  # this module's own app is PointsStoreConfig
    default_site = "points_store.admin_site.StaffAdminSite"
