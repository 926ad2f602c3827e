"""Django's entry for this package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The city portal's REST API and the public pages."""

    name = "portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"
