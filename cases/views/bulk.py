"""One act on many cases: choose them, see who can and who cannot, do it, read what came of each."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.forms.bulk import BULK
from cases.models import Atendimento
from cases.services import bulk
from cases.views.listing import filtered

KEY = "lotes"
#: How many choices of cases a session remembers.
KEPT = 3


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the ticked cases, or all of the filter up to the limit."""
    if "todos" in request.POST:
        chosen = filtered(request, QueryDict(request.POST.get("consulta", "").replace("\x00", "")))
        keys = list(chosen.qs.order_by(*chosen.order).values_list("pk", flat=True)[: bulk.MOST + 1])
    else:
        ticked = {
            int(key) for key in request.POST.getlist("caso")[: bulk.MOST + 1] if key.isdecimal() and len(key) < 19
        }
        keys = list(Atendimento.objects.visible_to(request.user).filter(pk__in=ticked).values_list("pk", flat=True))
    if not keys:
        messages.info(request, "Marque ao menos um atendimento na lista.")
        return redirect(f"{reverse('atendimentos')}?ordem=recentes")
    if len(keys) > bulk.MOST:
        messages.info(request, f"São mais de {bulk.MOST}: ficaram os primeiros {bulk.MOST}, na ordem da lista.")
    name = secrets.token_urlsafe(8)
    kept = [*request.session.get(KEY, {}).items(), (name, {"casos": keys[: bulk.MOST]})]
    request.session[KEY] = dict(kept[-KEPT:])
    return redirect("lote", name)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, lote: str) -> HttpResponse:
    """The chosen cases: which act, who can and who cannot; by POST it is done."""
    kept = _kept(request, lote)
    if "resultado" in kept:
        return redirect("lote_resultado", lote)
    name = (request.POST if request.method == "POST" else request.GET).get("ato", "")
    cases = _cases(request, kept)
    if name not in BULK:
        return render(request, "cases/lote.html", {"lote": lote, "casos": cases, "atos": _acts()})
    label, form_class = BULK[name]
    form = form_class(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        done = bulk.perform(name, cases, form.cleaned_data, by=request.user, at=now)
        request.session[KEY][lote] = {**kept, "ato": label, "resultado": [asdict(outcome) for outcome in done]}
        request.session.modified = True
        return redirect("lote_resultado", lote)
    told = [(case, bulk.why_not(name, case, by=request.user, desfecho=form.data.get("desfecho", ""))) for case in cases]
    context = {
        "lote": lote,
        "ato": name,
        "rotulo": label,
        "form": form,
        "podem": [case for case, reason in told if not reason],
        "nao_podem": [(case, reason) for case, reason in told if reason],
        "atos": _acts(),
    }
    return render(request, "cases/lote.html", context, status=422 if form.is_bound else 200)


@require_GET
def outcome(request: HttpRequest, lote: str) -> HttpResponse:
    """What came of each case."""
    kept = _kept(request, lote)
    if "resultado" not in kept:
        return redirect("lote", lote)
    done = [row for row in kept["resultado"] if row["feito"]]
    refused = [row for row in kept["resultado"] if not row["feito"]]
    return render(request, "cases/lote_resultado.html", {"ato": kept["ato"], "feitos": done, "recusados": refused})


def _acts() -> list[tuple[str, str]]:
    return [(name, label) for name, (label, _) in BULK.items()]


def _kept(request: HttpRequest, lote: str) -> dict[str, Any]:
    kept = request.session.get(KEY, {}).get(lote)
    if kept is None:
        raise Http404("Esta escolha de casos não está mais guardada. Marque-os de novo na lista.")
    return kept


def _cases(request: HttpRequest, kept: dict[str, Any]) -> list[Atendimento]:
    rows = Atendimento.objects.visible_to(request.user).filter(pk__in=kept["casos"])
    return list(
        rows.select_related("consumidor", "unidade", "atendente", "historico", "reclamacao").order_by("-aberto_em")
    )
