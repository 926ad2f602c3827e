"""The search box: where one thing is meant it leads there, else results by kind; nothing typed stands in an address."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Atendimento, NumeroExterno
from cases.services import issue_espelho, register
from parties.models import Consumidor, Fornecedor
from tests.browsing import logged_in
from tests.conftest import NOW, Cast


@pytest.fixture
def case(cast: Cast) -> Atendimento:
    """Ana's question about the shop."""
    return register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal", consumidor=cast.ana,
        fornecedores=[cast.loja], relato="A geladeira veio com defeito na porta.",
    )  # fmt: skip


def kinds(user, text: str) -> dict[str, list[str]]:
    """What the page shows, by kind."""
    response = logged_in(user).post("/busca/", {"texto": text}, follow=True)
    return {kind.modelo: [str(row) for row in kind.linhas] for kind in response.context.get("tipos") or []}


LEADS = {
    "protocol": ("35.001.001.26-0000001", "/atendimentos/35.001.001.26-0000001/"),
    "nothing": ("  ", "/atendimentos/"),
    "cpf": ("111.444.777-35", "/cadastros/consumidores/{ana}/"),
    "cpf without marks": ("11144477735", "/cadastros/consumidores/{ana}/"),
}


@pytest.mark.parametrize("name", LEADS)
def test_what_names_one_thing_leads_there(cast: Cast, case: Atendimento, name: str) -> None:
    text, address = LEADS[name]
    assert logged_in(cast.bruno).post("/busca/", {"texto": text})["Location"] == address.format(ana=cast.ana.pk)


def test_a_check_code_leads_to_the_letter(cast: Cast, case: Atendimento, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    letter = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    typed = letter.codigo.lower().replace("-", " ")
    assert logged_in(cast.bruno).post("/busca/", {"texto": typed})["Location"] == f"/documentos/{letter.codigo}/"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana souza", {"caso": ["35.001.001.26-0000001"], "consumidor": ["Ana Souza"]}),
        ("loja", {"caso": ["35.001.001.26-0000001"], "fornecedor": ["Loja Modelo Ltda"]}),
        ("12.ABC.345/01DE-35", {"caso": ["35.001.001.26-0000001"], "fornecedor": ["Loja Modelo Ltda"]}),
        ("00.000.000/0001-91", {"fornecedor": ["Banco Exemplo S.A."]}),
        ("geladeiras defeituosas", {}),
        ("DEFEITO geladeiras", {"texto": ["35.001.001.26-0000001"]}),
        ("fa 77-2019", {"caso": ["35.001.001.26-0000001"]}),
        ("1", {"caso": ["35.001.001.26-0000001"]}),
        ("529.982.247-25", {}),
    ],
)
def test_results_come_by_kind(cast: Cast, case: Atendimento, text: str, found: dict[str, list[str]]) -> None:
    NumeroExterno.objects.create(
        atendimento=case, sistema="sindec", numero="FA 77/2019", anotado_em=NOW, anotado_por=cast.bruno
    )
    assert kinds(cast.bruno, text) == found


@pytest.mark.parametrize(
    "text", ["ana souza", "35.001.001.26-0000001", "11144477735", "DEFEITO geladeiras", "FA 77/2019"]
)
def test_eva_finds_nothing_of_ours(cast: Cast, case: Atendimento, text: str) -> None:
    NumeroExterno.objects.create(
        atendimento=case, sistema="sindec", numero="FA 77/2019", anotado_em=NOW, anotado_por=cast.bruno
    )
    assert kinds(cast.eva, text) == {}


@pytest.mark.parametrize("text", ["ana souza", "529.982.247-25", "00.000.000/0001-91", "geladeira"])
def test_nothing_typed_stands_in_an_address(cast: Cast, case: Atendimento, text: str) -> None:
    response = logged_in(cast.bruno).post("/busca/", {"texto": text}, follow=True)
    addresses = [unquote(address) for address, _ in response.redirect_chain]
    assert [word for word in text.split() if any(word in address for address in addresses)] == []


def test_a_search_is_its_persons_own(cast: Cast, case: Atendimento) -> None:
    address = logged_in(cast.bruno).post("/busca/", {"texto": "ana souza"})["Location"]
    page = logged_in(cast.dora).get(address).content.decode()
    assert ("não está mais guardada" in page, "ana souza" in page) == (True, False)


def test_all_of_a_kind_opens_its_list(cast: Cast, case: Atendimento) -> None:
    for number in range(9):
        Fornecedor.objects.create(razao_social=f"Loja Nova {number}")
    bruno = logged_in(cast.bruno)
    address = bruno.post("/busca/", {"texto": "loja"})["Location"]
    name = address.strip("/").split("/")[-1]
    page = bruno.get(address).content.decode()
    assert f'href="/cadastros/fornecedores/?busca={name}"' in page
    assert len(bruno.get(f"/cadastros/fornecedores/?busca={name}").context["pagina"].rows) == 10


def test_the_words_found_are_marked_and_never_markup(cast: Cast, case: Atendimento) -> None:
    Atendimento.objects.filter(pk=case.pk).update(relato="<b>Geladeira</b> com defeito")
    page = logged_in(cast.bruno).post("/busca/", {"texto": "geladeiras"}, follow=True).content.decode()
    assert "<mark>Geladeira</mark>" in page
    assert "<b>" not in page


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=80), st.text(alphabet="0123456789.-/ '\"():*&|!<>aZé%\\\x00", max_size=40)))
def test_nothing_typed_is_an_error(cast: Cast, case: Atendimento, text: str) -> None:
    Consumidor.objects.filter(pk=cast.ana.pk).update(nome="Ana Souza")
    assert logged_in(cast.bruno).post("/busca/", {"texto": text}, follow=True).status_code == 200
