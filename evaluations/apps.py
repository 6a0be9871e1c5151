from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("测评")
    # Tables the application's database role may add to but never change or empty.
    history_models: tuple[str, ...] = ("Score",)
