"""The day's list as a PDF, by room or by conciliator."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import CASE_READERS
from documents.render import day_list
from hearings.forms import DayForm
from hearings.models import Audiencia
from listing.order import by_name
from parties.priority import RANK_NONE
from workflow.services import log_export

#: What left the agenda is not on the door.
GONE = ("redesignada", "cancelada")


@require_GET
def pauta(request: HttpRequest) -> HttpResponse:
    """The hearings of one day on paper, a table for each room (or conciliator); that somebody took it is logged."""
    if not request.user.unidades_com(CASE_READERS):
        raise Http404
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    form = DayForm(request.GET, user=request.user)
    chosen = form.chosen()
    day = chosen.get("dia") or timezone.localdate(now)
    by_person = chosen.get("por") == "conciliador"
    rows = form.narrow(Audiencia.objects.visible_to(request.user).on_day(day).exclude(status__in=GONE))
    owner = "conciliador" if by_person else "sala"
    listed = list(
        rows.with_everything().order_by(
            "atendimento__unidade__codigo", by_name(f"{owner}__nome"), owner, "inicio", "pk"
        )
    )
    log_export(
        by=request.user, pagina="pauta", filtro={"dia": f"{day}", "por": owner, "de": chosen.get("recurso", "")},
        linhas=len(listed),
    )  # fmt: skip
    answer = HttpResponse(day_list(_data(day, listed, by_person=by_person), at=now), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="pauta-{day:%Y-%m-%d}.pdf"'
    return answer


def _data(day: date, rows: list[Audiencia], *, by_person: bool) -> dict[str, Any]:
    unidades = {str(row.atendimento.unidade) for row in rows}

    def title(row: Audiencia) -> str:
        name = str(row.conciliador if by_person else row.sala)
        return f"{name} – {row.atendimento.unidade}" if len(unidades) > 1 else name

    return {
        "dia": day.isoformat(),
        "unidade": unidades.pop() if len(unidades) == 1 else "",
        "outro": "Sala" if by_person else "Conciliador",
        "grupos": [
            {"titulo": name, "linhas": [_line(row, by_person=by_person) for row in some]}
            for name, some in groupby(rows, key=title)
        ],
    }


def _line(row: Audiencia, *, by_person: bool) -> dict[str, Any]:
    start, end = timezone.localtime(row.inicio), timezone.localtime(row.fim)
    return {
        "horario": f"{start:%H:%M}–{end:%H:%M}",
        "protocolo": row.atendimento.protocolo,
        "consumidor": str(row.atendimento.consumidor or "sem consumidor"),
        "prioridade": row.atendimento.prioridade < RANK_NONE,
        "fornecedores": [str(item.fornecedor) for item in row.reclamados.all()],
        "outro": str(row.sala if by_person else row.conciliador),
        "modalidade": row.get_modalidade_display(),
        "link": row.sala.link if row.modalidade != Audiencia.Modalidade.PRESENCIAL else "",
        "situacao": row.get_status_display(),
    }
