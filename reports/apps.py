"""Django's entry for this package."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reading only: the balance and the totals."""

    name = "reports"
    verbose_name = "Relatórios"
    default_auto_field = "django.db.models.BigAutoField"
