from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("积分账本")
    # Tables the application's database role may add to but never change or empty. What changes in
    # an account is changed by the triggers, which run with the owner's rights.
    history_models: tuple[str, ...] = (
        "Account",
        "Closing",
        "FlowRule",
        "Hold",
        "HoldEnd",
        "Posting",
        "Request",
    )

    def ready(self) -> None:
        from ledger import invariants  # noqa: PLC0415 - needs the models

        invariants.register_own()
