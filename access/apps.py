"""Django's entry for this package."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The door: log-in, second factor, sessions, passwords."""

    name = "access"
    verbose_name = "Acesso"
    default_auto_field = "django.db.models.BigAutoField"
