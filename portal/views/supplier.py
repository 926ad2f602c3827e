"""The supplier's page: the code of the letter opens one CIP, which is answered once.

What was opened is kept in the session, never in the address: the code goes by POST and is not kept.
"""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import CIP
from cases.services import cip_by_code, open_letter
from portal.api.throttling import address_of, seconds_to_wait
from portal.forms import CodigoForm
from portal.views.letter import Place, answer_page, extension_page, receipt_page

#: What the session keeps: the CIP that the code opened, and when.
OPENED = "cip_publica"
#: For how many seconds an opened letter stays open.
HOURS_OPEN = 2 * 60 * 60
HERE = Place(
    pagina=reverse_lazy("cip_publica"), prazo=reverse_lazy("cip_publica_prazo"), recibo=reverse_lazy("cip_recibo")
)
WRONG = (
    "Este código não abre nenhuma CIP: pode ter sido digitado errado, já ter sido usado para responder, ou a CIP ter "
    "terminado. Confira a carta ou fale com o Procon."
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Ask for the letter's code. Many tries from one address are told to wait."""
    if request.method != "POST":
        return render(request, "portal/fornecedor.html", {"form": CodigoForm()})
    form = CodigoForm(request.POST)
    wait = seconds_to_wait("fornecedor", address_of(request))
    if wait:
        form.add_error(None, f"Muitas tentativas deste endereço. Espere {wait} segundos e tente de novo.")
        return render(request, "portal/fornecedor.html", {"form": form}, status=429)
    cip = cip_by_code(form.cleaned_data["codigo"]) if form.is_valid() else None
    if cip is None:
        if not form.errors:
            form.add_error("codigo", WRONG)
        return render(request, "portal/fornecedor.html", {"form": form}, status=422)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    open_letter(cip=cip, at=now)
    request.session.cycle_key()
    request.session[OPENED] = [cip.pk, time.time()]
    return redirect("cip_publica")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """What the letter says, the term, and the answer."""
    cip = _opened(request)
    return redirect("fornecedor_publico") if cip is None else answer_page(request, cip, HERE)


@login_not_required
@never_cache
@require_POST
def extension(request: HttpRequest) -> HttpResponse:
    """Ask for more days."""
    cip = _opened(request)
    return redirect("fornecedor_publico") if cip is None else extension_page(request, cip, HERE)


@login_not_required
@never_cache
@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of the answer, to print."""
    cip = _opened(request)
    return redirect("fornecedor_publico") if cip is None else receipt_page(request, cip, HERE)


def _opened(request: HttpRequest) -> CIP | None:
    """The CIP that this session's code opened, as it is now."""
    pk, since = request.session.get(OPENED) or (None, 0)
    if pk is None or not 0 <= time.time() - since <= HOURS_OPEN:
        return None
    found: CIP | None = CIP.objects.for_supplier().filter(pk=pk).first()
    return found
