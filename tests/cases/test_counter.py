"""The intake's checks, purchase and representative: in the page, where the clerk meets them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Assunto, Atendimento, Compra, Orgao, Representante
from cases.rules.clocks import Facts
from cases.services import case_data
from cases.services.advice import advise
from deadlines.models import Suspensao
from parties.models import Consumidor
from tests.browsing import logged_in
from tests.cases.test_pages_intake import NEW, told
from tests.conftest import Cast
from workflow.models import Evento


@pytest.fixture(autouse=True)
def _letters_in_tmp(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Atendimento, Compra, Representante, Consumidor, Evento))


def test_an_open_case_alike_is_shown_and_nothing_is_saved_before_the_clerk_has_seen_it(
    cast: Cast,
    phone: Assunto,
) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(NEW, told(cast))
    first, before = Atendimento.objects.get(), counts()
    response = bruno.post(NEW, told(cast, relato="De novo."))
    page = response.content.decode()
    assert (response.status_code, counts()) == (422, before)
    assert f'href="/atendimentos/{first.protocolo}/"' in page
    assert 'name="mesmo_assim"' in page
    assert "De novo." in page
    again = bruno.post(NEW, told(cast, relato="De novo.", mesmo_assim="on"))
    second = Atendimento.objects.exclude(pk=first.pk).get()
    assert again["Location"] == f"/atendimentos/{second.protocolo}/"
    confirmed = Evento.objects.get(historico=second.historico, ato="CONFIRMAR_DUPLICIDADE")
    assert confirmed.dados["casos"] == [first.protocolo]


@pytest.mark.parametrize("change", ["another supplier", "another subject", "closed"])
def test_a_case_that_differs_or_is_closed_is_no_duplicate(cast: Cast, phone: Assunto, change: str) -> None:
    bruno = logged_in(cast.bruno)
    other = Assunto.objects.create(codigo=54, area="Assuntos Financeiros", descricao="Cartão de Crédito")
    first = told(cast, tipo="inicial_jec") if change == "closed" else told(cast)
    bruno.post(NEW, first)
    extra = {
        "another supplier": {"fornecedores": [cast.banco.pk]},
        "another subject": {"assunto": f"{other} (54)"},
        "closed": {},
    }[change]
    assert bruno.post(NEW, told(cast, **extra)).status_code == 302


def test_the_warnings_come_while_typing(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(NEW, told(cast))
    page = bruno.post(f"{NEW}avisos/", told(cast, municipio="Suzano", nascimento="2010-05-01")).content.decode()
    assert Atendimento.objects.get().protocolo in page
    assert "A pessoa mora em Suzano (SP), e este Procon atende quem mora em Itaquaquecetuba (SP)." in page
    assert "menos de 18 anos" in page
    assert bruno.post(f"{NEW}avisos/", {}).status_code == 200


def test_who_lives_elsewhere_is_oriented_and_nothing_is_saved(cast: Cast, phone: Assunto) -> None:
    before = counts()
    response = logged_in(cast.bruno).post(NEW, told(cast, municipio="Suzano"))
    page = response.content.decode()
    assert (response.status_code, counts()) == (422, before)
    assert "Oriente a procurar o Procon de Suzano (SP)" in page
    assert 'name="mudar" value="encaminhamento"' in page
    assert "Cobraram duas vezes." in page


@pytest.mark.parametrize("tipo", ["encaminhamento", "simples_consulta"])
def test_one_press_changes_the_tipo_and_keeps_everything(cast: Cast, phone: Assunto, tipo: str) -> None:
    body = Orgao.objects.create(sigla="PROCON_OUTRO", nome="Procon de outro município ou estado")
    bruno = logged_in(cast.bruno)
    page = bruno.post(NEW, told(cast, municipio="Suzano", mudar=tipo))
    form = page.context["form"]
    assert (page.status_code, form["tipo"].value(), page.context["domicilio"]) == (200, tipo, "")
    assert (form["orgao"].value() == str(body.pk)) is (tipo == "encaminhamento")
    saved = bruno.post(NEW, told(cast, municipio="Suzano", tipo=tipo, orgao=body.pk))
    assert saved.status_code == 302
    assert Atendimento.objects.get().consumidor.municipio == "3552502"


def test_whoever_insists_gives_the_reason_and_it_is_recorded(cast: Cast, phone: Assunto) -> None:
    reason = "Trabalha na cidade e o fornecedor é daqui."
    logged_in(cast.bruno).post(NEW, told(cast, municipio="Suzano", motivo_domicilio=reason))
    accepted = Evento.objects.get(ato="ACEITAR_DOMICILIO")
    assert (accepted.motivo, accepted.autor, accepted.dados) == (reason, cast.bruno, {"municipio": "3552502"})


def test_an_unknown_city_is_told_at_its_field(cast: Cast, phone: Assunto) -> None:
    response = logged_in(cast.bruno).post(NEW, told(cast, municipio="Lugar Nenhum"))
    assert response.context["form"].errors["municipio"] == [
        "Município não encontrado. Escreva o nome e o estado, como em Suzano (SP)."
    ]


def test_cities_are_suggested(cast: Cast) -> None:
    page = logged_in(cast.bruno).get(f"{NEW}cidades/", {"municipio": "itaquaq"}).content.decode()
    assert '<option value="Itaquaquecetuba (SP)">' in page


PURCHASE = {
    "natureza": "produto_duravel",
    "forma_compra": "internet",
    "forma_pagamento": "pix",
    "contrato": "PED-77",
    "data_entrega": "2026-01-20",
    "data_defeito": "2026-02-02",
    "contato_em": "2026-02-04",
    "contato_protocolo": "SAC 9912",
    "contato_relato": "Disseram que é mau uso.",
}


def test_the_purchase_is_stored_shown_and_given_to_the_letters(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(NEW, told(cast, **PURCHASE))
    case = Atendimento.objects.get()
    page = bruno.get(case.get_absolute_url()).content.decode()
    letter = case_data(case)["compra"]
    assert (letter["forma_compra"], letter["contrato"], letter["data_entrega"]) == (
        "Internet",
        "PED-77",
        date(2026, 1, 20),
    )
    assert {"SAC 9912", "Disseram que é mau uso.", "Produto durável", "CDC, art. 26, II"} <= {
        text for text in ("SAC 9912", "Disseram que é mau uso.", "Produto durável", "CDC, art. 26, II") if text in page
    }


def test_nothing_told_about_the_purchase_stores_nothing(cast: Cast, phone: Assunto) -> None:
    logged_in(cast.bruno).post(NEW, told(cast))
    assert (Atendimento.objects.count(), Compra.objects.count(), Representante.objects.count()) == (1, 0, 0)


WRONG = {
    "delivered before it was bought": ({"data_entrega": "2026-01-10"}, "data_entrega"),
    "defect in the future": ({"data_defeito": "2099-01-01"}, "data_defeito"),
    "impossible year": ({"contato_em": "0026-01-20", "data_compra": ""}, "contato_em"),
    "refused before being asked": (
        {"contato_em": "2026-02-04", "contato_negado_em": "2026-02-01"},
        "contato_negado_em",
    ),
    "refused without being asked": ({"contato_negado_em": "2026-02-01"}, "contato_negado_em"),
    "hidden since when": ({"oculto": "on"}, "data_defeito"),
    "way of buying": ({"forma_compra": "x"}, "forma_compra"),
    "representative without papers": ({"rep_qualidade": "procurador", "rep_nome": "Rui Reis"}, "rep_documentos"),
    "representative without a name": (
        {"rep_qualidade": "procurador", "rep_documentos": ["identidade", "procuracao"]},
        "rep_nome",
    ),
    "representative of nobody knows what": ({"rep_nome": "Rui Reis"}, "rep_qualidade"),
    "representative with a wrong CPF": (
        {
            "rep_qualidade": "procurador",
            "rep_nome": "Rui Reis",
            "rep_documentos": ["identidade", "procuracao"],
            "rep_cpf": "111.444.777-36",
        },
        "rep_cpf",
    ),
    "parent of an adult": (
        {
            "rep_qualidade": "pai_mae",
            "rep_nome": "Rui Reis",
            "rep_documentos": ["identidade", "certidao_nascimento"],
            "nascimento": "1990-01-01",
        },
        "rep_qualidade",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_written(
    cast: Cast,
    phone: Assunto,
    name: str,
) -> None:
    change, field = WRONG[name]
    before = counts()
    response = logged_in(cast.bruno).post(NEW, told(cast, **change))
    assert (response.status_code, field in response.context["form"].errors, counts()) == (422, True, before)
    assert f'href="#id_{field}' in response.content.decode()


def test_the_representative_is_stored_and_shown(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    papers = {"rep_documentos": ["identidade", "procuracao"], "rep_telefone": "11 91234-5678"}
    data = told(cast, rep_qualidade="advogado", rep_nome="Rui Reis", rep_cpf="529.982.247-25", rep_oab="SP 1", **papers)
    bruno.post(NEW, data)
    case = Atendimento.objects.get()
    person = case.representante
    assert (person.cpf, person.telefone, person.documentos) == (
        "52998224725",
        "+5511912345678",
        ["identidade", "procuracao"],
    )
    page = bruno.get(case.get_absolute_url()).content.decode()
    assert "Rui Reis" in page
    assert "529.982.247-25" not in page
    assert case_data(case)["representante"]["documentos"] == "Documento de identidade de quem representa, Procuração"


TODAY = date(2026, 3, 4)  # a Wednesday
BOUGHT = {"natureza": "produto_duravel", "defeito": date(2026, 1, 5)}
#: what was told → the states and ends of the advice
ADVICE = {
    "the term to complain runs": (
        {**BOUGHT, "entrega": date(2026, 1, 2)},  # a Friday
        [("nao_comecou", None), ("corre", date(2026, 4, 2))],
    ),
    "repair is over, the complaint stopped the term": (
        {**BOUGHT, "entrega": date(2026, 1, 2), "contato": date(2026, 2, 1), "proven": True},
        [("terminou", date(2026, 3, 3)), ("parado", None)],
    ),
    "refused after ten days": (
        {
            **BOUGHT,
            "entrega": date(2026, 1, 2),
            "contato": date(2026, 2, 1),
            "proven": True,
            "negado": date(2026, 2, 11),
        },
        [("terminou", date(2026, 3, 3)), ("corre", date(2026, 4, 12))],
    ),
    "seven days over": (
        {"forma_compra": "internet", "entrega": date(2026, 2, 20), "natureza": "produto_duravel"},
        [("terminou", date(2026, 2, 27))],
    ),
    "before every rule": ({"forma_compra": "internet", "entrega": date(1999, 1, 1)}, []),
}


@pytest.mark.parametrize("name", ADVICE)
def test_the_advice_says_until_when_and_names_its_source(cast: Cast, name: str) -> None:
    facts, expected = ADVICE[name]
    advice = advise(Facts(**facts), today=TODAY)
    assert [(item.state, item.ends) for item in advice] == expected
    assert all(item.source.startswith("CDC, art.") for item in advice)


def test_the_offices_recess_does_not_stop_the_consumers_terms(cast: Cast) -> None:
    Suspensao.objects.create(de=date(2026, 1, 10), ate=date(2026, 1, 31), motivo="Recesso", fonte="Decreto")
    (advice,) = advise(Facts(forma_compra="internet", compra=date(2026, 1, 9)), today=TODAY)
    assert advice.ends == date(2026, 1, 16)


@pytest.mark.parametrize("number", [1, 3])
def test_the_warnings_cost_the_same_at_one_and_three(
    cast: Cast, phone: Assunto, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bruno = logged_in(cast.bruno)
    for _ in range(number):
        bruno.post(NEW, told(cast, mesmo_assim="on", fornecedores=[cast.loja.pk, cast.banco.pk]))
    with django_assert_num_queries(17):
        bruno.post(f"{NEW}avisos/", told(cast))
