"""Django's entry for this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who work here: log-in, papéis, unidades."""

    name = "accounts"
    verbose_name = "Contas"
    default_auto_field = "django.db.models.BigAutoField"
