"""The finder over the stored suppliers, and what an auditor decides about its groups."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.models import User
from cases.services import register
from parties.models import (
    BuscaDeDuplicados,
    Fornecedor,
    Grafia,
    GrupoDeDuplicados,
    ItemDeDuplicados,
    NaoDuplicado,
)
from parties.services import dismiss_group, merge_group, merge_suppliers, register_supplier, request_search, run_search
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused

pytestmark = pytest.mark.django_db


def search(iara: User) -> list[list[tuple[str, int, str]]]:
    """Run the finder; its groups as (name, points, reason), the first of each group first."""
    request_search(by=iara, at=NOW)
    run_search(at_clock=lambda: NOW)
    return [
        [(item.fornecedor.razao_social, item.pontos, item.motivo) for item in grupo.itens.all()]
        for grupo in GrupoDeDuplicados.objects.filter(decidido_em__isnull=True)
    ]


@pytest.fixture
def shops(cast: Cast) -> dict[str, Fornecedor]:
    """The shop under three more registrations."""
    return {
        name: register_supplier(razao_social=name) for name in ("LOJA MODELO S/A", "Loja Modello", "Modelo Lojas ME")
    }


def group_of(iara: User) -> GrupoDeDuplicados:
    search(iara)
    return GrupoDeDuplicados.objects.get()


FIRST = (100, "o mais usado, ou o que tem CNPJ")


def test_the_finder_stores_groups_with_their_evidence(cast: Cast, iara: User, shops: dict[str, Fornecedor]) -> None:
    told = {"tipo": "simples_consulta", "canal": "pessoal", "consumidor": cast.ana}
    register(by=cast.bruno, at=NOW, unidade=cast.unidade, fornecedores=[shops["Loja Modello"]], **told)

    groups = search(iara)

    assert (
        groups
        == [
            [
                ("Loja Modelo Ltda", *FIRST),
                ("LOJA MODELO S/A", 90, "mesmo nome"),
                ("Modelo Lojas ME", 90, "mesmo nome"),
                ("Loja Modello", 50, "nome parecido (71%)"),
            ]
        ]
        or groups
    )
    done = BuscaDeDuplicados.objects.get()
    assert (done.etapa, done.andamento, done.encontrados, done.aberta, done.terminada_em) == (
        "terminada", 100, 1, False, NOW,
    )  # fmt: skip
    assert ItemDeDuplicados.objects.get(fornecedor=shops["Loja Modello"]).casos == 1


def test_branches_of_one_root_are_brought_together(cast: Cast, iara: User) -> None:
    Fornecedor.objects.create(razao_social="Filial", cnpj="12ABC34500ZZ99")

    assert search(iara) == [[("Loja Modelo Ltda", *FIRST), ("Filial", 100, "mesma raiz de CNPJ")]]


def test_spellings_count_and_natural_persons_do_not(cast: Cast, iara: User) -> None:
    Grafia.objects.create(fornecedor=cast.loja, nome="Armazém Silva")
    register_supplier(razao_social="ARMAZEM SILVA")
    register_supplier(razao_social="Armazém Silva", cpf="52998224725")

    assert search(iara) == [[("Loja Modelo Ltda", *FIRST), ("ARMAZEM SILVA", 90, "mesmo nome")]]


def test_what_was_merged_is_not_brought_up(cast: Cast, iara: User, shops: dict[str, Fornecedor]) -> None:
    merge_suppliers(survivor=cast.loja, others=shops.values(), motivo="Igual.", by=iara, at=NOW)

    assert search(iara) == []


def test_a_new_search_replaces_what_nobody_decided(cast: Cast, iara: User, shops: dict[str, Fornecedor]) -> None:
    assert len(search(iara)) == 1
    assert len(search(iara)) == 1
    assert BuscaDeDuplicados.objects.count() == 2


def test_a_group_is_merged_and_the_rest_is_not_asked_again(
    cast: Cast, iara: User, shops: dict[str, Fornecedor]
) -> None:
    grupo = group_of(iara)
    same, *others = [item.fornecedor for item in grupo.itens.filter(primeiro=False)]

    fusao = merge_group(grupo=grupo, survivor=cast.loja, others=[same], motivo="Igual.", by=iara, at=NOW)

    grupo.refresh_from_db()
    assert (grupo.fusao, grupo.decidido_por, list(fusao.fundidos.all())) == (fusao, iara, [same])
    assert NaoDuplicado.objects.count() == len(others)
    assert all(cast.loja.razao_social not in [name for name, _, _ in group] for group in search(iara))


def test_not_the_same_is_remembered(cast: Cast, iara: User) -> None:
    twin = register_supplier(razao_social="LOJA MODELO")
    grupo = group_of(iara)

    dismiss_group(grupo=grupo, by=iara, at=NOW)

    assert NaoDuplicado.objects.get().um_id == min(cast.loja.pk, twin.pk)
    assert search(iara) == []


def test_a_group_is_decided_once(cast: Cast, iara: User, shops: dict[str, Fornecedor]) -> None:
    grupo = group_of(iara)
    dismiss_group(grupo=grupo, by=iara, at=NOW)

    with pytest.raises(ActNotAllowed, match="Alguém foi mais rápido"):
        dismiss_group(grupo=grupo, by=iara, at=NOW)
    with pytest.raises(ActNotAllowed, match="Alguém foi mais rápido"):
        merge_group(grupo=grupo, survivor=cast.loja, others=[], motivo="Igual.", by=iara, at=NOW)


def test_a_stranger_to_the_group_is_not_merged_with_it(cast: Cast, iara: User, shops: dict[str, Fornecedor]) -> None:
    grupo = group_of(iara)

    with pytest.raises(ContentRefused, match="não é deste grupo"):
        merge_group(grupo=grupo, survivor=cast.loja, others=[cast.banco], motivo="Igual.", by=iara, at=NOW)
    grupo.refresh_from_db()
    assert grupo.decidido_em is None


def test_one_search_is_open_at_a_time(cast: Cast, iara: User) -> None:
    request_search(by=iara, at=NOW)

    with pytest.raises(ActNotAllowed, match="Já há uma busca de duplicados em andamento"):
        request_search(by=iara, at=NOW)


def test_only_an_auditor_decides(cast: Cast, iara: User, shops: dict[str, Fornecedor]) -> None:
    grupo = group_of(iara)

    with pytest.raises(ActNotAllowed, match="o ato cabe a Auditor"):
        request_search(by=cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Auditor"):
        merge_group(grupo=grupo, survivor=cast.loja, others=[], motivo="Igual.", by=cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Auditor"):
        dismiss_group(grupo=grupo, by=cast.dora, at=NOW)
    assert BuscaDeDuplicados.objects.count() == 1


def test_nobody_asked_nothing_runs(cast: Cast) -> None:
    assert run_search(at_clock=lambda: NOW) == 0


def test_a_search_that_somebody_runs_is_not_run_twice(cast: Cast, iara: User) -> None:
    request_search(by=iara, at=NOW)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('parties_busca_de_duplicados'))")
            held.set()
            done.wait(60)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(60)
    ran = run_search(at_clock=lambda: NOW)
    done.set()
    other.join()

    assert (ran, BuscaDeDuplicados.objects.get().etapa) == (0, "na fila")
