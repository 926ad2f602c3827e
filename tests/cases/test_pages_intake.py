"""Registering an atendimento in the page: every tipo, every error at its field, nothing typed is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases.models import Assunto, Atendimento, Orgao, Problema
from cases.services import register
from parties.models import Consumidor, Fornecedor
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.models import Leitura

NEW = "/atendimentos/novo/"


@pytest.fixture(autouse=True)
def _letters_in_tmp(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def told(cast: Cast, **extra: object) -> dict[str, object]:
    """What Bruno types for Ana's complaint."""
    return {
        "tipo": "atendimento_preliminar",
        "canal": "pessoal",
        "unidade": cast.unidade.pk,
        "cpf": "111.444.777-35",
        "nome": "Ana Souza",
        "sexo": "F",
        "fornecedores": [cast.loja.pk],
        "assunto": "Telefonia Celular (187)",
        "relato": "Cobraram duas vezes.",
        "pedido": "Devolução.",
        "valor": "1.199,90",
        "data_compra": "2026-01-15",
        **extra,
    }


def test_a_complaint_is_registered_with_the_known_consumer(cast: Cast, phone: Assunto) -> None:
    response = logged_in(cast.bruno).post(NEW, told(cast, fornecedores=[cast.loja.pk, cast.banco.pk]))
    case = Atendimento.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/atendimentos/{case.protocolo}/")
    assert (case.consumidor, case.assunto, str(case.valor), case.status) == (cast.ana, phone, "1199.90", "aberto")
    assert {item.fornecedor for item in case.reclamados.all()} == {cast.loja, cast.banco}


def test_a_new_consumer_and_a_new_supplier_are_made_with_the_case(cast: Cast, phone: Assunto) -> None:
    data = told(
        cast,
        cpf="529.982.247-25",
        nome="Beto Lima",
        fornecedores=[],
        novo_nome="Mercado Novo",
        novo_cnpj="02.558.157/0001-62",
    )
    logged_in(cast.bruno).post(NEW, data)
    case = Atendimento.objects.get()
    supplier = case.reclamados.get().fornecedor
    assert (case.consumidor.cpf, supplier.razao_social, supplier.cnpj) == (
        "52998224725",
        "Mercado Novo",
        "02558157000162",
    )


TIPOS = {
    "simples_consulta": ({}, "encerrado", "orientado"),
    "atendimento_preliminar": ({"fornecedores": True}, "aberto", ""),
    "extra_procon": ({}, "encerrado", "orientado"),
    "calculo": ({}, "aberto", ""),
    "abertura_direta": ({"fornecedores": True}, "em_reclamacao", ""),
    "de_oficio": ({"fornecedores": True}, "em_reclamacao", ""),
    "encaminhamento": ({"orgao": True}, "encerrado", "encaminhado"),
    "inicial_jec": ({"fornecedores": True}, "encerrado", "encaminhado"),
    "nota_fiscal_paulista": ({"nfp_desbloqueada": "sim"}, "encerrado", "resolvido_no_atendimento"),
    "consulta_de_caso": ({"refere_a": True}, "encerrado", "orientado"),
}


@pytest.mark.parametrize("tipo", TIPOS)
def test_every_tipo_can_be_registered(cast: Cast, phone: Assunto, tipo: str) -> None:
    needs, status, desfecho = TIPOS[tipo]
    extra = dict(needs)
    extra["fornecedores"] = [cast.loja.pk] if needs.get("fornecedores") else []
    if "orgao" in needs:
        extra["orgao"] = Orgao.objects.create(sigla="JEC", nome="Juizado").pk
    if "refere_a" in needs:
        asked = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")
        extra["refere_a"] = asked.protocolo
    response = logged_in(cast.bruno).post(NEW, told(cast, tipo=tipo, **extra))
    assert response.status_code == 302
    case = Atendimento.objects.order_by("-pk")[0]
    assert (case.tipo, case.status, case.desfecho) == (tipo, status, desfecho)


