"""Django's entry for this package."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """The national layouts, in and out."""

    name = "opendata"
    verbose_name = "Dados abertos"
    default_auto_field = "django.db.models.BigAutoField"
