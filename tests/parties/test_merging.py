"""A merge is a pointer: what is shown and counted follows it, what was written stays, and it can be undone."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from accounts.models import User
from cases.models import Atendimento, Reclamado
from cases.services import register
from parties.models import Fornecedor, Fusao, Grafia
from parties.selfcheck import wrong_merges
from parties.services import correct_supplier, merge_suppliers, register_supplier, undo_merge
from reports.balance import Grupo, Supplier, balance
from reports.period import Periodo
from tests.conftest import NOW, Cast, make_cast
from tests.parties.merges import (
    LATER,
    auditor,
    is_undone_once,
    no_chain_on_any_path,
    says_who_when_and_why,
    won_of_a_ring,
)
from workflow.errors import ActNotAllowed, ContentRefused

pytestmark = pytest.mark.django_db

YEAR = Periodo(2026)


@pytest.fixture
def bare(cast: Cast) -> Fornecedor:
    """The shop once more, under a bare name."""
    return register_supplier(razao_social="Loja Módelo do Centro")


def case_against(cast: Cast, *suppliers: Fornecedor) -> Atendimento:
    return register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="simples_consulta",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=suppliers,
    )


def merge(cast: Cast, iara: User, *others: Fornecedor, survivor: Fornecedor | None = None) -> Fusao:
    return merge_suppliers(survivor=survivor or cast.loja, others=others, motivo="Mesmo endereço.", by=iara, at=NOW)


def test_a_merge_points_and_says_who_when_and_why(cast: Cast, iara: User, bare: Fornecedor) -> None:
    says_who_when_and_why(merge(cast, iara, bare, cast.loja), cast.loja, bare, "Mesmo endereço.", iara)


def test_totals_follow_the_survivor_to_the_unit_and_come_back(cast: Cast, iara: User, bare: Fornecedor) -> None:
    case_against(cast, cast.loja)
    case_against(cast, bare, cast.loja)
    case_against(cast, bare)
    before = asdict(balance(YEAR))

    fusao = merge(cast, iara, bare)

    after = asdict(balance(YEAR))
    assert before["fornecedores"] == [
        asdict(Supplier("12ABC345", "Loja Modelo Ltda", 2)),
        asdict(Supplier("", "Loja Módelo do Centro", 2)),
    ]
    assert before["grupos"] == [
        asdict(Grupo("Loja Modelo Ltda", 1, 2)),
        asdict(Grupo("Loja Módelo do Centro", 1, 2)),
    ]
    assert after == {
        **before,
        "fornecedores": [asdict(Supplier("12ABC345", "Loja Modelo Ltda", 4))],
        "grupos": [asdict(Grupo("Loja Modelo Ltda", 1, 4))],
    }
    undo_merge(fusao=fusao, motivo="Outra rua.", by=iara, at=LATER)
    assert asdict(balance(YEAR)) == before


def test_cases_keep_the_registration_under_which_they_were_written(cast: Cast, iara: User, bare: Fornecedor) -> None:
    old = case_against(cast, bare)

    merge(cast, iara, bare)

    assert Reclamado.objects.get(atendimento=old).fornecedor == bare


def test_a_new_case_is_against_the_survivor_once(cast: Cast, iara: User, bare: Fornecedor) -> None:
    merge(cast, iara, bare)
    bare.refresh_from_db()

    new = case_against(cast, bare, cast.loja)

    assert [item.fornecedor for item in new.reclamados.all()] == [cast.loja]


@pytest.mark.parametrize("typed", ["modelo do centro", "12ABC345", "padoca", "loj"])
def test_a_search_finds_only_the_survivor_by_any_name(cast: Cast, iara: User, bare: Fornecedor, typed: str) -> None:
    merge(cast, iara, bare)
    Grafia.objects.create(fornecedor=bare, nome="Padoca")

    assert list(Fornecedor.objects.search(typed)) == [cast.loja]


@pytest.mark.parametrize("typed", ["00.000.000/0001-91", "00000000", "banco exemplo"])
def test_a_search_finds_the_survivor_by_the_cnpj_of_what_was_merged(cast: Cast, iara: User, typed: str) -> None:
    fusao = merge(cast, iara, cast.banco)
    assert list(Fornecedor.objects.search(typed)) == [cast.loja]

    undo_merge(fusao=fusao, motivo="São outros.", by=iara, at=LATER)

    assert list(Fornecedor.objects.search(typed)) == [cast.banco]
    cast.loja.refresh_from_db()
    assert cast.loja.nome_busca == "loja modelo ltda"


def test_the_names_of_what_was_merged_follow_its_corrections(cast: Cast, iara: User, bare: Fornecedor) -> None:
    merge(cast, iara, bare)
    Fornecedor.objects.filter(pk=bare.pk).update(razao_social="Empório")
    Fornecedor.objects.filter(pk=bare.pk).update(cnpj="02558157000162")

    cast.loja.refresh_from_db()
    assert cast.loja.nome_busca == "loja modelo ltda emporio 02558157000162"


def test_lists_of_cases_show_the_whole_family(cast: Cast, iara: User, bare: Fornecedor) -> None:
    both, one = case_against(cast, bare, cast.loja), case_against(cast, bare)
    other = case_against(cast, cast.banco)
    merge(cast, iara, bare)

    for key in (bare.pk, cast.loja.pk):
        against = Atendimento.objects.against(Fornecedor.objects.filter(pk=key))
        assert list(against.order_by("pk")) == [both, one]
    assert list(Atendimento.objects.against(Fornecedor.objects.filter(pk=cast.banco.pk))) == [other]
    assert list(Atendimento.objects.search("modelo do centro", user=cast.bruno).order_by("pk")) == [both, one]


def test_registering_what_was_merged_gives_the_survivor(cast: Cast, iara: User, bare: Fornecedor) -> None:
    merge(cast, iara, bare, cast.banco)

    assert register_supplier(razao_social="LOJA MODELO DO CENTRO") == cast.loja
    assert register_supplier(razao_social="Banco Exemplo Filial", cnpj="00000000000191") == cast.loja
    assert Fornecedor.objects.count() == 3
    assert [spelling.nome for spelling in cast.banco.grafias.all()] == ["Banco Exemplo Filial"]


def test_a_bare_name_is_still_known_after_it_received_others(cast: Cast, iara: User, bare: Fornecedor) -> None:
    twin = register_supplier(razao_social="Loja Mod. Centro")
    merge(cast, iara, twin, survivor=bare)

    assert register_supplier(razao_social="loja modelo do centro") == bare
    assert register_supplier(razao_social="loja mod centro") == bare


def test_a_merged_registration_is_not_corrected(cast: Cast, iara: User, bare: Fornecedor) -> None:
    merge(cast, iara, bare)
    bare.refresh_from_db()

    with pytest.raises(ActNotAllowed, match="foi fundido em Loja Modelo Ltda"):
        correct_supplier(supplier=bare, by=iara, at=NOW, razao_social="Outro")


def test_a_merge_is_undone_once(cast: Cast, iara: User, bare: Fornecedor) -> None:
    fusao = merge(cast, iara, bare)

    is_undone_once(fusao, bare, iara)
    assert merge(cast, iara, bare) != fusao


@pytest.mark.parametrize("who", ["bruno", "dora"])
def test_only_an_auditor_merges_and_undoes(cast: Cast, iara: User, bare: Fornecedor, who: str) -> None:
    by = getattr(cast, who)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Auditor"):
        merge_suppliers(survivor=cast.loja, others=[bare], motivo="Igual.", by=by, at=NOW)
    fusao = merge(cast, iara, bare)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Auditor"):
        undo_merge(fusao=fusao, motivo="Igual.", by=by, at=NOW)


@pytest.mark.parametrize("motivo", ["", "  ", "a\x00b"])
def test_a_merge_and_its_undoing_need_a_reason(cast: Cast, iara: User, bare: Fornecedor, motivo: str) -> None:
    with pytest.raises(ContentRefused, match="Falta o motivo"):
        merge_suppliers(survivor=cast.loja, others=[bare], motivo=motivo, by=iara, at=NOW)
    fusao = merge(cast, iara, bare)
    with pytest.raises(ContentRefused, match="Falta o motivo"):
        undo_merge(fusao=fusao, motivo=motivo, by=iara, at=NOW)


def test_nobody_merges_with_itself(cast: Cast, iara: User) -> None:
    with pytest.raises(ContentRefused, match="Escolha ao menos um outro"):
        merge(cast, iara, cast.loja)


def test_no_chain_is_made_by_the_service(cast: Cast, iara: User, bare: Fornecedor) -> None:
    merge(cast, iara, bare)
    with pytest.raises(ActNotAllowed, match="Loja Módelo do Centro já foi fundido em Loja Modelo Ltda"):
        merge(cast, iara, cast.banco, survivor=bare)
    with pytest.raises(ActNotAllowed, match="Loja Módelo do Centro já foi fundido"):
        merge(cast, iara, bare, survivor=cast.banco)
    with pytest.raises(ActNotAllowed, match="Loja Modelo Ltda já recebeu outros"):
        merge(cast, iara, cast.loja, survivor=cast.banco)


def test_the_database_refuses_chains_on_any_path(cast: Cast, bare: Fornecedor) -> None:
    no_chain_on_any_path(cast.loja, bare, cast.banco)


def test_a_person_is_never_merged_with_a_company(cast: Cast, iara: User) -> None:
    painter = register_supplier(razao_social="João Pintor", cpf="529.982.247-25")
    other = register_supplier(razao_social="João Pintor", cpf="111.444.777-35")
    with pytest.raises(ContentRefused, match="Pessoa física e empresa"):
        merge(cast, iara, painter)
    with pytest.raises(ContentRefused, match="Dois CPFs diferentes"):
        merge(cast, iara, painter, survivor=other)


def test_who_has_a_number_stays(cast: Cast, iara: User, bare: Fornecedor) -> None:
    with pytest.raises(ContentRefused, match="não tem CNPJ nem CPF"):
        merge(cast, iara, cast.loja, survivor=bare)


def test_a_pointer_without_record_is_found(cast: Cast, iara: User, bare: Fornecedor) -> None:
    Fornecedor.objects.filter(pk=bare.pk).update(fundido_em=cast.loja)
    assert list(wrong_merges()) == [f"Fornecedor {bare.pk}: aponta para {cast.loja.pk}, mas a fusão registra nada."]
    Fornecedor.objects.filter(pk=bare.pk).update(fundido_em=None)
    merge(cast, iara, bare)
    Fornecedor.objects.filter(pk=bare.pk).update(fundido_em=None)
    assert list(wrong_merges()) == [f"Fornecedor {bare.pk}: aponta para ninguém, mas a fusão registra {cast.loja.pk}."]


@pytest.mark.django_db(transaction=True)
def test_merges_at_the_same_moment_make_no_chain() -> None:
    cast = make_cast()
    ring = [Fornecedor.objects.create(razao_social=f"Loja {n}") for n in range(6)]

    won = won_of_a_ring(ring, merge_suppliers, auditor(cast))

    assert 1 <= won <= 3
    assert Fusao.objects.count() == won
    assert list(wrong_merges()) == []


def test_an_open_case_against_what_was_merged_is_alike(cast: Cast, iara: User, bare: Fornecedor) -> None:
    from cases.models import Assunto
    from cases.services.counter import open_duplicates

    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    case = case_against(cast, bare, cast.loja)
    Atendimento.objects.filter(pk=case.pk).update(
        tipo="atendimento_preliminar", status="aberto", desfecho="", encerrado_em=None, assunto=subject
    )
    told = {"by": cast.bruno, "consumidor": cast.ana, "assunto": subject}
    Reclamado.objects.filter(fornecedor=cast.loja).delete()
    assert open_duplicates(fornecedores=[cast.loja], **told) == []

    merge(cast, iara, bare)

    assert open_duplicates(fornecedores=[cast.loja], **told) == [case]
