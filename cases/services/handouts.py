"""Papers that the counter hands out: the declaration of attendance, and the models of procuração and preposição."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import Atendimento, Reclamado
from cases.services.letters import consumer_data, representative_data, supplier_data
from documents.models import Documento
from documents.services import issue
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole

PURPOSE = "atendimento sobre relação de consumo"


@whole
def issue_attendance(
    *, atendimento: Atendimento, dia: date, inicio: time, fim: time, finalidade: str = "", by: User, at: datetime
) -> Documento:
    """Freeze the declaração de comparecimento of the consumer, or of who acts for them; it tells nothing of the case.

    `dia`, `inicio` and `fim` are the office's time; a stay that has not ended is refused.
    """
    _check_counter(atendimento, by)
    person = representative_data(atendimento) or consumer_data(atendimento.consumidor)
    if not person:
        raise ContentRefused("Este atendimento não tem consumidor. Registre quem compareceu antes de declarar.")
    zone = timezone.get_default_timezone()
    came, left = (datetime.combine(dia, moment, zone) for moment in (inicio, fim))
    if left <= came:
        raise ContentRefused(
            "A saída vem depois da chegada. Confira as duas horas.",
            errors={"fim": "Escreva uma hora depois."},
        )
    if left > at:
        raise ContentRefused(
            "A declaração só diz o que já houve. Escreva a hora em que a pessoa saiu, ou a de agora.",
            errors={"fim": "Esta hora ainda não chegou."},
        )
    extra = {
        "pessoa": {"nome": person["nome"], "cpf": person.get("cpf", "")},
        "qualidade": str(person.get("qualidade", "")).lower() or "consumidor(a)",
        "inicio": came,
        "fim": left,
        "finalidade": finalidade or PURPOSE,
        "signatario": {"nome": by.nome},
    }
    return _issue(Documento.Tipo.DECLARACAO_DE_COMPARECIMENTO, atendimento, extra, by=by, at=at)


@whole
def issue_proxy_model(*, atendimento: Atendimento, by: User, at: datetime) -> Documento:
    """Freeze a model of procuração with what is known of the consumer; the rest is left to be written by hand."""
    _check_counter(atendimento, by)
    known = representative_data(atendimento)
    extra = {
        "outorgante": consumer_data(atendimento.consumidor),
        "outorgado": {key: known[key] for key in ("nome", "cpf", "oab") if known.get(key)},
    }
    return _issue(Documento.Tipo.PROCURACAO, atendimento, extra, by=by, at=at)


@whole
def issue_preposto_model(*, reclamado: Reclamado, by: User, at: datetime) -> Documento:
    """Freeze a model of carta de preposição for one supplier of the case."""
    atendimento = reclamado.atendimento
    _check_counter(atendimento, by)
    extra = {"fornecedor": supplier_data(reclamado.fornecedor)}
    return _issue(Documento.Tipo.CARTA_DE_PREPOSICAO, atendimento, extra, by=by, at=at)


def _check_counter(atendimento: Atendimento, by: User) -> None:
    if not by.papeis_em(atendimento.unidade_id) & set(acts.COUNTER):
        raise ActNotAllowed(
            "Estes documentos são emitidos pelo atendente ou pelo coordenador da unidade. Peça a um deles que o emita."
        )


def _issue(kind: Documento.Tipo, case: Atendimento, extra: dict[str, Any], *, by: User, at: datetime) -> Documento:
    return issue(
        kind,
        titulo=f"{kind.label} – atendimento {case.protocolo}",
        dados={"protocolo": case.protocolo, **extra},
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
    )
