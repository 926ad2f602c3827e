"""Finding suppliers that may be one, and what an auditor decides about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count

from accounts.models import User
from parties.models import (
    BuscaDeDuplicados,
    Fornecedor,
    Fusao,
    Grafia,
    GrupoDeDuplicados,
    ItemDeDuplicados,
    NaoDuplicado,
)
from parties.rules import Evidence, Pairs, Registration, find_pairs, star_groups
from parties.services.merging import merge_suppliers, require_auditor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from

if TYPE_CHECKING:
    Groups = list[tuple[int, dict[int, Evidence]]]

_LOCK = "parties_busca_de_duplicados"
#: Groups written at once.
_BATCH = 2000
#: A group larger than this is shown in parts: nobody decides on more at a glance.
_GROUP = 40


@transaction.atomic
def request_search(*, by: User, at: datetime) -> BuscaDeDuplicados:
    """Ask for a run of the finder; the office's clock starts it within a minute. One is open at a time."""
    require_auditor(by, "procurar duplicados")
    with refusals_from(BuscaDeDuplicados):
        return BuscaDeDuplicados.objects.create(pedida_por=by, pedida_em=at)


def run_search(*, at_clock: Callable[[], datetime]) -> int:
    """Run the open search, if there is one and nobody runs it. Returns the number of groups found.

    May be killed and run again: nothing is stored before the end, and the lock goes with the connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    try:
        search = BuscaDeDuplicados.objects.filter(aberta=True).first()
        return _run(search, at_clock) if search else 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])


def read_registrations() -> tuple[list[Registration], dict[int, int]]:
    """Every standing supplier that is no natural person with all its names, and its number of cases; three reads.

    Those with a CNPJ come first, then those with most cases: the first of a group is the one proposed to stay.
    """
    spellings: dict[int, list[str]] = {}
    for key, name in Grafia.objects.order_by("nome").values_list("fornecedor_id", "nome"):
        spellings.setdefault(key, []).append(name)
    counts = Fornecedor.objects.filter(reclamacoes__isnull=False).order_by()
    cases = dict(counts.values_list("pk").annotate(n=Count("reclamacoes")))
    fields = ("pk", "radical", "razao_social", "nome_fantasia")
    rows = Fornecedor.objects.standing().filter(cpf__isnull=True).order_by().values_list(*fields)
    found = [
        Registration(pk, root or "", tuple(filter(None, (name, trade, *spellings.get(pk, ())))))
        for pk, root, name, trade in rows
    ]
    return sorted(found, key=lambda row: (not row.root, -cases.get(row.pk, 0), row.pk)), cases


@transaction.atomic
def merge_group(
    *, grupo: GrupoDeDuplicados, survivor: Fornecedor, others: Iterable[Fornecedor], motivo: str, by: User, at: datetime
) -> Fusao:
    """Merge those of a group that are the same; the rest of the group is declared to be different from the survivor."""
    require_auditor(by, "fundir fornecedores")
    members = _decide(grupo, by=by, at=at)
    merged = {other.pk for other in others} - {survivor.pk}
    if not merged <= members or survivor.pk not in members:
        raise ContentRefused("Um dos escolhidos não é deste grupo. Atualize a página e escolha de novo.")
    fusao = merge_suppliers(survivor=survivor, others=others, motivo=motivo, by=by, at=at)
    _declare(survivor.pk, members - merged - {survivor.pk}, by=by, at=at)
    GrupoDeDuplicados.objects.filter(pk=grupo.pk).update(fusao=fusao)
    return fusao


@transaction.atomic
def dismiss_group(*, grupo: GrupoDeDuplicados, by: User, at: datetime) -> GrupoDeDuplicados:
    """Declare that nobody in a group is the same as its first: these pairs are not brought up again."""
    require_auditor(by, "declarar que não são o mesmo")
    members = _decide(grupo, by=by, at=at)
    first = grupo.itens.get(primeiro=True).fornecedor_id
    _declare(first, members - {first}, by=by, at=at)
    return grupo


def _decide(grupo: GrupoDeDuplicados, *, by: User, at: datetime) -> set[int]:
    """Mark the group as decided, once. Returns the keys of its suppliers."""
    open_ones = GrupoDeDuplicados.objects.filter(pk=grupo.pk, decidido_em__isnull=True)
    if not open_ones.update(decidido_em=at, decidido_por=by):
        raise ActNotAllowed("Alguém foi mais rápido: este grupo já foi decidido. Atualize a página.")
    return set(grupo.itens.values_list("fornecedor_id", flat=True))


def _declare(first: int, others: Iterable[int], *, by: User, at: datetime) -> None:
    pairs = [(min(first, other), max(first, other)) for other in sorted(others)]
    NaoDuplicado.objects.bulk_create(
        (NaoDuplicado(um_id=one, outro_id=two, declarado_por=by, declarado_em=at) for one, two in pairs),
        ignore_conflicts=True,
    )


def _run(search: BuscaDeDuplicados, at_clock: Callable[[], datetime]) -> int:
    def tell(etapa: str, andamento: int) -> None:
        BuscaDeDuplicados.objects.filter(pk=search.pk).update(etapa=etapa, andamento=andamento)

    tell("lendo os cadastros", 1)
    rows, cases = read_registrations()
    pairs = find_pairs(rows, lambda share: tell("comparando os nomes", 5 + int(share * 85)))
    tell("gravando os grupos", 90)
    groups = _in_parts(star_groups(_without_declared(pairs), (row.pk for row in rows)))
    _store(search, groups, cases, at_clock())
    return len(groups)


def _without_declared(pairs: Pairs) -> Pairs:
    for pair in NaoDuplicado.objects.order_by().values_list("um_id", "outro_id"):
        pairs.pop(pair, None)
    return pairs


def _in_parts(groups: Groups) -> Groups:
    """Groups of at most _GROUP others, the strongest evidence first."""
    return [
        (first, dict(part))
        for first, members in groups
        for part in _batches(sorted(members.items(), key=lambda item: (-item[1].pontos, item[0])), _GROUP)
    ]


@transaction.atomic
def _store(search: BuscaDeDuplicados, groups: Groups, cases: dict[int, int], at: datetime) -> None:
    """Write the groups down in place of the undecided ones of earlier runs, and close the search."""
    GrupoDeDuplicados.objects.filter(decidido_em__isnull=True).delete()
    for part in _batches(groups, _BATCH):
        made = GrupoDeDuplicados.objects.bulk_create(
            GrupoDeDuplicados(busca=search, pontos=max(item.pontos for item in members.values())) for _, members in part
        )
        items = []
        for grupo, (first, members) in zip(made, part, strict=True):
            everybody = {first: Evidence(100, "o mais usado, ou o que tem CNPJ"), **members}
            items += [
                ItemDeDuplicados(
                    grupo=grupo, fornecedor_id=key, primeiro=key == first, pontos=evidence.pontos,
                    motivo=evidence.motivo, casos=cases.get(key, 0),
                )
                for key, evidence in everybody.items()
            ]  # fmt: skip
        ItemDeDuplicados.objects.bulk_create(items, batch_size=_BATCH)
    BuscaDeDuplicados.objects.filter(pk=search.pk).update(
        etapa="terminada", andamento=100, encontrados=len(groups), terminada_em=at, aberta=False
    )


def _batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
