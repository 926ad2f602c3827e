"""My day and the search box."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Papel, User
from cases.models import Assunto, Atendimento
from cases.services import acknowledge_cip, issue_cip, register, send_cip
from parties.models import GrupoDeConsumidores, GrupoDeDuplicados
from parties.services import dismiss_group, request_search
from tests.browsing import logged_in
from tests.conftest import NOW, Cast, load_law


@pytest.fixture
def case(cast: Cast, settings, tmp_path: Path) -> Atendimento:
    """Ana's complaint, whose CIP was received on 4 March 2026: its term ends on Monday 16."""
    settings.MEDIA_ROOT = tmp_path
    load_law()
    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    told = {"tipo": "atendimento_preliminar", "canal": "pessoal", "consumidor": cast.ana, "fornecedores": [cast.loja]}
    made = register(by=cast.bruno, at=NOW, unidade=cast.unidade, assunto=subject, relato="Cobraram.", **told)
    cip = issue_cip(reclamado=made.reclamados.get(), by=cast.bruno, at=NOW)
    send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=NOW)
    acknowledge_cip(cip=cip, on=NOW.date(), by=cast.bruno, at=NOW)
    return made


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-03-10", None),
        ("2026-03-13", "vence em 16/03"),
        ("2026-03-16", "vence hoje"),
        ("2026-03-17", "venceu em 16/03"),
    ],
)
def test_my_day_counts_cases_and_names_terms_near_their_end(
    cast: Cast, case: Atendimento, day: str, words: str | None
) -> None:
    with time_machine.travel(f"{day}T12:00:00-03:00"):
        response = logged_in(cast.bruno).get("/")
    counted = {status: total for status, _, total in response.context["situacoes"]}
    assert counted == {"aberto": "0", "aguarda_fornecedor": "1", "aguarda_consumidor": "0", "em_reclamacao": "0"}
    assert [cip.reclamado.atendimento for cip in response.context["cips"]] == ([case] if words else [])
    assert words is None or words in response.content.decode()


def test_eva_has_an_empty_day(cast: Cast, case: Atendimento) -> None:
    response = logged_in(cast.eva).get("/")
    assert {total for _, _, total in response.context["situacoes"]} == {"0"}


def test_whoever_reads_no_case_is_told_so(cast: Cast) -> None:
    cast.eva.atribuicoes.update(papel=Papel.ADMINISTRADOR)
    assert "Seu papel não lê casos" in logged_in(cast.eva).get("/").content.decode()


def test_my_day_costs_a_fixed_number_of_queries(
    cast: Cast, case: Atendimento, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(cast.bruno)
    with django_assert_num_queries(13):
        client.get("/")


def waits(user, day: str) -> dict[str, str]:
    with time_machine.travel(f"{day}T12:00:00-03:00"):
        return {item.nome: item.total for item in logged_in(user).get("/").context["esperam"]}


def test_what_waits_is_told_by_papel(cast: Cast, case: Atendimento) -> None:
    assert waits(cast.bruno, "2026-03-04") == {}
    assert waits(cast.bruno, "2026-03-25") == {"meus casos parados há mais de 15 dias": "1"}
    assert waits(cast.dora, "2026-03-25") == {"casos com prazo vencido na unidade": "1"}
    assert waits(cast.eva, "2026-03-25") == {}


def test_what_waits_leads_to_its_list(cast: Cast, case: Atendimento) -> None:
    with time_machine.travel("2026-03-25T12:00:00-03:00"):
        bruno = logged_in(cast.bruno)
        (item,) = bruno.get("/").context["esperam"]
        rows = bruno.get(item.endereco).context["pagina"].rows
    assert [row.protocolo for row in rows] == [case.protocolo]


def test_possible_duplicates_wait_for_the_auditor(cast: Cast, case: Atendimento) -> None:
    """Suppliers for every auditor; people for who sees all of a group. What is decided waits no more."""
    iara, olga = (User.objects.create_user(name, "senha-de-teste-1", nome=name) for name in ("iara", "olga"))
    for user, unidade in ((iara, cast.unidade), (olga, cast.outra)):
        user.atribuicoes.create(unidade=unidade, papel=Papel.AUDITOR)
    for alvo in ("fornecedores", "consumidores"):
        search = request_search(by=iara, at=NOW, alvo=alvo)
        if alvo == "fornecedores":
            for points in (80, 90):
                GrupoDeDuplicados.objects.create(busca=search, pontos=points)
        else:
            people = GrupoDeConsumidores.objects.create(busca=search, pontos=95)
            people.itens.create(consumidor=cast.ana, primeiro=True, pontos=100, motivo="o mais usado")

    assert waits(iara, "2026-03-04") == {
        "possíveis fornecedores duplicados": "2",
        "possíveis consumidores duplicados": "1",
    }
    assert waits(olga, "2026-03-04") == {"possíveis fornecedores duplicados": "2"}
    page = logged_in(iara).get("/").content.decode()
    assert 'href="/cadastros/duplicados/"' in page
    assert 'href="/cadastros/consumidores/duplicados/"' in page

    dismiss_group(grupo=people, by=iara, at=NOW)
    assert waits(iara, "2026-03-04") == {"possíveis fornecedores duplicados": "2"}


def test_agreements_to_ask_about_wait_on_their_day_and_lead_to_their_list(cast: Cast, case: Atendimento) -> None:
    made = case.reclamados.get().acordos.create(
        origem="atendimento",
        texto="Troca.",
        firmado_em=NOW.date(),
        conferir_em=date(2026, 3, 10),
        registrado_por=cast.bruno,
    )
    name = "acordos a conferir com o consumidor"
    assert waits(cast.bruno, "2026-03-09") == {}
    assert waits(cast.bruno, "2026-03-10") == {name: "1"}
    assert waits(cast.dora, "2026-03-10") == {name: "1"}
    assert waits(cast.carla, "2026-03-10") == waits(cast.eva, "2026-03-10") == {}
    with time_machine.travel("2026-03-10T12:00:00-03:00"):
        bruno = logged_in(cast.bruno)
        (item,) = bruno.get("/").context["esperam"]
        assert [row.pk for row in bruno.get(item.endereco).context["pagina"].rows] == [made.pk]
    type(made).objects.update(status="cumprido")
    assert waits(cast.bruno, "2026-03-10") == {}
