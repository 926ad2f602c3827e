"""Django's entry for this package."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The case: atendimento, reclamados, CIP, reclamação, taxonomy."""

    name = "cases"
    verbose_name = "Atendimentos"
    default_auto_field = "django.db.models.BigAutoField"
