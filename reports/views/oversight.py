"""The manager's page: what is late, idle, waiting or failed, and the loads; each number leads to its list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from reports.oversight import OPEN, Gestao, oversee
from reports.queries import MANAGERS
from reports.views.files import FORMATOS, download

COLUMNS = ("Em andamento", *(status.label for status in OPEN))
WEEKS = ("Esta semana", "Semana que vem")


@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """As it is now, of what one may see; 404 for who manages nothing: the loads name people."""
    assert isinstance(request.user, User)
    managed = request.user.unidades_com(MANAGERS)
    if not managed:
        raise Http404("managing is for coordenador and autoridade")
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    found = oversee(request.user, managed, at=now, today=timezone.localdate(now))
    if formato := request.GET.get("formato"):
        rows = _rows(found)
        data = [{"quadro": quadro, "item": item, "total": total} for quadro, item, total in rows]
        return download(formato, f"gestao-{timezone.localdate(now)}", "Gestão", ("Quadro", "Item", "Total"), rows, data)
    context = {"gestao": found, "colunas": COLUMNS, "semanas": WEEKS, "formatos": FORMATOS, "agora": now}
    return render(request, "reports/gestao.html", context)


def _rows(found: Gestao) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (titulo, number.nome, number.total) for _, titulo, numbers in found.grupos for number in numbers
    ]
    for quadro, heads, loads in (
        ("Carga por atendente", COLUMNS, found.atendentes),
        ("Audiências por conciliador", WEEKS, found.conciliadores),
    ):
        for load in loads:
            who = f"{load.nome}, {load.unidade}" if load.unidade else load.nome
            rows += [(quadro, f"{who}: {head}", n) for head, (n, _) in zip(heads, load.numeros, strict=True)]
    return rows
