"""The public check of a document."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents.models import Documento
from documents.services import find_by_code
from portal.api.throttling import address_of, seconds_to_wait
from portal.forms import ConferenciaForm


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def conferencia(request: HttpRequest) -> HttpResponse:
    """Whether a document is the office's and still in force, by its code; tells nobody's data."""
    typed = request.POST if request.method == "POST" else request.GET
    form = ConferenciaForm(typed, request.FILES) if "codigo" in typed else ConferenciaForm()
    context: dict[str, object] = {"form": form}
    wait = seconds_to_wait("conferencia", address_of(request)) if form.is_bound else 0
    if wait:
        form.add_error(None, f"Muitas tentativas deste endereço. Espere {wait} segundos e tente de novo.")
        late = render(request, "portal/conferencia.html", context, status=429)
        late["Retry-After"] = str(wait)
        return late
    if form.is_bound and form.is_valid():
        documento = find_by_code(form.cleaned_data["codigo"])
        context |= {"conferido": True, "documento": documento, "igual": _same(documento, form.cleaned_data["arquivo"])}
    return render(request, "portal/conferencia.html", context)


def _same(documento: Documento | None, arquivo: UploadedFile | None) -> bool | None:
    """Whether the file sent is the one issued; None when there is nothing to compare."""
    if documento is None or not arquivo:
        return None
    digest = hashlib.sha256()
    for chunk in arquivo.chunks():
        digest.update(chunk)
    return digest.hexdigest() == documento.sha256
