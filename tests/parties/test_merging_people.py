"""A merge of consumers is a pointer: search and lists follow it, what was written stays, and it can be undone."""

from __future__ import annotations

import pytest

from accounts.models import Atribuicao, Papel, User
from cases.models import Atendimento
from cases.services import register
from parties.models import Consumidor, FusaoDeConsumidores
from parties.selfcheck import wrong_merges
from parties.services import correct_consumer, merge_consumers, register_consumer, undo_merge
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


def case_of(cast: Cast, person: Consumidor) -> Atendimento:
    return register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal",
        consumidor=person, fornecedores=[cast.loja],
    )  # fmt: skip


@pytest.fixture
def twin(cast: Cast) -> Consumidor:
    """Ana once more, without her CPF, under her married name; both have a case."""
    person = register_consumer(nome="Ana Souza Lima", telefone="11 98888-7777")
    case_of(cast, person)
    case_of(cast, cast.ana)
    return person


def merge(cast: Cast, iara: User, *others: Consumidor, survivor: Consumidor | None = None) -> FusaoDeConsumidores:
    return merge_consumers(survivor=survivor or cast.ana, others=others, motivo="Mesma data.", by=iara, at=NOW)


def test_a_merge_points_and_says_who_when_and_why(cast: Cast, iara: User, twin: Consumidor) -> None:
    says_who_when_and_why(merge(cast, iara, twin, cast.ana), cast.ana, twin, "Mesma data.", iara)


@pytest.mark.parametrize("typed", ["souza lima", "lim", "ana souza", "an"])
def test_a_search_finds_only_the_survivor_by_any_name(cast: Cast, iara: User, twin: Consumidor, typed: str) -> None:
    fusao = merge(cast, iara, twin)

    assert list(Consumidor.objects.search(typed)) == [cast.ana]
    assert list(Consumidor.objects.some_named(typed, 10)) == [cast.ana]

    undo_merge(fusao=fusao, motivo="São primas.", by=iara, at=LATER)
    assert twin in Consumidor.objects.search(typed)
    cast.ana.refresh_from_db()
    assert cast.ana.nome_busca == "ana souza"


def test_the_names_of_what_was_merged_follow_its_changes(cast: Cast, iara: User, twin: Consumidor) -> None:
    merge(cast, iara, twin)
    Consumidor.objects.filter(pk=twin.pk).update(nome="Ana Prado")

    assert list(Consumidor.objects.search("prado")) == [cast.ana]
    assert list(Consumidor.objects.search("lima")) == []


def test_lists_of_cases_show_every_registration_of_the_person(cast: Cast, iara: User, twin: Consumidor) -> None:
    merge(cast, iara, twin)
    both = list(Atendimento.objects.order_by("pk"))

    for key in (twin.pk, cast.ana.pk):
        assert list(Atendimento.objects.of_person(Consumidor.objects.filter(pk=key)).order_by("pk")) == both
    assert list(Atendimento.objects.search("souza lima", user=cast.bruno).order_by("pk")) == both
    assert list(Atendimento.objects.asked_about("111.444.777-35", user=cast.bruno)) == both[::-1]


def test_cases_keep_the_registration_under_which_they_were_written(cast: Cast, iara: User, twin: Consumidor) -> None:
    merge(cast, iara, twin)

    assert Atendimento.objects.order_by("pk")[0].consumidor == twin


def test_a_new_case_is_the_survivors(cast: Cast, iara: User, twin: Consumidor) -> None:
    merge(cast, iara, twin)
    twin.refresh_from_db()

    assert case_of(cast, twin).consumidor == cast.ana


def test_who_is_seen_follows_the_person(cast: Cast, iara: User) -> None:
    """Eva, of another unidade, has a case of the twin only: it is Ana's, so she sees Ana."""
    twin = register_consumer(nome="Ana S.")
    register(
        by=cast.eva, at=NOW, unidade=cast.outra, tipo="simples_consulta", canal="pessoal",
        consumidor=twin, fornecedores=[cast.loja],
    )  # fmt: skip
    case_of(cast, cast.ana)
    Atribuicao.objects.create(user=iara, unidade=cast.outra, papel=Papel.AUDITOR)
    assert list(Consumidor.objects.visible_to(cast.eva)) == [twin]

    merge(cast, iara, twin)

    assert set(Consumidor.objects.visible_to(cast.eva)) == {twin, cast.ana}
    assert list(Consumidor.objects.visible_to(cast.eva).standing()) == [cast.ana]


