from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "rewards"
    verbose_name = _("物品与兑换")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = (
        "StockMovement",
        "RedemptionLine",
        "RedemptionPayment",
        "PriceChange",
    )

    def ready(self) -> None:
        from ledger import invariants  # noqa: PLC0415 - needs the models
        from rewards import handbook_part, importing  # noqa: PLC0415 - needs the models
        from volunteers import handbook  # noqa: PLC0415 - stands beside it
        from volunteers.importing import plan  # noqa: PLC0415 - stands beside it

        handbook.register(handbook_part.PART)
        invariants.register_folder("rewards", Path(__file__).parent / "invariants")
        plan.register(importing.REWARDS)
