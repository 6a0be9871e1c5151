from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = _("今日与报表")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = ()
