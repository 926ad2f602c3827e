"""The suppliers' inbox: the way in by a link sent to the enrolled address, the list, and one answer for several."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import CIP
from cases.services.cip import PRESUMPTION
from cases.services.presumption import presumption_of
from deadlines.services import counting
from listing.pages import PAGE_SIZE, keyset_page
from parties.models import AdesaoCipEletronica
from portal.api.throttling import address_of, seconds_to_wait
from portal.forms import CaixaForm, FiltroDaCaixaForm, LinkForm, RespostaVariasForm
from portal.services import answer_several, ask_for_link, covered_by, use_link
from portal.views.inbox_door import close_inbox, in_the_inbox, open_inbox, whose

NO_LINK = "Este link não vale mais: já foi usado, passou de trinta minutos ou está incompleto. Peça outro."


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask for a link by CNPJ. The answer is the same for any CNPJ; many tries are told to wait."""
    if request.method != "POST":
        return redirect("caixa_cips") if whose(request) else render(request, "portal/caixa.html", {"form": CaixaForm()})
    form = CaixaForm(request.POST)
    valid = form.is_valid()
    wait = seconds_to_wait("caixa", address_of(request))
    if valid and not wait:
        key = salted_hmac("caixa", form.cleaned_data["cnpj"], algorithm="sha256").hexdigest()
        wait = seconds_to_wait("caixa_cnpj", key)
    if wait:
        form.add_error(None, f"Muitos pedidos. Espere {wait} segundos e tente de novo.")
        return render(request, "portal/caixa.html", {"form": form}, status=429)
    if not valid:
        return render(request, "portal/caixa.html", {"form": form}, status=422)
    ask_for_link(cnpj=form.cleaned_data["cnpj"], at=timezone.now())  # noqa: TID251  the edge reads the clock
    return redirect("caixa_pedida")


@login_not_required
@never_cache
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """What happens now, said to everybody alike."""
    return render(request, "portal/caixa_pedida.html")


@login_not_required
@never_cache
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link: a button, for any token. Only the button uses it up, so a mail scanner does not."""
    return render(request, "portal/caixa_link.html", {"form": LinkForm(initial={"token": token})})


@login_not_required
@never_cache
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Use the link up and open the inbox. The token comes in the body, so that no log of refusals holds it."""
    form = LinkForm(request.POST)
    if seconds_to_wait("caixa_link", address_of(request)):
        return render(request, "portal/caixa.html", {"form": CaixaForm(), "aviso": "Espere um minuto."}, status=429)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    term = use_link(token=form.cleaned_data["token"], at=now) if form.is_valid() else None
    if term is None:
        return render(request, "portal/caixa.html", {"form": CaixaForm(), "aviso": NO_LINK}, status=422)
    open_inbox(request, term)
    return redirect("caixa_cips")


@login_not_required
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the inbox in this browser."""
    close_inbox(request)
    messages.success(request, "Você saiu da caixa de CIPs.")
    return redirect("caixa")


@in_the_inbox
@require_GET
def listing(request: HttpRequest, term: AdesaoCipEletronica) -> HttpResponse:
    """The CIPs of the company, by whatever means they were sent: what lapses first on top, the answered newest first.

    What has no term yet comes after what has one, the oldest first: it is the next to be presumed received.
    """
    form = FiltroDaCaixaForm(request.GET)
    which = form.cleaned_data["quais"] if form.is_valid() else ""
    found = CIP.objects.in_inbox(covered_by(term)).select_related(
        "prazo", "reclamado__fornecedor", "reclamado__atendimento__assunto", "reclamado__atendimento__problema"
    )
    if which != "todas":
        found = found.answered() if which == "respondidas" else found.to_answer()
    order = ("-emitida_em", "-id") if which == "respondidas" else ("ate", "emitida_em", "id")
    page = keyset_page(found.with_urgency(), order, request.GET)
    consulta = f"quais={which}" if which else ""
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    closed = any(cip.status == CIP.Status.ENVIADA for cip in page.rows)
    count = counting(PRESUMPTION) if closed else None
    rows = [
        (cip, (cip.prazo.vence_em - today).days if cip.prazo else None, presumption_of(cip, count)) for cip in page.rows
    ]
    context = {"pagina": page, "linhas": rows, "form": form, "quais": which, "consulta": consulta, "adesao": term}
    return render(request, "portal/caixa_cips.html", context)


@in_the_inbox
@require_POST
def several(request: HttpRequest, term: AdesaoCipEletronica) -> HttpResponse:
    """One answer to the ticked CIPs: first the form, then what came of each; what was refused may be sent again."""
    chosen = _chosen(request, term)
    if not chosen:
        messages.info(request, "Marque ao menos uma CIP na lista.")
        return redirect("caixa_cips")
    context: dict[str, Any] = {"adesao": term}
    if "enviar" not in request.POST:
        return render(request, "portal/caixa_varias.html", context | {"cips": chosen, "form": RespostaVariasForm()})
    form = RespostaVariasForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/caixa_varias.html", context | {"cips": chosen, "form": form}, status=422)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    outcomes = answer_several(cips=chosen, at=now, **form.cleaned_data)
    left = [cip for cip, outcome in outcomes if outcome.motivo]
    context |= {"feitas": [(cip.pk, done) for cip, done in outcomes if done.recibo], "cips": left, "form": form}
    context["recusadas"] = [outcome for _, outcome in outcomes if outcome.motivo]
    return render(request, "portal/caixa_varias.html", context, status=409 if left else 200)


def _chosen(request: HttpRequest, term: AdesaoCipEletronica) -> list[CIP]:
    """The ticked CIPs that are in this inbox; those of others are not there."""
    ticked = {int(key) for key in request.POST.getlist("cip")[:PAGE_SIZE] if key.isdecimal() and len(key) < 19}
    mine = CIP.objects.for_supplier().in_inbox(covered_by(term))
    return list(mine.filter(pk__in=ticked).order_by("-emitida_em", "-id"))
