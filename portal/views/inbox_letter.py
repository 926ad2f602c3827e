"""One CIP of the inbox: opened, read, answered, as on the page of its code. Another company's is not there (404)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import CIP
from cases.services import open_letter
from documents.services import read_pdf
from parties.models import AdesaoCipEletronica
from portal.services import covered_by
from portal.views.inbox_door import in_the_inbox
from portal.views.letter import Place, answer_page, extension_page, receipt_page


@in_the_inbox
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, term: AdesaoCipEletronica, pk: int) -> HttpResponse:
    """The letter and its answer; one that is still closed shows the button that opens it."""
    cip = _fetch(term, pk)
    if _closed(cip):
        return render(request, "portal/caixa_abrir.html", {"cip": cip, "adesao": term, "lugar": _place(cip)})
    return answer_page(request, cip, _place(cip))


@in_the_inbox
@require_POST
def open_it(request: HttpRequest, term: AdesaoCipEletronica, pk: int) -> HttpResponse:
    """Open the letter: of one sent by e-mail or electronically that is the proven receipt."""
    cip = _fetch(term, pk)
    open_letter(cip=cip, at=timezone.now())  # noqa: TID251  the edge reads the clock
    return redirect("caixa_cip", pk)


@in_the_inbox
@require_POST
def extension(request: HttpRequest, term: AdesaoCipEletronica, pk: int) -> HttpResponse:
    """Ask for more days."""
    cip = _fetch(term, pk)
    return redirect("caixa_cip", pk) if _closed(cip) else extension_page(request, cip, _place(cip))


@in_the_inbox
@require_GET
def receipt(request: HttpRequest, term: AdesaoCipEletronica, pk: int) -> HttpResponse:
    """The receipt of the answer, to print."""
    cip = _fetch(term, pk)
    return receipt_page(request, cip, _place(cip))


@in_the_inbox
@require_GET
def pdf(request: HttpRequest, term: AdesaoCipEletronica, pk: int) -> HttpResponse:
    """The letter as issued; one that is still closed must be opened first."""
    cip = _fetch(term, pk)
    if _closed(cip) or cip.documento is None:
        return redirect("caixa_cip", pk)
    return HttpResponse(
        read_pdf(cip.documento),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="cip-{cip.documento.codigo}.pdf"',
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _fetch(term: AdesaoCipEletronica, pk: int) -> CIP:
    mine = CIP.objects.for_supplier().in_inbox(covered_by(term))
    return get_object_or_404(mine, pk=min(pk, 2**63 - 1))


def _closed(cip: CIP) -> bool:
    """Whether opening it would be the proven receipt, which nobody gives by reading a list."""
    return cip.status == CIP.Status.ENVIADA and cip.meio in (CIP.Meio.EMAIL, CIP.Meio.PORTAL)


def _place(cip: CIP) -> Place:
    return Place(
        pagina=reverse("caixa_cip", args=[cip.pk]),
        prazo=reverse("caixa_cip_prazo", args=[cip.pk]),
        recibo=reverse("caixa_cip_recibo", args=[cip.pk]),
        pdf=reverse("caixa_cip_pdf", args=[cip.pk]),
        caixa=reverse("caixa_cips"),
    )
