"""What the case's page shows of its attachments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Papel
from cases.forms.attachments import AttachForm, RemoveForm
from cases.models import Anexo, Atendimento, Reclamado
from cases.services.attachments import ATTACHERS


@dataclass(frozen=True)
class Line:
    """One attachment on the page, with the form that removes it."""

    anexo: Anexo
    form: forms.Form | None
    address: str
    opened: bool = False


def attachments(
    request: HttpRequest, atendimento: Atendimento, reclamados: list[Reclamado], tried: Any
) -> dict[str, Any]:
    """The attachments of the case and the forms around them; one query."""
    papeis = request.user.papeis_em(atendimento.unidade_id)
    found = Anexo.objects.filter(atendimento=atendimento).select_related("enviado_por", "removido_por")
    names = {item.pk: str(item.fornecedor) for item in reclamados}
    lines = []
    for anexo in found:
        anexo.de_quem = names.get(anexo.reclamado_id, "")
        lines.append(_line(anexo, Papel.COORDENADOR in papeis, tried))
    may = bool(papeis & ATTACHERS)
    hit = may and tried is not None and tried.is_at("ANEXAR", atendimento.pk)
    form = tried.form if hit else attach_form(atendimento, reclamados)
    return {"anexos": lines, "anexar": form if may else None, "anexar_aberto": hit}


def attach_form(atendimento: Atendimento, reclamados: list[Reclamado], data: Any = None, files: Any = None) -> Any:
    """The form that takes files into this case."""
    return AttachForm(data, files, reclamados=reclamados, auto_id=f"anexar-{atendimento.pk}-%s")


def remove_form(anexo: Anexo, data: Any = None) -> RemoveForm:
    """The form that takes one attachment out of sight."""
    return RemoveForm(data, auto_id=f"remover-{anexo.pk}-%s")


def _line(anexo: Anexo, removable: bool, tried: Any) -> Line:
    address = reverse("anexo_remover", args=[anexo.pk])
    if not removable or anexo.removido_em is not None:
        return Line(anexo, None, address)
    hit = tried is not None and tried.is_at("REMOVER_ANEXO", anexo.pk)
    return Line(anexo, tried.form if hit else remove_form(anexo), address, opened=hit)
