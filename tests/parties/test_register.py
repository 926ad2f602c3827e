"""People and suppliers are registered once, whatever is typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from parties.models import Consumidor, Fornecedor
from parties.services import register_consumer, register_supplier
from tests.conftest import Cast
from workflow.errors import ContentRefused

pytestmark = pytest.mark.django_db


def test_a_person_is_registered_with_everything_in_its_stored_form() -> None:
    person = register_consumer(
        nome="  Maria \t da Silva ",
        cpf="529.982.247-25",
        nascimento=date(1958, 4, 2),
        sexo="F",
        email="maria@example.org",
        telefone="(11) 91234-5678",
        cep="8570-000",
        logradouro="Rua A",
        numero="10",
        bairro="Centro",
        municipio="3523107",
        uf="sp",
        prioridades=["tea", "pcd", "tea"],
    )

    person.refresh_from_db()
    assert (person.nome, person.cpf, person.telefone, person.cep, person.uf, person.prioridades) == (
        "Maria da Silva",
        "52998224725",
        "+5511912345678",
        "08570000",
        "SP",
        ["pcd", "tea"],
    )
    assert person.endereco == "Rua A, 10 – Centro – SP – CEP 08570-000"


def test_without_a_cpf_every_person_is_new() -> None:
    register_consumer(nome="José")
    register_consumer(nome="José", cpf="")

    assert Consumidor.objects.count() == 2


def test_the_same_cpf_is_the_known_person_with_the_newer_contact(cast: Cast) -> None:
    again = register_consumer(
        nome="Ana Sousa",
        cpf="111.444.777-35",
        email="nova@example.org",
        telefone="1146420000",
        nascimento=date(1958, 4, 2),
    )

    again.refresh_from_db()
    assert again == cast.ana
    assert (again.nome, again.email, again.telefone) == ("Ana Souza", "nova@example.org", "+551146420000")
    assert again.nascimento == date(1958, 4, 2)


def test_what_is_not_given_again_stays(cast: Cast) -> None:
    again = register_consumer(nome="Ana Souza", cpf="11144477735", email="", telefone=None)

    assert again.email == "ana@example.org"


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"nome": " "}, "nome", "Informe o nome."),
        ({"cpf": "111.444.777-36"}, "cpf", "CPF inválido. Confira os 11 números no documento."),
        ({"cep": "123"}, "cep", "CEP inválido. Escreva os 8 números, como em 08570-000."),
        ({"email": "ana"}, "email", "E-mail inválido. Escreva como em ana@exemplo.com.br."),
        ({"telefone": "123"}, "telefone", "Telefone inválido. Escreva o DDD e o número, como em (11) 91234-5678."),
        ({"telefone": "abc"}, "telefone", "Telefone inválido. Escreva o DDD e o número, como em (11) 91234-5678."),
        ({"sexo": "X"}, "sexo", "Sexo desconhecido. Use F, M ou N."),
        ({"uf": "S1"}, "uf", "UF inválida. Use as duas letras, como em SP."),
        ({"municipio": "Itaquá"}, "municipio", "Município inválido. Use o código de 7 números do IBGE."),
        ({"prioridades": ["rico"]}, "prioridades", "Prioridade desconhecida. Escolha entre as da lista."),
        (
            {"nascimento": date(1899, 12, 31)},
            "nascimento",
            "Data de nascimento inválida. Escreva dia, mês e ano com quatro números.",
        ),
        ({"bairro": "x" * 81}, "bairro", "Texto longo demais em “bairro”: o limite é de 80 caracteres. Abrevie."),
    ],
)
def test_a_wrong_field_is_refused_with_its_sentence(given: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        register_consumer(**{"nome": "Ana", **given})

    assert refusal.value.errors == {field: sentence}
    assert Consumidor.objects.count() == 0


def test_every_wrong_field_is_told_at_once() -> None:
    with pytest.raises(ContentRefused) as refusal:
        register_consumer(nome="", cpf="1", cep="2")

    assert sorted(refusal.value.errors) == ["cep", "cpf", "nome"]


def test_a_supplier_is_registered_with_its_cnpj() -> None:
    supplier = register_supplier(razao_social="Loja Modelo", cnpj="12.ABC.345/01DE-35", nome_fantasia="Modelo", uf="SP")

    supplier.refresh_from_db()
    assert (supplier.cnpj, supplier.radical, supplier.nome_fantasia, supplier.a_completar) == (
        "12ABC34501DE35",
        "12ABC345",
        "Modelo",
        False,
    )


def test_the_same_cnpj_keeps_the_other_spelling(cast: Cast) -> None:
    again = register_supplier(
        razao_social="LOJA MODELO", cnpj="12abc34501de35", nome_fantasia="Modelo", email="x@example.org"
    )
    register_supplier(razao_social="LOJA MODELO", cnpj="12abc34501de35", nome_fantasia="Modelo")

    assert again == cast.loja
    assert (again.razao_social, again.nome_fantasia, again.email) == ("Loja Modelo Ltda", "Modelo", "loja@example.org")
    assert [spelling.nome for spelling in again.grafias.all()] == ["LOJA MODELO"]
    assert list(Fornecedor.objects.search("loja modelo")) == [cast.loja]


def test_a_bare_name_is_one_supplier_to_be_completed() -> None:
    first = register_supplier(razao_social="Padaria do Zé")
    again = register_supplier(razao_social="PADARIA DO ZE")

    assert first == again
    assert (first.cnpj, first.a_completar) == (None, True)


def test_a_bare_cnpj_is_completed_when_its_name_comes() -> None:
    bare = register_supplier(razao_social="", cnpj="00000000000191")
    assert (bare.razao_social, bare.a_completar) == ("00.000.000/0001-91", True)

    known = register_supplier(razao_social="Banco do Brasil S.A.", cnpj="00000000000191")

    assert known == bare
    assert (known.razao_social, known.a_completar, known.grafias.count()) == ("Banco do Brasil S.A.", False, 0)


def test_a_natural_person_may_supply() -> None:
    supplier = register_supplier(razao_social="João Pintor", cpf="529.982.247-25")

    assert (supplier.cpf, supplier.cnpj, supplier.radical) == ("52998224725", None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"razao_social": ""}, "razao_social"),
        ({"razao_social": "Loja", "cnpj": "12.ABC.345/01DE-36"}, "cnpj"),
        ({"razao_social": "Loja", "cnpj": "00000000000191", "cpf": "52998224725"}, "cpf"),
        ({"razao_social": "L" * 201}, "razao_social"),
    ],
)
def test_a_wrong_supplier_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        register_supplier(**given)

    assert list(refusal.value.errors) == [field]
    assert Fornecedor.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_ten_counters_register_the_same_person_and_supplier_once() -> None:
    def counter(number: int) -> tuple[int, int]:
        try:
            person = register_consumer(nome=f"Ana {number}", cpf="11144477735")
            supplier = register_supplier(razao_social=f"Loja {number}", cnpj="00000000000191")
            return person.pk, supplier.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(counter, range(10)))

    assert len(found) == 1
    assert (Consumidor.objects.count(), Fornecedor.objects.count()) == (1, 1)
    assert Fornecedor.objects.get().grafias.count() == 9
