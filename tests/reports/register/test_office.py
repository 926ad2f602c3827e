"""The office's pages of the register, and the national one beside it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Atribuicao, Papel, User
from cases.models import Classificacao
from parties.services import merge_suppliers
from reports.models import Cadastro
from reports.register.exports import national_sheet
from reports.register.queries.national import national
from reports.register.rules import PERSON, Line, ordered
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import record
from tests.reports.register.conftest import Register
from tests.reports.register.test_publishing import BANK

INDEX, YEAR = "/relatorios/cadastro/", "/relatorios/cadastro/2025/"
TYPED = {"numero": "1.234", "data": "2026-03-03", "pagina": "12"}


@pytest.fixture(autouse=True)
def wednesday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def test_suppliers_stand_by_name_and_who_is_not_named_comes_last() -> None:
    names = ["Óticas Sol", "Padaria Lua", "BANCO UM", "Açougue Dois", "Água Boa"]
    lines = [Line(place, name, "", "", pessoa_fisica=False) for place, name in enumerate(names)]
    lines.append(Line(9, PERSON, "", "", pessoa_fisica=True))

    assert [line.razao_social for line in ordered(lines)] == [
        "Açougue Dois", "Água Boa", "BANCO UM", "Óticas Sol", "Padaria Lua", PERSON,
    ]  # fmt: skip


def test_the_years_and_where_each_stands(register: Register) -> None:
    register.publish()
    html = logged_in(register.cast.bruno).get(INDEX).content.decode()

    assert re.findall(r'href="(/relatorios/cadastro/\d+/)"', html) == [f"{INDEX}{ano}/" for ano in (2026, 2025, 2024)]
    assert re.findall(r"etiqueta--\w+\">(\w+)<", html) == ["rascunho", "publicado", "rascunho"]
    assert f'href="{INDEX}"' in logged_in(register.cast.bruno).get("/relatorios/").content.decode()


def test_an_office_without_decisions_says_so(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)

    assert "Ainda não há decisão fundamentada definitiva." in bruno.get(INDEX).content.decode()
    html = bruno.get(YEAR).content.decode()
    assert "Nenhuma decisão fundamentada se tornou definitiva em 2025." in html
    assert "Nada falta." in html


@pytest.mark.parametrize("ano", ["2027", "abc", "1989"])
def test_a_year_that_there_cannot_be(cast: Cast, ano: str) -> None:
    answer = logged_in(cast.bruno).get(f"{INDEX}{ano}/")

    assert (answer.status_code, "é preciso um ano entre 1990 e 2026" in answer.content.decode()) == (422, True)


def test_an_administrador_and_a_stranger_find_no_page(register: Register) -> None:
    rui = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=rui, unidade=register.cast.unidade, papel=Papel.ADMINISTRADOR)

    assert [logged_in(rui).get(path).status_code for path in (INDEX, YEAR, f"{YEAR}nacional/")] == [404, 404, 404]
    assert "Banco Exemplo" not in logged_in(register.cast.eva).get(YEAR).content.decode()


def test_gaps_lead_to_their_cases(register: Register) -> None:
    html = logged_in(register.cast.bruno).get(YEAR).content.decode()
    waiting = Classificacao.objects.get(transitada_em=None, valor="fundamentada_nao_atendida")

    assert f'href="{waiting.reclamado.atendimento.get_absolute_url()}"' in html
    assert "1 decisão ainda não é definitiva e fica para o ano em que se tornar." in html


def test_an_auditor_publishes_on_the_page_and_nobody_else(register: Register) -> None:
    bruno, alice = logged_in(register.cast.bruno), logged_in(register.alice)
    assert "Um auditor publica o cadastro" in bruno.get(YEAR).content.decode()
    assert bruno.post(YEAR, TYPED).status_code == 409
    assert alice.post(YEAR, {}).status_code == 422
    future = alice.post(YEAR, {**TYPED, "data": "2026-03-05"})
    assert (future.status_code, "O diário de 05/03/2026 ainda não saiu." in future.content.decode()) == (422, True)

    assert alice.post(YEAR, TYPED)["Location"] == YEAR

    version = Cadastro.objects.get()
    html = alice.get(YEAR).content.decode()
    assert version.resumo in html
    assert "Nada mudou desde a versão 1: não há o que republicar." in html
    assert "Nada mudou desde a publicação." in html
    assert alice.post(YEAR, {**TYPED, "motivo": "De novo."}).status_code == 409
    told = alice.get(f"{YEAR}versao/1/").json()
    assert (told["sha256"], told["fornecedores"][0]["total"]) == (version.resumo, 3)
    assert alice.get(f"{YEAR}versao/2/").status_code == 404


def test_a_merge_after_the_publication_shows_as_a_difference_with_its_reason(register: Register) -> None:
    register.publish()
    later = NOW + timedelta(hours=1)
    merge_suppliers(
        survivor=register.cast.banco, others=[register.cast.loja], motivo="Incorporação.", by=register.alice, at=later
    )
    html = logged_in(register.alice).get(YEAR).content.decode()

    assert re.findall(r'data-rotulo="Coluna">(.*?)</td>', html) == ["Atendidas", "Problemas", "Fornecedor"]
    assert html.count("Fundido em Banco Exemplo S.A., em 04/03/2026: Incorporação.") == 3
    kept = logged_in(register.alice).get(f"{YEAR}versao/1/").json()["fornecedores"]
    assert [row["razao_social"] for row in kept] == [
        "Banco Exemplo S.A.", "Loja Modelo Ltda", "PESSOA FÍSICA"
    ]  # fmt: skip


def test_a_draft_is_given_as_a_file_that_says_so(register: Register) -> None:
    answer = logged_in(register.cast.bruno).get(YEAR, {"formato": "json"})

    assert answer["Content-Disposition"] == 'attachment; filename="cadastro-2025-rascunho.json"'
    assert (answer.json()["situacao"], answer.json()["fornecedores"][0]["total"]) == ("rascunho", BANK[4])


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_suppliers(register: Register, count: int) -> None:
    keep = [register.cast.banco, register.cast.loja, register.zeca][:count]
    Classificacao.objects.exclude(reclamado__fornecedor__in=keep).update(transitada_em=None, valor="encerrada")
    bruno = logged_in(register.cast.bruno)
    bruno.get(INDEX)
    with CaptureQueriesContext(connection) as found:
        html = bruno.get(YEAR).content.decode()
    assert (html.count('data-rotulo="Razão social"'), len(found)) == (count, 13)


def test_the_national_register_stands_apart_by_supplier_and_root(cast: Cast) -> None:
    branch = type(cast.banco).objects.create(razao_social="Banco Exemplo SA Filial", cnpj="00000000000272")
    for fornecedor, nome, ano, met in (
        (cast.banco, "BANCO EXEMPLO", 2018, True),
        (branch, "BANCO EXEMPLO", 2018, False),
        (branch, "BANCO EXEMPLO", 2018, False),
        (cast.loja, "LOJA", 2018, True),
        (None, "PESSOA FISICA", 2018, False),
        (cast.loja, "LOJA", 2017, False),
    ):
        record(fornecedor, nome, ano, atendida=met)

    found = national([2018])
    assert (found.registros, found.atendidas, found.nao_atendidas, found.pessoas_fisicas) == (5, 2, 3, 1)
    assert found.sem_problema == 5
    assert found.radicais == [("00000000", "Banco Exemplo SA Filial", 3), ("12ABC345", "Loja Modelo Ltda", 1)]
    assert found.radicais_nao_atendidas == [("00000000", "Banco Exemplo SA Filial", 2)]
    assert found.assuntos == [("187 Telefonia", 5)]
    assert [row.cells[:5] for row in national_sheet(2018).linhas] == [
        ["Banco Exemplo SA Filial", "00.000.000/0002-72", 0, 2, 2],
        ["Banco Exemplo S.A.", "00.000.000/0001-91", 1, 0, 1],
        ["Loja Modelo Ltda", "12.ABC.345/01DE-35", 1, 0, 1],
        ["PESSOA FISICA", "não divulgado", 0, 1, 1],
    ]
    bruno = logged_in(cast.bruno)
    html = bruno.get("/relatorios/cadastro/2018/nacional/").content.decode()
    assert re.findall(r'<dd class="numero">(\d+)</dd>', html) == ["5", "2", "3", "1"]
    assert bruno.get("/relatorios/cadastro/2018/nacional/?formato=csv").content.decode().count("\r\n") == 5
    assert "Registro nacional de 2018</a>: 5 registros" in bruno.get(INDEX).content.decode()
    assert "Nenhum registro nacional de 2016" in bruno.get("/relatorios/cadastro/2016/nacional/").content.decode()
