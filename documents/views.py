"""The PDF of a letter, for staff who may see its case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from documents.models import Documento
from documents.services import read_pdf
from workflow.services import log_reading


@require_GET
def documento(request: HttpRequest, codigo: str) -> HttpResponse:
    """Show the PDF in the browser, checked against its hash, kept by no cache."""
    letter = get_object_or_404(Documento.objects.visible_to(request.user), codigo=codigo)
    content = read_pdf(letter)
    if letter.historico_id is not None:
        log_reading(by=request.user, pagina="documento", objeto=letter, historico_id=letter.historico_id)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{letter.tipo}-{letter.codigo}.pdf"',
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