ERRORS = {
    "no tipo": ({"tipo": ""}, "tipo", "Este campo é obrigatório."),
    "wrong CPF": ({"cpf": "111.444.777-36"}, "cpf", "CPF inválido. Confira os 11 números no documento."),
    "CPF without a name": ({"nome": ""}, "nome", "Escreva o nome do consumidor."),
    "wrong CEP": ({"cep": "123"}, "cep", "CEP inválido. Escreva os 8 números, como em 08570-000."),
    "unknown subject": (
        {"assunto": "Foguetes"},
        "assunto",
        "Assunto não encontrado. Escolha um da lista que aparece ao digitar.",
    ),
    "no subject": ({"assunto": ""}, "assunto", "Escolha o assunto."),
    "no account": ({"relato": "  "}, "relato", "Escreva o relato do consumidor."),
    "no consumer": (
        {"cpf": "", "nome": ""},
        "nome",
        "Informe o consumidor: «Atendimento preliminar (AP)» é feito em nome de alguém.",
    ),
    "no supplier": (
        {"fornecedores": []},
        "busca_fornecedor",
        "Informe ao menos um fornecedor: «Atendimento preliminar (AP)» não existe sem reclamado.",
    ),
    "a supplier in an extra_procon": (
        {"tipo": "extra_procon"},
        "busca_fornecedor",
        "«Extra Procon» não tem fornecedor. Retire-o, ou escolha outro tipo se há relação de consumo.",
    ),
    "wrong CNPJ": (
        {"novo_nome": "X", "novo_cnpj": "12.ABC.345/01DE-36"},
        "novo_cnpj",
        "CNPJ inválido. Confira as 14 posições (letras são aceitas nas 12 primeiras).",
    ),
    "CNPJ without a name": ({"novo_cnpj": "02558157000162"}, "novo_nome", "Escreva o nome do fornecedor deste CNPJ."),
    "purchase in the future": (
        {"data_compra": "2099-01-01"},
        "data_compra",
        "A data da compra está no futuro. Confira a nota fiscal.",
    ),
    "impossible date": ({"data_compra": "2026-02-30"}, "data_compra", "Informe uma data válida."),
    "wrong value": ({"valor": "muito"}, "valor", "Informe um número."),
    "no body": ({"tipo": "encaminhamento"}, "orgao", "Escolha o órgão para onde a pessoa é encaminhada."),
    "no NFP result": (
        {"tipo": "nota_fiscal_paulista", "fornecedores": []},
        "nfp_desbloqueada",
        "Diga se a senha foi desbloqueada.",
    ),
    "no case asked about": (
        {"tipo": "consulta_de_caso", "fornecedores": []},
        "refere_a",
        "Informe o protocolo do caso consultado.",
    ),
    "unknown case": (
        {"tipo": "consulta_de_caso", "refere_a": "35.001.001.26-9999999"},
        "refere_a",
        "Não há caso com este protocolo, CPF ou nome nas suas unidades. Confira o que escreveu.",
    ),
    "wrong phone": (
        {"telefone": "12"},
        "telefone",
        "Telefone inválido. Escreva o DDD e o número, como em (11) 91234-5678.",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_told_at_its_field_nothing_is_lost_and_nothing_is_written(
    cast: Cast, phone: Assunto, name: str
) -> None:
    change, field, message = ERRORS[name]
    data = told(cast, **change)
    before = (Consumidor.objects.count(), Fornecedor.objects.count())
    response = logged_in(cast.bruno).post(NEW, data)
    form = response.context["form"]
    assert (response.status_code, form.errors[field]) == (422, [message])
    assert (Atendimento.objects.count(), Consumidor.objects.count(), Fornecedor.objects.count()) == (0, *before)
    page = response.content.decode()
    assert f'id="id_{field}_error"' in page
    assert f'<a href="#id_{field}' in page
    if data["relato"].strip():
        assert "Cobraram duas vezes." in page
    if data["fornecedores"]:
        assert f'id="fornecedor-{cast.loja.pk}" checked' in page


@pytest.mark.parametrize("tipo", ["simples_consulta", "extra_procon"])
def test_an_empty_page_takes_no_number(cast: Cast, tipo: str) -> None:
    empty = {"tipo": tipo, "canal": "pessoal", "unidade": cast.unidade.pk}
    refused = logged_in(cast.bruno).post(NEW, empty)
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"relato": ["Nada foi escrito. Escreva em poucas palavras o que a pessoa quis saber."]},
    )
    assert not Atendimento.objects.exists()
    logged_in(cast.bruno).post(NEW, {**empty, "orientacao": "Procurar o cartório."})
    assert Atendimento.objects.get().protocolo.endswith("-0000001")


