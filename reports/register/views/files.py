"""The register as a download."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from reports.register.exports import FORMATOS, Sheet
from workflow.errors import ContentRefused

#: The files that a page offers.
OFFERED = tuple(name for name in FORMATOS if name != "texto")


def download(sheet: Sheet, formato: str) -> HttpResponse:
    """The file. Raises ContentRefused for a format that there is not."""
    if formato not in FORMATOS:
        raise ContentRefused(
            f"Não há cadastro em «{formato[:20]}». Peça um destes formatos: {', '.join(FORMATOS)}.",
            errors={"formato": "Escolha um formato da lista."},
        )
    kind = FORMATOS[formato]
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    response = HttpResponse(kind.make(sheet, now), content_type=kind.mime)
    response["Content-Disposition"] = f'attachment; filename="{sheet.nome}.{kind.extensao}"'
    return response
