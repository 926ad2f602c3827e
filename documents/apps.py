"""Django's entry for this package."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Letters frozen when issued; only render.py knows Typst."""

    name = "documents"
    verbose_name = "Documentos"
    default_auto_field = "django.db.models.BigAutoField"