def test_a_problem_of_another_subject_is_refused(cast: Cast, phone: Assunto) -> None:
    other = Problema.objects.get(descricao="De outro assunto")
    response = logged_in(cast.bruno).post(NEW, told(cast, problema=other.pk))
    assert (response.status_code, "problema" in response.context["form"].errors) == (422, True)


def test_whoever_may_not_register_is_told_who_may(cast: Cast) -> None:
    response = logged_in(cast.carla).get(NEW)
    assert response.status_code == 409
    assert "cabe a Atendente ou Coordenador" in response.content.decode()


def test_nobody_registers_in_somebody_elses_unidade(cast: Cast, phone: Assunto) -> None:
    response = logged_in(cast.eva).post(NEW, told(cast))
    assert (response.status_code, "unidade" in response.context["form"].errors) == (422, True)


def test_the_same_page_sent_twice_gives_one_case(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    data = told(cast, envio="7b0d4c0e-8a55-4f2c-9d6e-2f1b6d7c9a10")
    first, second = bruno.post(NEW, data), bruno.post(NEW, data)
    assert (first["Location"], Atendimento.objects.count()) == (second["Location"], 1)


def test_the_known_consumer_is_filled_in_with_their_open_cases(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(NEW, told(cast))
    case = Atendimento.objects.get()
    page = bruno.post(f"{NEW}consumidor/", {"cpf": "11144477735", "relato": "…"}).content.decode()
    assert 'value="Ana Souza"' in page
    assert 'value="ana@example.org"' in page
    assert case.protocolo in page


def test_the_lookup_is_post_only(cast: Cast) -> None:
    assert logged_in(cast.bruno).get(f"{NEW}consumidor/?cpf=11144477735").status_code == 405


def test_an_unknown_cpf_keeps_what_was_typed(cast: Cast) -> None:
    page = (
        logged_in(cast.bruno).post(f"{NEW}consumidor/", {"cpf": "529.982.247-25", "nome": "Beto Lima"}).content.decode()
    )
    assert 'value="Beto Lima"' in page
    assert 'value="529.982.247-25"' in page


def test_suppliers_are_found_by_name_and_number_and_the_chosen_stay(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    found = [
        bruno.post(f"{NEW}fornecedores/", {"busca_fornecedor": text, "fornecedores": [cast.banco.pk]}).context
        for text in ("loja", "12.ABC.345/01DE-35", "x")
    ]
    assert [context["achados"] for context in found] == [[cast.loja], [cast.loja], []]
    assert [context["escolhidos"] for context in found] == [[cast.banco]] * 3


def test_a_supplier_is_added_in_place(cast: Cast) -> None:
    data = {"novo_nome": "Mercado Novo", "novo_cnpj": "02.558.157/0001-62", "fornecedores": [cast.loja.pk]}
    response = logged_in(cast.bruno).post(f"{NEW}fornecedor/", data)
    assert [item.razao_social for item in response.context["escolhidos"]] == ["Loja Modelo Ltda", "Mercado Novo"]


def test_a_wrong_cnpj_added_in_place_is_refused_there(cast: Cast) -> None:
    response = logged_in(cast.bruno).post(f"{NEW}fornecedor/", {"novo_nome": "X", "novo_cnpj": "1"})
    assert (response.status_code, "CNPJ inválido" in response.content.decode()) == (422, True)


def test_problems_of_the_subject_come_most_used_first(cast: Cast, phone: Assunto) -> None:
    response = logged_in(cast.bruno).get(f"{NEW}problemas/", {"assunto": "Telefonia Celular (187)"})
    offered = re.findall('<option value="([^"]+)">', response.content.decode())
    assert offered == ["Cobrança indevida/abusiva", "Serviço não fornecido"]


def test_without_javascript_the_search_button_keeps_everything(cast: Cast, phone: Assunto) -> None:
    data = told(cast, busca_fornecedor="banco", procurar="1")
    response = logged_in(cast.bruno).post(NEW, data)
    assert (response.status_code, response.context["achados"], response.context["escolhidos"]) == (
        200,
        [cast.banco],
        [cast.loja],
    )
    assert "Cobraram duas vezes." in response.content.decode()
    assert Atendimento.objects.count() == 0


def test_from_the_consumers_page_their_data_is_there(cast: Cast, phone: Assunto) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(NEW, told(cast))
    assert 'value="Ana Souza"' in bruno.get(NEW, {"consumidor": cast.ana.pk}).content.decode()
    assert 'value="Ana Souza"' not in logged_in(cast.eva).get(NEW, {"consumidor": cast.ana.pk}).content.decode()


def test_looking_a_person_up_is_written_down(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    bruno.post(f"{NEW}consumidor/", {"cpf": "529.982.247-25"})
    assert not Leitura.objects.exists()
    register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal", consumidor=cast.ana)
    bruno.post(f"{NEW}consumidor/", {"cpf": "111.444.777-35"})
    bruno.get(f"{NEW}?consumidor={cast.ana.pk}")
    read = list(Leitura.objects.values_list("pagina", "objeto", "objeto_id"))
    assert read == [("novo_consumidor", "parties.consumidor", cast.ana.pk)] * 2


PROBLEMS = [
    ("Cobrança indevida/abusiva", "Cobrança indevida/abusiva"),
    ("cobranca", "Cobrança indevida/abusiva"),
    ("SERVIÇO NAO", "Serviço não fornecido"),
    ("abusiva", "Cobrança indevida/abusiva"),  # the beginning of a word
    ("", "None"),
]


@pytest.mark.parametrize(("text", "found"), PROBLEMS)
def test_the_problema_is_named_by_its_beginning(cast: Cast, phone: Assunto, text: str, found: str) -> None:
    logged_in(cast.bruno).post(NEW, told(cast, problema=text))
    assert str(Atendimento.objects.get().problema) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [("De outro assunto", "não existe neste assunto"), ("ob", "não existe neste assunto"), ("Se", "Escreva mais")],
)
def test_a_problema_that_is_not_named_is_told_at_its_field(cast: Cast, phone: Assunto, text: str, words: str) -> None:
    other = Problema.objects.create(descricao="Seguro não contratado")
    phone.problemas.create(problema=other)
    response = logged_in(cast.bruno).post(NEW, told(cast, problema=text))
    assert words in response.context["form"].errors["problema"][0]
    assert response.context["form"]["problema"].value() == text


def test_a_draft_that_holds_a_problemas_number_is_still_understood(cast: Cast, phone: Assunto) -> None:
    number = Problema.objects.get(descricao="Serviço não fornecido").pk
    logged_in(cast.bruno).post(NEW, told(cast, problema=str(number)))
    assert str(Atendimento.objects.get().problema) == "Serviço não fornecido"


def test_a_number_of_another_system_comes_in_with_the_case(cast: Cast, phone: Assunto) -> None:
    bruno, elsewhere = logged_in(cast.bruno), {"outro_sistema": "sindec", "outro_numero": "FA 77/2019"}
    data = told(cast, fornecedores=[cast.loja.pk])
    half = bruno.post(NEW, {**data, **elsewhere, "outro_sistema": ""})
    bad = bruno.post(NEW, {**data, **elsewhere, "outro_numero": "sem"})
    assert (half.status_code, bad.status_code, Atendimento.objects.count()) == (422, 422, 0)
    assert half.context["form"].errors["outro_sistema"] == ["Diga o sistema e o número, ou nenhum dos dois."]
    assert "com os seus algarismos" in bad.context["form"].errors["outro_numero"][0]

    assert bruno.post(NEW, {**data, **elsewhere}).status_code == 302
    assert [str(item) for item in Atendimento.objects.get().numeros.all()] == ["SINDEC FA 77/2019"]
