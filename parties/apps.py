"""Django's entry for this package."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Consumers and suppliers: identifiers, spellings, groups."""

    name = "parties"
    verbose_name = "Partes"
    default_auto_field = "django.db.models.BigAutoField"
