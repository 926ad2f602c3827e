"""What the encarregado does: requests of people about their own data, and everything stored about one person."""

from __future__ import annotations

from collections import deque
from datetime import date, datetime
from typing import Any

from django.db import models

from accounts.models import Papel, User
from cases.models import Atendimento, SolicitacaoDoTitular
from cases.rules.privacy import answer_until
from parties.models import Consumidor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole

#: Ways from a person's rows that lead to somebody else's.
_ASIDE = {
    "cases.Atendimento.refere_a", "cases.AtendimentoVersao.refere_a",
    "parties.ConsumidorFundido.fusao", "parties.ItemDeConsumidores.grupo",
}  # fmt: skip
#: Columns that say nothing to the person: computed for search, hashes of secrets, bytes.
_SILENT = {"nome_busca", "chave_hash", "pgh_context", "pgh_context_id"}
#: Rows that are told by their name.
_NAMED = {
    "accounts.User", "accounts.Unidade", "cases.Assunto", "cases.Orgao", "cases.Problema", "parties.Fornecedor",
    "deadlines.RegraDePrazo", "hearings.Sala",
}  # fmt: skip


def require_encarregado(by: User) -> None:
    """Refuse unless `by` is the office's data-protection officer."""
    if not by.has_papel(Papel.ENCARREGADO):
        raise ActNotAllowed("Isto cabe ao Encarregado de dados. Peça a quem tenha esse papel.")


@whole
def register_request(
    *,
    solicitante: str,
    pedido: str,
    texto: str,
    recebida_em: date,
    by: User,
    at: datetime,
    consumidor: Consumidor | None = None,
    responder_ate: date | None = None,
) -> SolicitacaoDoTitular:
    """Write down what a person asks about their own data; the term is LGPD's fifteen days unless another is given."""
    require_encarregado(by)
    if pedido not in SolicitacaoDoTitular.Pedido.values:
        raise ContentRefused("Escolha o que a pessoa pede.", errors={"pedido": "Escolha um da lista."})
    with refusals_from(SolicitacaoDoTitular):
        return SolicitacaoDoTitular.objects.create(
            consumidor=consumidor,
            solicitante=solicitante,
            pedido=pedido,
            texto=texto,
            recebida_em=recebida_em,
            responder_ate=responder_ate or answer_until(recebida_em),
            registrada_em=at,
            registrada_por=by,
        )


@whole
def answer_request(*, solicitacao: SolicitacaoDoTitular, resposta: str, by: User, at: datetime) -> SolicitacaoDoTitular:
    """Write down the answer, once."""
    require_encarregado(by)
    if not resposta.strip():
        raise ContentRefused("Escreva o que foi respondido.", errors={"resposta": "Escreva a resposta."})
    changes = {"resposta": resposta, "respondida_em": at, "respondida_por": by}
    if not SolicitacaoDoTitular.objects.filter(pk=solicitacao.pk, respondida_em__isnull=True).update(**changes):
        raise ActNotAllowed("Esta solicitação já foi respondida. Se há algo a acrescentar, registre outra.")
    for name, value in changes.items():
        setattr(solicitacao, name, value)
    return solicitacao


def rows_of_person(consumidor: Consumidor) -> dict[type[models.Model], set[Any]]:
    """Every row that belongs to a person, in every table, by model: followed from the tables that point to them.

    Whatever registration of theirs is given, all of them are read: what a merge made one is one person.
    A new table that points to a person, a case or a history is found without being named here.
    """
    family = set(Consumidor.objects.filter(pk=consumidor.pk).family_keys())
    found: dict[Any, set[Any]] = {Consumidor: family}
    waiting: deque[tuple[Any, set[Any]]] = deque([(Consumidor, family)])
    while waiting:
        model, numbers = waiting.popleft()
        for source, name in _pointing_to(model):
            fresh = set(source._base_manager.filter(**{f"{name}__in": numbers}).values_list("pk", flat=True))
            fresh -= found.get(source, set())
            if fresh:
                found.setdefault(source, set()).update(fresh)
                waiting.append((source, fresh))
        if model is Atendimento:
            histories = set(Atendimento.objects.filter(pk__in=numbers).values_list("historico_id", flat=True))
            history = Atendimento._meta.get_field("historico").related_model
            found.setdefault(history, set()).update(histories)
            waiting.append((history, histories))
    return found


def personal_data(consumidor: Consumidor) -> dict[str, list[dict[str, Any]]]:
    """Everything stored about one person, by table, ready for JSON; what each table is called is its model's name."""
    found = sorted(rows_of_person(consumidor).items(), key=lambda pair: pair[0]._meta.label)
    tables = {}
    for model, numbers in found:
        rows = model._base_manager.filter(pk__in=numbers).order_by("pk")
        tables[str(model._meta.verbose_name)] = [_as_dict(row) for row in rows]
    return tables


def _pointing_to(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    relations: Any = model._meta.get_fields(include_hidden=True)
    return [
        (item.related_model, item.field.name)
        for item in relations
        if item.auto_created
        and not item.concrete
        and (item.one_to_many or item.one_to_one)
        and f"{item.related_model._meta.label}.{item.field.name}" not in _ASIDE
    ]


def _as_dict(row: models.Model) -> dict[str, Any]:
    return {
        str(item.verbose_name): _plain(row, item)
        for item in row._meta.concrete_fields
        if item.name not in _SILENT and not isinstance(item, models.BinaryField)
    }


def _plain(row: models.Model, item: Any) -> Any:
    if item.is_relation and item.related_model._meta.label in _NAMED:
        return str(getattr(row, item.name)) if getattr(row, item.attname) is not None else None
    value = getattr(row, item.attname)
    if item.choices and not isinstance(value, list):
        return str(dict(item.flatchoices).get(value, value))
    return value if isinstance(value, (str, int, bool, list, dict, type(None))) else str(value)
