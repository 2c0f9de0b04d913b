from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "reports"
    verbose_name = _("Reports and reviews")

    def ready(self) -> None:
        """What is computed from the plan follows when the plan changes."""
        from indicators import dependents
        from reports import judging

        dependents.register(judging.indicators_changed)
