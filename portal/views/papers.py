"""A case's papers on the public page: the letters that are the consumer's to read, and what the consumer sends.

The same letters, attachments and services as in the API (portal/api/views/papers.py, decision 88).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from cases.models import Anexo, Atendimento
from cases.services import attach_all, read_attachment
from documents.models import Documento
from documents.services import read_pdf
from portal.api.queries import attachments_of, documents_of
from portal.forms import AnexoForm
from portal.views.following import case_page_with, of_an_opened_case
from workflow.errors import Refusal
from workflow.services import log_reading


@of_an_opened_case
@require_GET
def letter(request: HttpRequest, case: Atendimento, codigo: str) -> HttpResponse:
    """One letter as it was issued, to be saved."""
    found = documents_of(case).filter(codigo=codigo).first() if codigo.isprintable() else None
    if found is None:
        raise Http404
    content = read_pdf(found)
    return _served(case, found, content, tipo="application/pdf", nome=f"{found.tipo}-{found.codigo}.pdf")


@of_an_opened_case
@require_http_methods(["GET", "POST"])
def attachment(request: HttpRequest, case: Atendimento, pk: int) -> HttpResponse:
    """What the consumer sent, given back. What no antivirus has seen is given only to who asks by the button."""
    found = attachments_of(case).filter(pk=pk).select_related("atendimento").first()
    if found is None:
        raise Http404
    content = read_attachment(found)
    if found.situacao == Anexo.Situacao.SEM_VERIFICACAO and request.method == "GET":
        return redirect("acompanhamento_caso")
    return _served(case, found, content, tipo=found.tipo, nome=found.nome)


@of_an_opened_case
@require_POST
def send(request: HttpRequest, case: Atendimento) -> HttpResponse:
    """Take the consumer's files into the case: all or none."""
    form = AnexoForm(request.POST, request.FILES, auto_id="anexo-%s")
    refusal: Refusal | None = None
    if form.is_valid():
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        try:
            made = attach_all(
                atendimento=case,
                arquivos=form.cleaned_data["arquivo"],
                descricao=form.cleaned_data["descricao"],
                origem=Anexo.Origem.CONSUMIDOR,
                by=User.objects.system(),
                at=now,
            )
        except Refusal as refused:
            refusal = refused
            for field, message in refused.errors.items():
                form.add_error(field if field in form.fields else None, message)
        else:
            names = ", ".join(f"«{one.nome}»" for one in made)
            messages.success(request, f"O Procon recebeu {names}.")
            return redirect("acompanhamento_caso")
    return case_page_with(request, case, sent=form, refusal=refusal)


def _served(case: Atendimento, found: Documento | Anexo, content: bytes, *, tipo: str, nome: str) -> HttpResponse:
    """The file, so that no browser runs it and none keeps it; that it was read by the key is written down."""
    system = User.objects.system()
    log_reading(by=system, pagina="publico_acompanhamento", objeto=found, historico_id=case.historico_id)
    return HttpResponse(
        content,
        content_type=tipo,
        headers={
            "Content-Disposition": content_disposition_header(True, nome) or "attachment",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
