from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("积分账本")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = ()
