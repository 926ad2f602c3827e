"""Django's entry for this package."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Legal terms: a pure calendar, pure rules, and the computed terms that are stored."""

    name = "deadlines"
    verbose_name = "Prazos"
    default_auto_field = "django.db.models.BigAutoField"
