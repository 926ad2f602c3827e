"""Finding cases by the words of their texts and by their numbers in other systems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import Atribuicao, Papel, User
from cases.models import Atendimento, NumeroExterno, TextoDoAtendimento
from cases.queries import cases, texts
from cases.services import register
from parties.models import Consumidor
from tests.conftest import NOW, Cast

Told = Callable[..., Atendimento]


@pytest.fixture
def told(cast: Cast) -> Told:
    """Register what Ana told."""

    def make(relato: str, pedido: str = "", **extra: object) -> Atendimento:
        given = {"unidade": cast.unidade, "by": cast.bruno, "at": NOW, **extra}
        given = {"consumidor": cast.ana} | given
        return register(tipo="simples_consulta", canal="pessoal", relato=relato, pedido=pedido, **given)

    return make


def found(cast: Cast, text: str, **who: object) -> list[int]:
    return TextoDoAtendimento.objects.best(text, user=who.get("user", cast.bruno), at=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "devolução",
        "DEVOLUCAO",
        "devoluções",
        "devolucoes",
        "cobrança indevida",
        "cobrancas indevidas",
        '"cobrança indevida"',
        "geladeira OR fogão",
        "cobrança -geladeira",
    ],
)
def test_words_are_found_whatever_their_ending_and_accents(cast: Cast, told: Told, text: str) -> None:
    case = told("Houve cobrança indevida na fatura.", "Quer a devolução do valor e dos fogões.")
    told("A loja vendeu um colchão rasgado.")
    assert found(cast, text) == [case.pk]


@pytest.mark.parametrize(
    "text", ["", "   ", "de que o a", "!!!", "\x00", "&|!():*", "-", '"', "u 1", "m 202603", "'u 1'"]
)
def test_what_holds_no_word_of_a_text_finds_nothing(cast: Cast, told: Told, text: str) -> None:
    told("Houve cobrança indevida na fatura.")
    assert found(cast, text) == []


def test_the_text_that_says_it_more_often_comes_first(cast: Cast, told: Told) -> None:
    once = told("Cobrança na fatura.")
    twice = told("Cobrança de juros; outra cobrança veio depois.")
    assert found(cast, "cobrança") == [twice.pk, once.pk]


def test_eva_finds_no_word_of_a_text_from_here(cast: Cast, told: Told) -> None:
    told("Houve cobrança indevida.")
    assert found(cast, "cobrança", user=cast.eva) == []


def test_whoever_reads_no_case_finds_nothing(cast: Cast, told: Told) -> None:
    told("Houve cobrança indevida.")
    cast.eva.atribuicoes.update(papel=Papel.ADMINISTRADOR)
    assert found(cast, "cobrança", user=cast.eva) == []


def test_whoever_reads_in_two_unidades_finds_both(cast: Cast, told: Told) -> None:
    here = told("Houve cobrança indevida.")
    there = told("Houve cobrança indevida.", unidade=cast.outra, by=cast.eva)
    Atribuicao.objects.create(user=cast.dora, unidade=cast.outra, papel=Papel.AUDITOR)
    assert found(cast, "cobrança", user=cast.dora) == [there.pk, here.pk]


def test_a_text_that_changed_is_found_by_its_new_words_alone(cast: Cast, told: Told) -> None:
    case = told("Houve cobrança indevida.")
    Atendimento.objects.filter(pk=case.pk).update(relato="O colchão veio rasgado.")
    assert (found(cast, "cobrança"), found(cast, "colchão rasgado")) == ([], [case.pk])


def test_of_a_very_common_word_the_newest_are_ranked(cast: Cast, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "RANKED", 4)
    made = [told("Houve cobrança.", at=NOW - timedelta(days=day)) for day in (900, 400, 200, 90, 2, 1)]
    assert found(cast, "cobrança") == [case.pk for case in reversed(made[2:])]


@pytest.mark.parametrize("typed", ["0123.456/2019-7", "0123456 2019 7", "01234562019-7", "  0123.456/20197 "])
def test_a_number_elsewhere_is_found_however_it_is_punctuated(cast: Cast, told: Told, typed: str) -> None:
    case = told("Houve cobrança.")
    told("Outro caso.")
    NumeroExterno.objects.create(
        atendimento=case, sistema="sindec", numero="0123.456/2019-7", anotado_em=NOW, anotado_por=cast.bruno
    )
    assert list(Atendimento.objects.numbered(typed)) == [case]
    assert list(Atendimento.objects.visible_to(cast.bruno).search(typed, user=cast.bruno)) == [case]


def test_the_portals_own_number_is_found(cast: Cast, told: Told) -> None:
    case = told("Houve cobrança.", protocolo_externo="PORTAL-2026/77")
    assert list(Atendimento.objects.numbered("portal 2026 77")) == [case]


@pytest.mark.parametrize("typed", ["12", "abcd", "", "fogão"])
def test_what_is_no_number_finds_no_case(cast: Cast, told: Told, typed: str) -> None:
    told("Houve cobrança.")
    assert list(Atendimento.objects.numbered(typed)) == []


def test_newer_cases_elsewhere_hide_none_of_here(cast: Cast, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "CASES_EACH", 1)
    monkeypatch.setattr(cases, "FEWEST_EACH", 1)
    monkeypatch.setattr(cases, "CASES_CAP", 2)
    here = told("Houve cobrança.", fornecedores=[cast.loja])
    for _ in range(3):
        told("Houve cobrança.", fornecedores=[cast.loja], unidade=cast.outra, by=cast.eva)
    theirs = Atendimento.objects.filter(unidade=cast.outra).latest("pk")

    def seen(user: User, text: str) -> list[Atendimento]:
        return list(Atendimento.objects.visible_to(user).search(text, user=user))

    assert [seen(cast.bruno, text) for text in ("Ana Souza", "Loja Modelo")] == [[here], [here]]
    assert [seen(cast.eva, text) for text in ("Ana Souza", "Loja Modelo")] == [[theirs], [theirs]]
    Atribuicao.objects.create(user=cast.dora, unidade=cast.outra, papel=Papel.AUDITOR)
    assert [seen(user, "Loja Modelo") for user in (cast.dora, cast.sistema)] == [[theirs], [theirs]]


def test_people_of_the_same_name_elsewhere_hide_none_of_here(
    cast: Cast, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "SEARCH_CAP", 1)
    for _ in range(3):
        other = Consumidor.objects.create(nome="Ana Souza")
        told("Houve cobrança.", unidade=cast.outra, by=cast.eva, consumidor=other)
    merged = Consumidor.objects.create(nome="Ana Souza", fundido_em=Consumidor.objects.create(nome="Ana Souza"))
    here = told("Houve cobrança.", consumidor=merged)

    assert Consumidor.objects.keys_named("ana souza", 1, user=cast.bruno) == [merged.fundido_em_id]
    assert list(Atendimento.objects.visible_to(cast.bruno).search("Ana Souza", user=cast.bruno)) == [here]
