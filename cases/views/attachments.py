"""Attaching, downloading and removing: fetched by permission, served so that no browser runs what it gets."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from cases.models import Anexo, Atendimento, Reclamado
from cases.services import attach, read_attachment, remove_attachment
from cases.views.attachment_list import attach_form, remove_form
from cases.views.case import Tried, case_page, fetch_case
from workflow.errors import Refusal
from workflow.services import log_reading


@require_POST
def upload(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Take one or more files into the case; each by itself, so that a refused one keeps no other out."""
    case = fetch_case(request.user, protocolo)
    parties = list(Reclamado.objects.filter(atendimento=case).select_related("fornecedor"))
    form = attach_form(case, parties, request.POST, request.FILES)
    refusal = _attach_all(request, case, form) if form.is_valid() else None
    if form.errors:
        return case_page(request, protocolo, tried=Tried("ANEXAR", case.pk, form, refusal))
    return redirect("atendimento", protocolo)


@require_http_methods(["GET", "POST"])
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, to be saved. What no antivirus has seen is asked about first, and given on POST."""
    anexo = _fetch(request.user, pk)
    content = read_attachment(anexo)
    if anexo.situacao == Anexo.Situacao.SEM_VERIFICACAO and request.method == "GET":
        return render(request, "cases/anexo.html", {"anexo": anexo, "atendimento": anexo.atendimento})
    return _served(request, anexo, content, as_attachment=True)


@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture within the browser: its pixels were written anew when it came in."""
    anexo = _fetch(request.user, pk)
    if not anexo.imagem:
        raise Http404("Este anexo não é uma imagem.")
    return _served(request, anexo, read_attachment(anexo), as_attachment=False)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an attachment out of sight, with a reason."""
    anexo = _fetch(request.user, pk)
    protocol = anexo.atendimento.protocolo
    form = remove_form(anexo, request.POST)
    refusal = None
    if form.is_valid():
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        try:
            remove_attachment(anexo=anexo, motivo=form.cleaned_data["motivo"], by=request.user, at=now)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, f"Anexo «{anexo.nome}» removido, com o motivo no histórico.")
            return redirect("atendimento", protocol)
    return case_page(request, protocol, tried=Tried("REMOVER_ANEXO", anexo.pk, form, refusal))


def _attach_all(request: HttpRequest, case: Atendimento, form: object) -> Refusal | None:
    """Attach every file; each refusal goes to the form's field with the file's name. Returns the last refusal."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    data = dict(form.cleaned_data)
    last: Refusal | None = None
    done = []
    for arquivo in data.pop("arquivo"):
        try:
            attach(atendimento=case, arquivo=arquivo, nome=arquivo.name, by=request.user, at=now, **data)
        except Refusal as refusal:
            last = type(refusal)(f"{arquivo.name[:80]}: {refusal.message}")
            form.add_error("arquivo", last.message)
        else:
            done.append(f"«{arquivo.name[:80]}»")
    if done:
        messages.success(request, f"{'Anexado' if len(done) == 1 else 'Anexados'}: {', '.join(done)}.")
    return last


def _fetch(user: User, pk: int) -> Anexo:
    found = Anexo.objects.visible_to(user).select_related("atendimento").filter(pk=pk).first()
    if found is None:
        raise Http404("Não há anexo com este número nas suas unidades.")
    return found


def _served(request: HttpRequest, anexo: Anexo, content: bytes, *, as_attachment: bool) -> HttpResponse:
    log_reading(by=request.user, pagina="anexo", objeto=anexo, historico_id=anexo.historico_id)
    return HttpResponse(
        content,
        content_type=anexo.tipo,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment, anexo.nome) or "attachment",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
