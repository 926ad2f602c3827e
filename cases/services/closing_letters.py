"""The papers of a case's end: the ficha de baixa, and the letter that tells the consumer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import CIP, Atendimento, Classificacao, Defesa, Desfecho
from cases.services.letters import case_data, supplier_data
from documents.models import Documento
from documents.services import issue
from workflow.errors import ActNotAllowed
from workflow.integrity import whole
from workflow.services import require_papel

#: What the letter says of an end that the consumer brought about by staying away; the others say the desfecho.
_ARCHIVED = (
    "O atendimento foi arquivado como desistência, porque não houve notícia sua, ou porque a ausência à audiência não "
    "foi justificada no prazo."
)


def issue_closing_sheet(atendimento: Atendimento, *, by: User, at: datetime) -> Documento | None:
    """Freeze the ficha de baixa: how the case ended, CIP by CIP and in the reclamação; nothing where it had neither."""
    lines = _letters(atendimento) + _complaint(atendimento)
    if not lines:
        return None
    sheet = {
        "baixas": lines,
        "encerrado_em": atendimento.encerrado_em,
        "signatario": {"nome": by.nome, "cargo": ""},
    }
    return _issue(Documento.Tipo.FICHA_DE_BAIXA, "Ficha de baixa", atendimento, sheet, by=by, at=at)


@whole
def closing_paper(*, atendimento: Atendimento, tipo: str, by: User, at: datetime) -> Documento:
    """The ficha de baixa or the letter to the consumer, to be printed: the one that stands, else a new one.

    The letter is for a consumer who has no e-mail address, or who asks for it on paper.
    """
    require_papel(by, atendimento.unidade_id, frozenset(acts.COUNTER), "emitir os papéis do encerramento")
    if atendimento.status != Atendimento.Status.ENCERRADO or atendimento.encerrado_em is None:
        raise ActNotAllowed("O caso não está encerrado. Estes papéis saem depois do encerramento.")
    issued = Documento.objects.filter(historico=atendimento.historico_id, tipo=tipo, substituido_por__isnull=True)
    standing = issued.filter(emitido_em__gte=atendimento.encerrado_em).order_by("-pk").first()
    if standing:
        return standing
    if tipo == Documento.Tipo.FICHA_DE_BAIXA:
        sheet = issue_closing_sheet(atendimento, by=by, at=at)
        if sheet is None:
            raise ActNotAllowed("Este caso não teve CIP nem reclamação, e não há baixa a dar. Emita o espelho.")
        return sheet
    return _issue_letter(atendimento, by=by, at=at)


def _issue_letter(case: Atendimento, *, by: User, at: datetime) -> Documento:
    if case.consumidor is None:
        raise ActNotAllowed("Este caso não tem consumidor a quem escrever.")
    told = f"O atendimento foi encerrado com o desfecho «{case.get_desfecho_display()}»."
    data = {
        "cabecalho": "Comunicação de encerramento",
        "texto": f"{_ARCHIVED if case.desfecho == Desfecho.DESISTENCIA else told}\n\n"
        "Se tiver fato ou documento novo, procure este Procon: o caso pode ser reaberto a seu pedido, com o "
        "mesmo número.",
        "signatario": {"nome": by.nome, "cargo": ""},
    }
    return _issue(Documento.Tipo.COMUNICACAO, "Comunicação de encerramento", case, data, by=by, at=at)


def _letters(case: Atendimento) -> list[dict[str, Any]]:
    letters = CIP.objects.filter(reclamado__atendimento=case).select_related("reclamado__fornecedor").order_by("pk")
    return [
        {
            "fornecedor": supplier_data(cip.reclamado.fornecedor),
            "por": "CIP",
            "emitida_em": timezone.localdate(cip.emitida_em),
            "ciencia_em": cip.cientificada_em,
            "respondida_em": _day(cip.respondida_em),
            "baixada_em": _day(cip.baixada_em),
            "resultado": cip.get_resultado_display(),
        }
        for cip in letters
    ]


def _complaint(case: Atendimento) -> list[dict[str, Any]]:
    """One line for each reclamado: its class where it was decided, else the desfecho of the case."""
    turns: Sequence[Defesa] = (
        Defesa.objects.current().filter(reclamacao__atendimento=case).select_related("reclamado__fornecedor")
    )
    decided = {
        row.reclamado_id: row.get_valor_display()
        for row in Classificacao.objects.current().filter(reclamado__atendimento=case)
    }
    return [
        {
            "fornecedor": supplier_data(turn.reclamado.fornecedor),
            "por": "Reclamação",
            "ciencia_em": turn.recebida_em,
            "respondida_em": _day(turn.apresentada_em),
            "baixada_em": _day(case.encerrado_em),
            "resultado": decided.get(turn.reclamado_id) or case.get_desfecho_display(),
        }
        for turn in turns
    ]


def _day(moment: datetime | None) -> Any:
    return timezone.localdate(moment) if moment else None


def _issue(tipo: str, name: str, case: Atendimento, extra: dict[str, Any], *, by: User, at: datetime) -> Documento:
    issued = Documento.objects.filter(historico=case.historico_id, tipo=tipo, substituido_por__isnull=True)
    return issue(
        tipo,
        titulo=f"{name} – atendimento {case.protocolo}",
        dados={**case_data(case), **extra},
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
        supersedes=issued.order_by("-pk").first(),
    )
