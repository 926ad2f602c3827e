"""The finder of a «consulta de caso»: by protocol, CPF or name, with and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Atendimento
from cases.services import register
from parties.models import Consumidor
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

FIND, NEW = "/atendimentos/novo/casos/", "/atendimentos/novo/"


def typed(cast: Cast, text: str, **extra: str) -> dict[str, str]:
    return {
        "tipo": "consulta_de_caso", "canal": "telefone", "unidade": str(cast.unidade.pk), "refere_a": text, **extra,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["{protocolo}", "111.444.777-35", "11144477735", "ana", "souza ana", "1", "0000001"])
def test_a_case_is_found_by_protocol_number_cpf_or_name(cast: Cast, ap, text: str) -> None:
    case = ap()
    page = logged_in(cast.bruno).post(FIND, {"refere_a": text.format(protocolo=case.protocolo)}).content.decode()
    assert f'value="{case.protocolo}"' in page
    assert "***.444.777-**" in page
    assert "11144477735" not in page


@pytest.mark.parametrize("text", ["", "an", "ninguém", "529.982.247-25", "35.001.001.26-9999999", "\0"])
def test_what_fits_nothing_shows_nothing(cast: Cast, ap, text: str) -> None:
    ap()
    page = logged_in(cast.bruno).post(FIND, {"refere_a": text}).content.decode()
    assert 'name="caso"' not in page


def test_eva_finds_nobody(cast: Cast, ap) -> None:
    case = ap()
    for text in (case.protocolo, "111.444.777-35", "ana"):
        assert 'name="caso"' not in logged_in(cast.eva).post(FIND, {"refere_a": text}).content.decode()
    assert logged_in(cast.edu).post(FIND, {"refere_a": "ana"}).status_code == 404


def test_one_of_several_is_ticked_and_counts(cast: Cast, ap) -> None:
    first, _ = ap(), ap()
    bruno = logged_in(cast.bruno)
    assert bruno.post(FIND, {"refere_a": "ana"}).content.decode().count('name="caso"') == 2

    refused = bruno.post(NEW, typed(cast, "ana"))
    assert refused.status_code == 422
    assert "Escolha o caso na lista." in refused.content.decode()
    assert refused.content.decode().count('name="caso"') == 2
    bruno.post(NEW, typed(cast, "ana", caso=first.protocolo))

    asked = Atendimento.objects.get(tipo="consulta_de_caso")
    assert (asked.refere_a, asked.status) == (first, "encerrado")


def test_a_name_is_never_taken_without_a_tick(cast: Cast, ap) -> None:
    ap()
    assert logged_in(cast.bruno).post(NEW, typed(cast, "ana")).status_code == 422
    assert not Atendimento.objects.filter(tipo="consulta_de_caso").exists()


def test_the_only_case_of_a_cpf_needs_no_tick(cast: Cast, ap) -> None:
    case = ap()
    logged_in(cast.bruno).post(NEW, typed(cast, "111.444.777-35"))
    assert Atendimento.objects.get(tipo="consulta_de_caso").refere_a == case


def test_a_ticked_case_of_elsewhere_is_refused(cast: Cast, ap) -> None:
    case = ap()
    told = {**typed(cast, "x", caso=case.protocolo), "unidade": str(cast.outra.pk)}
    assert logged_in(cast.eva).post(NEW, told).status_code == 422


def test_without_javascript_a_button_looks_up_and_keeps_what_was_typed(cast: Cast, ap) -> None:
    case = ap()
    page = logged_in(cast.bruno).post(NEW, typed(cast, "ana", procurar="caso", relato="Perguntou do prazo."))
    assert page.status_code == 200
    assert f'value="{case.protocolo}"' in page.content.decode()
    assert "Perguntou do prazo." in page.content.decode()


def test_more_than_ten_say_so(cast: Cast) -> None:
    for minute in range(11):
        register(
            by=cast.bruno, at=NOW + timedelta(minutes=minute), unidade=cast.unidade, tipo="simples_consulta",
            canal="pessoal", consumidor=cast.ana,
        )  # fmt: skip
    page = logged_in(cast.bruno).post(FIND, {"refere_a": "ana"}).content.decode()
    assert (page.count('name="caso"'), "Há mais." in page) == (10, True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_finder_costs_the_same(cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for index in range(number):
        person = Consumidor.objects.create(nome=f"Maria {'ABC'[index]}")
        register(
            by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal", consumidor=person
        )
    client = logged_in(cast.bruno)
    with django_assert_num_queries(13):
        client.post(FIND, {"refere_a": "maria"})
