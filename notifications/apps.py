"""Django's entry for this package."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox and its ledger; Celery only delivers."""

    name = "notifications"
    verbose_name = "Mensagens"
    default_auto_field = "django.db.models.BigAutoField"
