"""Filters that people keep. Not acts: they belong to no case."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db.models import Max

from accounts.models import Papel, Unidade, User
from cases.models import FiltroSalvo
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import require_papel

#: What is never kept: where one stands in the list, and whatever was typed or names a person.
NOT_KEPT = frozenset({"depois", "antes", "contar", "q", "busca", "em", "consumidor", "filtro", "mais"})
MOST = 40


@whole
def save_filter(
    *, nome: str, consulta: str, by: User, unidade: Unidade | None = None, padrao: bool = False
) -> FiltroSalvo:
    """Keep the filters of an address under a name; sharing them with an unidade is a coordenador's."""
    nome = " ".join(nome.split())
    if not nome or len(nome) > 60:
        raise ContentRefused("Dê ao filtro um nome de até 60 letras.", errors={"nome": "Escreva um nome curto."})
    if unidade is not None:
        require_papel(by, unidade.pk, frozenset({Papel.COORDENADOR}), "partilhar um filtro com a unidade")
    if by.filtros.count() >= MOST:
        raise ContentRefused(f"Você já guardou {MOST} filtros. Exclua um que não usa mais.")
    kept = urlencode([(name, value) for name, value in parse_qsl(consulta) if name not in NOT_KEPT])
    if len(kept) > 1000:
        raise ContentRefused("Este filtro é longo demais para guardar. Use menos condições.")
    if padrao:
        by.filtros.update(padrao=False)
    last = by.filtros.aggregate(last=Max("ordem"))["last"] or 0
    with refusals_from(FiltroSalvo):
        return FiltroSalvo.objects.create(
            dono=by, unidade=unidade, nome=nome, consulta=kept, ordem=last + 1, padrao=padrao
        )


@whole
def delete_filter(*, filtro: FiltroSalvo, by: User) -> None:
    """Forget a filter; only its owner may."""
    _own(filtro, by)
    filtro.delete()


@whole
def raise_filter(*, filtro: FiltroSalvo, by: User) -> None:
    """Put one's filter before the one above it."""
    _own(filtro, by)
    keys = list(by.filtros.order_by("ordem", "pk").values_list("pk", flat=True))
    place = keys.index(filtro.pk)
    if place:
        keys[place - 1 : place + 1] = keys[place], keys[place - 1]
    for number, key in enumerate(keys, 1):
        by.filtros.filter(pk=key).update(ordem=number)


@whole
def open_with_filter(*, filtro: FiltroSalvo, by: User) -> None:
    """The list opens with this one from now on; done again, with none."""
    _own(filtro, by)
    was = filtro.padrao
    by.filtros.update(padrao=False)
    if not was:
        by.filtros.filter(pk=filtro.pk).update(padrao=True)


def _own(filtro: FiltroSalvo, by: User) -> None:
    if filtro.dono_id != by.pk:
        raise ActNotAllowed(f"O filtro «{filtro}» é de outra pessoa. Peça a ela, ou guarde um igual com outro nome.")
