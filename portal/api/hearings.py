"""Hearings as an integration reads them: those of its own cases, and what the consumer is told of one of them.

Nothing here names who in the office conducts a hearing, nor says what another party confirmed, asked for or wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import User
from cases.models import Reclamado
from hearings.models import Audiencia, PedidoDeRemarcacao
from hearings.queries import PENDING
from hearings.render import invitation
from hearings.services import Slot, agenda_rules, consumer_of
from portal.api.queries import opens, until
from portal.api.representation import moment, supplier
from portal.tracking import key_matches

_WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")


def hearings_of(user: User) -> QuerySet[Audiencia]:
    """The hearings of the cases that this integration registered, with what the list shows of them."""
    return _with_parties(Audiencia.objects.filter(integracao=user).select_related("atendimento__unidade"))


def narrowed(hearings: QuerySet[Audiencia], wanted: dict[str, Any]) -> QuerySet[Audiencia]:
    """Narrow by the filters of the list."""
    if "situacao" in wanted:
        hearings = hearings.filter(status=wanted["situacao"])
    if "protocolo" in wanted:
        hearings = hearings.filter(atendimento__protocolo=wanted["protocolo"])
    if "de" in wanted:
        hearings = hearings.filter(inicio__gte=opens(wanted["de"]))
    if "ate" in wanted:
        hearings = hearings.filter(**until("inicio", wanted["ate"]))
    return hearings


def one_hearing(user: User, pk: int, key: str | None) -> Audiencia | None:
    """The hearing `pk` of one of `user`'s cases or, with the case's tracking key, of another's; else None."""
    every = _with_parties(
        Audiencia.objects.select_related(
            "atendimento__unidade__regras_da_agenda", "atendimento__consumidor", "sala", "seguinte"
        )
    )
    if found := every.filter(integracao=user, pk=pk).first():
        return found
    if key is None:
        return None
    found = every.filter(pk=pk).first()
    opened = key_matches(key, found.atendimento.chave_hash if found else "")
    return found if opened else None


def slots(found: Sequence[Slot], *, unidade: str, modalidade: str) -> list[dict[str, Any]]:
    """Free times: neither the room nor the conciliator, which the office chooses when it books."""
    return [
        {"inicio": moment(one.inicio), "fim": moment(one.fim), "modalidade": modalidade, "unidade": unidade}
        for one in found
    ]


def hearing_rows(found: Sequence[Audiencia]) -> list[dict[str, Any]]:
    """The hearings as the list shows them."""
    return [hearing_row(one) for one in found]


def hearing_row(one: Audiencia) -> dict[str, Any]:
    """One hearing, without what only its case's consumer is told."""
    return {
        "id": one.pk,
        "protocolo": one.atendimento.protocolo,
        "unidade": one.atendimento.unidade.codigo,
        "situacao": one.status,
        "resultado": one.resultado or None,
        "inicio": moment(one.inicio),
        "fim": moment(one.fim),
        "modalidade": one.modalidade,
        "fornecedores": [supplier(item.fornecedor) for item in one.reclamados.all()],
        "anterior": one.anterior_id,
    }


def whole_hearing(one: Audiencia, *, at: datetime) -> dict[str, Any]:
    """One hearing as its consumer is told of it at `at`."""
    party = consumer_of(one)
    key = party.key if party else ""
    said = next((row.quando for row in one.confirmacoes.all() if row.parte == key), None)
    asked = [row for row in one.pedidos.all() if row.parte == key]
    standing = one.status in PENDING and one.inicio > at
    open_now = party is not None and standing
    return {
        **hearing_row(one),
        "situacao_descricao": one.get_status_display(),
        "descricao": _told(one, said, standing=standing),
        "local": _place(one),
        "link": one.sala.link if one.modalidade != Audiencia.Modalidade.PRESENCIAL and one.sala.link else None,
        "levar": party.bring if party else "",
        "tolerancia_minutos": agenda_rules(one.atendimento.unidade).tolerancia,
        "seguinte": one.seguinte.pk if hasattr(one, "seguinte") else None,
        "confirmacao": {"confirmada_em": moment(said), "pode_confirmar": open_now and said is None},
        "remarcacao": {
            "pedir_ate": moment(one.inicio),
            "pode_pedir": open_now and all(row.decidido_em for row in asked),
            "pedidos": [_request(row) for row in asked],
        },
    }


def calendar(one: Audiencia, *, at: datetime) -> str:
    """The hearing as the calendar that messages carry; of a date that is gone, what takes it out of a calendar."""
    return invitation(one, at=at, cancelled=one.status == Audiencia.Status.CANCELADA)


def _with_parties(hearings: QuerySet[Audiencia]) -> QuerySet[Audiencia]:
    called = Reclamado.objects.select_related("fornecedor").order_by("pk")
    return hearings.prefetch_related(Prefetch("reclamados", called))


def _request(asked: PedidoDeRemarcacao) -> dict[str, Any]:
    return {
        "motivo": asked.motivo,
        "preferencias": [moment(one) for one in asked.preferencias],
        "pedido_em": moment(asked.pedido_em),
        "decidido_em": moment(asked.decidido_em),
        "atendido": asked.atendido,
        "resposta": asked.resposta,
    }


def _place(one: Audiencia) -> dict[str, str] | None:
    if one.modalidade == Audiencia.Modalidade.VIRTUAL:
        return None
    return {"sala": one.sala.nome, "endereco": one.atendimento.unidade.onde}


def _told(one: Audiencia, said: datetime | None, *, standing: bool) -> str:
    """How the hearing stands, in words for the consumer."""
    match one.status:
        case Audiencia.Status.CANCELADA:
            return "A audiência foi cancelada. Não é preciso vir."
        case Audiencia.Status.REDESIGNADA:
            new = f": é {_when(one.seguinte.inicio)}" if hasattr(one, "seguinte") else ""
            return f"Esta data não vale mais, e a audiência tem nova data{new}."
        case Audiencia.Status.REALIZADA:
            return f"A audiência foi realizada em {_when(one.inicio)}: {one.get_resultado_display().lower()}."
        case Audiencia.Status.NAO_REALIZADA:
            return f"A audiência de {_when(one.inicio)} não aconteceu: {one.get_resultado_display().lower()}."
    if not standing:
        return f"A audiência estava marcada para {_when(one.inicio)}, e o resultado ainda não foi registrado."
    coming = "Sua presença está confirmada." if said else "Confirme que vem, ou peça outra data antes do início."
    return f"A audiência de conciliação é {_when(one.inicio)} ({one.get_modalidade_display().lower()}). {coming}"


def _when(value: datetime) -> str:
    local = timezone.localtime(value)
    return f"{_WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y, às %H:%M}"