def test_messages_go_to_the_address_of_the_survivor(cast: Cast, iara: User, twin: Consumidor) -> None:
    Consumidor.objects.filter(pk=twin.pk).update(email="velho@example.org")
    merge(cast, iara, twin)
    twin.refresh_from_db()

    assert twin.aviso_email == "ana@example.org"
    Consumidor.objects.filter(pk=cast.ana.pk).update(email="")
    assert Consumidor.objects.get(pk=twin.pk).aviso_email == "velho@example.org"


def test_a_merged_registration_is_not_corrected(cast: Cast, iara: User, twin: Consumidor) -> None:
    merge(cast, iara, twin)
    twin.refresh_from_db()

    with pytest.raises(ActNotAllowed, match="foi fundido no de Ana Souza"):
        correct_consumer(person=twin, by=iara, at=NOW, nome="Outra")


def test_a_merge_is_undone_once(cast: Cast, iara: User, twin: Consumidor) -> None:
    is_undone_once(merge(cast, iara, twin), twin, iara)


@pytest.mark.parametrize("who", ["bruno", "dora"])
def test_only_an_auditor_merges(cast: Cast, iara: User, twin: Consumidor, who: str) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a Auditor"):
        merge_consumers(survivor=cast.ana, others=[twin], motivo="x", by=getattr(cast, who), at=NOW)


def test_a_reason_is_needed(cast: Cast, iara: User, twin: Consumidor) -> None:
    with pytest.raises(ContentRefused, match=r"Falta o motivo. Escreva por que são o mesmo consumidor"):
        merge_consumers(survivor=cast.ana, others=[twin], motivo=" ", by=iara, at=NOW)


def test_two_cpfs_are_two_people(cast: Cast, iara: User, twin: Consumidor) -> None:
    Consumidor.objects.filter(pk=twin.pk).update(cpf="52998224725")

    with pytest.raises(ContentRefused, match=r"Dois CPFs diferentes são duas pessoas.*corrija o CPF antes"):
        merge(cast, iara, twin)


def test_who_has_the_cpf_stays(cast: Cast, iara: User, twin: Consumidor) -> None:
    with pytest.raises(ContentRefused, match="não tem CPF, e outro da lista tem"):
        merge(cast, iara, cast.ana, survivor=twin)


def test_nobody_merges_with_themselves(cast: Cast, iara: User) -> None:
    with pytest.raises(ContentRefused, match="Escolha ao menos um outro consumidor"):
        merge(cast, iara, cast.ana)


def test_nobody_of_an_unseen_unidade_is_merged(cast: Cast, iara: User, twin: Consumidor) -> None:
    hidden = register_consumer(nome="Ana Souza")

    with pytest.raises(ActNotAllowed, match="só tem casos em unidades que você não vê"):
        merge(cast, iara, hidden)


def test_no_chain_is_made_by_the_service(cast: Cast, iara: User, twin: Consumidor) -> None:
    third = register_consumer(nome="Ana S. Lima")
    case_of(cast, third)
    merge(cast, iara, twin)

    with pytest.raises(ActNotAllowed, match="Ana Souza Lima já foi fundido em Ana Souza"):
        merge(cast, iara, third, survivor=twin)
    with pytest.raises(ActNotAllowed, match="Ana Souza já recebeu outros consumidores"):
        merge(cast, iara, cast.ana, survivor=third)


def test_the_database_refuses_chains_on_any_path(cast: Cast, twin: Consumidor) -> None:
    no_chain_on_any_path(cast.ana, twin, register_consumer(nome="Ana S. Lima"))


def test_a_pointer_without_record_is_found(cast: Cast, iara: User, twin: Consumidor) -> None:
    Consumidor.objects.filter(pk=twin.pk).update(fundido_em=cast.ana)

    assert list(wrong_merges()) == [f"Consumidor {twin.pk}: aponta para {cast.ana.pk}, mas a fusão registra nada."]


@pytest.mark.django_db(transaction=True)
def test_merges_at_the_same_moment_make_no_chain() -> None:
    cast = make_cast()
    ring = [register_consumer(nome=f"Ana {n}") for n in range(4)]
    for person in ring:
        case_of(cast, person)

    won = won_of_a_ring(ring, merge_consumers, auditor(cast))

    assert 1 <= won <= 2
    assert FusaoDeConsumidores.objects.count() == won
    assert list(wrong_merges()) == []
