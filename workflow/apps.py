"""Django's entry for this package."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowConfig(AppConfig):
    """Moving a case and recording the move are one statement."""

    name = "workflow"
    verbose_name = "Andamento"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load every package's acts, so that the registry is whole from the start."""
        autodiscover_modules("acts")
