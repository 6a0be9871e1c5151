from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("居民与服务")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = ()
