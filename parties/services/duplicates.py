"""Finding suppliers, and people, that may be one, and what an auditor decides about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count

from accounts.models import User
from parties.models import BuscaDeDuplicados, Consumidor, Fornecedor, Grafia, GrupoDeConsumidores, GrupoDeDuplicados
from parties.rules import Evidence, Pairs, Person, Registration, find_pairs, find_people, star_groups
from parties.services.kinds import KINDS, PEOPLE, Kind, kind_of
from parties.services.merging import merge_consumers, merge_suppliers, require_auditor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from

if TYPE_CHECKING:
    Groups = list[tuple[int, dict[int, Evidence]]]
    Grupo = GrupoDeDuplicados | GrupoDeConsumidores

_LOCK = "parties_busca_de_duplicados"
#: Groups written at once.
_BATCH = 2000
#: A group larger than this is shown in parts: nobody decides on more at a glance.
_GROUP = 40


@transaction.atomic
def request_search(*, by: User, at: datetime, alvo: str = BuscaDeDuplicados.Alvo.FORNECEDORES) -> BuscaDeDuplicados:
    """Ask for a run of the finder; the office's clock starts it within a minute. One of each kind is open at a time."""
    require_auditor(by, "procurar duplicados")
    with refusals_from(BuscaDeDuplicados):
        return BuscaDeDuplicados.objects.create(alvo=alvo, pedida_por=by, pedida_em=at)


def run_search(*, at_clock: Callable[[], datetime]) -> int:
    """Run the open searches, if there are any and nobody runs them. Returns the number of groups found.

    May be killed and run again: nothing is stored before the end, and the lock goes with the connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    try:
        searches = list(BuscaDeDuplicados.objects.filter(aberta=True).order_by("pk"))
        return sum(_run(search, KINDS[search.alvo], at_clock) for search in searches)
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


def read_people() -> tuple[list[Person], dict[int, int]]:
    """Every standing consumer with what tells people apart, and their number of cases; two reads.

    Those with a CPF come first, then those with most cases, as in `read_registrations`.
    """
    counts = Consumidor.objects.filter(atendimentos__isnull=False).order_by()
    cases = dict(counts.values_list("pk").annotate(n=Count("atendimentos")))
    fields = ("pk", "cpf", "nome", "nome_social", "nascimento", "telefone", "email", "cep")
    rows = Consumidor.objects.standing().order_by().values_list(*fields).iterator()
    found = [
        Person(pk, cpf or "", tuple(filter(None, (name, chosen))), birth, phone, email.lower(), cep)
        for pk, cpf, name, chosen, birth, phone, email, cep in rows
    ]
    return sorted(found, key=lambda row: (not row.cpf, -cases.get(row.pk, 0), row.pk)), cases


@transaction.atomic
def merge_group(*, grupo: Grupo, survivor: Any, others: Iterable[Any], motivo: str, by: User, at: datetime) -> Any:
    """Merge those of a group that are the same; the rest of the group is declared to be different from the survivor."""
    kind = kind_of(grupo)
    require_auditor(by, f"fundir {kind.plural}")
    members = _decide(grupo, kind, by=by, at=at)
    merged = {other.pk for other in others} - {survivor.pk}
    if not merged <= members or survivor.pk not in members:
        raise ContentRefused("Um dos escolhidos não é deste grupo. Atualize a página e escolha de novo.")
    merge: Any = merge_consumers if kind is PEOPLE else merge_suppliers
    fusao = merge(survivor=survivor, others=others, motivo=motivo, by=by, at=at)
    _declare(kind, survivor.pk, members - merged - {survivor.pk}, by=by, at=at)
    kind.grupo.objects.filter(pk=grupo.pk).update(fusao=fusao)
    return fusao


@transaction.atomic
def dismiss_group(*, grupo: Grupo, by: User, at: datetime) -> Grupo:
    """Declare that nobody in a group is the same as its first: these pairs are not brought up again."""
    require_auditor(by, "declarar que não são o mesmo")
    kind = kind_of(grupo)
    members = _decide(grupo, kind, by=by, at=at)
    first = getattr(grupo.itens.get(primeiro=True), f"{kind.field}_id")
    _declare(kind, first, members - {first}, by=by, at=at)
    return grupo


def _decide(grupo: Grupo, kind: Kind, *, by: User, at: datetime) -> set[int]:
    """Mark the group as decided, once. Returns the keys of its parties."""
    open_ones = kind.grupo.objects.filter(pk=grupo.pk, decidido_em__isnull=True)
    if not open_ones.update(decidido_em=at, decidido_por=by):
        raise ActNotAllowed("Alguém foi mais rápido: este grupo já foi decidido. Atualize a página.")
    return set(grupo.itens.values_list(f"{kind.field}_id", flat=True))


def _declare(kind: Kind, first: int, others: Iterable[int], *, by: User, at: datetime) -> None:
    pairs = [(min(first, other), max(first, other)) for other in sorted(others)]
    kind.par.objects.bulk_create(
        (kind.par(um_id=one, outro_id=two, declarado_por=by, declarado_em=at) for one, two in pairs),
        ignore_conflicts=True,
    )


def _run(search: BuscaDeDuplicados, kind: Kind, at_clock: Callable[[], datetime]) -> int:
    def tell(etapa: str, andamento: int) -> None:
        BuscaDeDuplicados.objects.filter(pk=search.pk).update(etapa=etapa, andamento=andamento)

    def compared(share: float) -> None:
        tell("comparando os nomes", 5 + int(share * 85))

    tell("lendo os cadastros", 1)
    rows: list[Any]
    if kind is PEOPLE:
        rows, cases = read_people()
        pairs = find_people(rows, compared)
    else:
        rows, cases = read_registrations()
        pairs = find_pairs(rows, compared)
    tell("gravando os grupos", 90)
    known = {row.pk for row in rows if row.number}
    groups = _in_parts(star_groups(_without_declared(kind, pairs), (row.pk for row in rows), known))
    _store(search, kind, groups, cases, at_clock())
    return len(groups)


def _without_declared(kind: Kind, pairs: Pairs) -> Pairs:
    for pair in kind.par.objects.order_by().values_list("um_id", "outro_id"):
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
def _store(search: BuscaDeDuplicados, kind: Kind, groups: Groups, cases: dict[int, int], at: datetime) -> None:
    """Write the groups down in place of the undecided ones of earlier runs, and close the search."""
    kind.grupo.objects.filter(decidido_em__isnull=True).delete()
    why = f"o mais usado, ou o que tem {'CPF' if kind is PEOPLE else 'CNPJ'}"
    for part in _batches(groups, _BATCH):
        made = kind.grupo.objects.bulk_create(
            kind.grupo(busca=search, pontos=max(item.pontos for item in members.values())) for _, members in part
        )
        items = []
        for grupo, (first, members) in zip(made, part, strict=True):
            everybody = {first: Evidence(100, why), **members}
            items += [
                kind.item(
                    grupo=grupo, primeiro=key == first, pontos=evidence.pontos, motivo=evidence.motivo,
                    casos=cases.get(key, 0), **{f"{kind.field}_id": key},
                )
                for key, evidence in everybody.items()
            ]  # fmt: skip
        kind.item.objects.bulk_create(items, batch_size=_BATCH)
    BuscaDeDuplicados.objects.filter(pk=search.pk).update(
        etapa="terminada", andamento=100, encontrados=len(groups), terminada_em=at, aberta=False
    )


def _batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
