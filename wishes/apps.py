from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WishesConfig(AppConfig):
    name = "wishes"
    verbose_name = _("心愿树")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = ("FundGift", "WishStep")

    def ready(self) -> None:
        from ledger import invariants  # noqa: PLC0415 - needs the models
        from volunteers import handbook  # noqa: PLC0415 - stands beside it
        from wishes import handbook_part  # noqa: PLC0415 - needs the models

        handbook.register(handbook_part.PART)
        invariants.register_folder("wishes", Path(__file__).parent / "invariants")
