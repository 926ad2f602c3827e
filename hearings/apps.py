"""Django's entry for this package."""

from django.apps import AppConfig


class HearingsConfig(AppConfig):
    """Rooms, hearings and the reservations that keep anybody from being in two places."""

    name = "hearings"
    verbose_name = "Audiências"
    default_auto_field = "django.db.models.BigAutoField"
