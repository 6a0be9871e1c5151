from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("居民与服务")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = ("AccessLog",)

    def ready(self) -> None:
        from ledger import invariants  # noqa: PLC0415 - needs the models
        from volunteers import handbook, handbook_part  # noqa: PLC0415 - needs the models
        from volunteers.importing import offered  # noqa: PLC0415 - needs the models

        invariants.register_folder("volunteers", Path(__file__).parent / "invariants")
        handbook.register(handbook_part.PART)
        offered.register_all()
