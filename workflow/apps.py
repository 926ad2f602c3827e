"""Django's entry for this package."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Moving a case and recording the move are one statement."""

    name = "workflow"
    verbose_name = "Andamento"
    default_auto_field = "django.db.models.BigAutoField"
