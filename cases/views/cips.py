"""The list of CIPs, what is done with many of them at once, and how a batch gets on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.forms.cips import CIPFilterForm
from cases.models import CIP, Lote, Reclamado
from cases.services import cip_lots
from documents.services import print_together
from listing.pages import keyset_page

ORDER = ("-emitida_em", "-id")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The CIPs of the cases that one may see, the newest first."""
    form = CIPFilterForm(request.GET, user=request.user)
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    rows = CIP.objects.visible_to(request.user).select_related(
        "reclamado__fornecedor", "reclamado__atendimento__unidade", "prazo"
    )
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    context = {
        "form": form,
        "pagina": keyset_page(form.narrow(rows, today=today), ORDER, request.GET),
        "consulta": query.urlencode(),
        "filtrado": any(query.values()),
        "hoje": today,
        "meios": CIP.Meio.choices,
    }
    return render(request, "cases/cips.html", context)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Ask that the ticked CIPs be recorded as sent."""
    cips = _ticked(request)
    numbers = {cip.pk: request.POST.get(f"rastreio_{cip.pk}", "") for cip in cips}
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    meio = request.POST.get("meio", "")
    return redirect(cip_lots.ask_sending(cips=cips, rastreios=numbers, meio=meio, by=request.user, at=now))


@require_POST
def print_letters(request: HttpRequest) -> FileResponse:
    """The letters of the ticked CIPs in one file, in the order of the list."""
    letters = [cip.documento for cip in _ticked(request) if cip.documento]
    return FileResponse(print_together(letters), content_type="application/pdf", filename="cips.pdf")


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Ask for a CIP to every reclamado without one in the ticked cases."""
    parties = Reclamado.objects.visible_to(request.user).filter(atendimento__in=_keys(request, "caso"))
    running = CIP.objects.exclude(status=CIP.Status.BAIXADA)
    without = list(parties.exclude(cips__in=running).order_by("atendimento_id", "pk")[: cip_lots.MOST + 1])
    if not without:
        messages.info(request, "Nos atendimentos marcados não há fornecedor sem CIP em andamento.")
        return redirect("atendimentos")
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return redirect(cip_lots.ask_issue(reclamados=without, by=request.user, at=now))


@require_GET
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """How a batch gets on: counted, and row by row with the reasons."""
    lote = get_object_or_404(Lote.objects.visible_to(request.user), pk=pk)
    context: dict[str, Any] = lote.itens.aggregate(
        total=Count("pk"), tratados=Count("feito_em"), recusados=Count("pk", filter=~Q(recusa=""))
    )
    context["feitos"] = context["tratados"] - context["recusados"]
    rows = lote.itens.select_related("reclamado__fornecedor", "reclamado__atendimento").order_by("ordem")
    context |= {"lote": lote, "linhas": rows, "acabou": context["total"] == context["tratados"]}
    return render(request, "cases/_cip_lote.html" if request.htmx else "cases/cip_lote.html", context)


def _keys(request: HttpRequest, name: str) -> set[int]:
    typed = request.POST.getlist(name)[: cip_lots.MOST + 1]
    return {int(key) for key in typed if key.isascii() and key.isdecimal() and len(key) < 19}


def _ticked(request: HttpRequest) -> list[CIP]:
    chosen = CIP.objects.visible_to(request.user).filter(pk__in=_keys(request, "cip"))
    return list(chosen.select_related("documento").defer("documento__dados").order_by(*ORDER))
