"""The pages of the calendar: everybody reads, an administrador changes after seeing what would move."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from deadlines.models import Feriado, MudancaDeCalendario, Prazo, RegraDePrazo, Suspensao
from deadlines.services import set_prazo
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.services import open_history

MOURNING = {"data": "2026-03-12", "nome": "Luto oficial", "ambito": "municipal", "fonte": "Decreto 2"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(cast: Cast) -> Client:
    user = User.objects.create_user("fabio", "senha-de-teste-1", nome="Fábio Administrador")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    return logged_in(user)


def test_the_year_shows_its_days_with_their_norms(cast: Cast) -> None:
    Suspensao.objects.create(
        de=date(2026, 12, 20), ate=date(2027, 1, 20), motivo="recesso", fonte="Decreto 3", poupa=["cip_resposta"]
    )
    page = logged_in(cast.bruno).get("/prazos/?ano=2026").content.decode()
    assert page.count('<table class="mes">') == 12
    assert '<span class="so-leitor">, Tiradentes</span>' in page
    assert "ponto facultativo" in page
    assert "Continuam a correr: Resposta do fornecedor à CIP." in page
    assert "Retirar" not in page


@pytest.mark.parametrize(
    ("query", "tables", "title"),
    [
        ("", 12, "Calendário de 2026"),
        ("?ano=2026&mes=4", 1, "Calendário de abril de 2026"),
        ("?ano=2027&mes=13", 12, "Calendário de 2027"),
        ("?ano=x&mes=²", 12, "Calendário de 2026"),
        ("?ano=99999999999999999999", 12, "Calendário de 2026"),
    ],
)
def test_a_year_or_one_month_is_chosen_by_address(cast: Cast, query: str, tables: int, title: str) -> None:
    page = logged_in(cast.bruno).get(f"/prazos/{query}").content.decode()
    assert (page.count('<table class="mes">'), f"<title>{title}" in page) == (tables, True)


def test_a_year_not_loaded_says_so(cast: Cast) -> None:
    page = logged_in(cast.bruno).get("/prazos/?ano=2040").content.decode()
    assert "Os feriados de 2040 não estão carregados" in page


@pytest.mark.parametrize("address", ["dias/novo/", "suspensoes/nova/", "regras/defesa/nova/", "dias/{day}/retirar/"])
def test_who_is_no_administrador_finds_no_page_to_change(cast: Cast, address: str) -> None:
    day = Feriado.objects.order_by("pk").first()
    assert logged_in(cast.dora).get(f"/prazos/{address.format(day=day.pk)}").status_code == 404


def test_a_late_day_is_previewed_and_then_entered(admin: Client) -> None:
    prazo = set_prazo("cip_resposta", historico=open_history(), start=date(2026, 3, 2))

    preview = admin.post("/prazos/dias/novo/", MOURNING)
    assert "1 prazo muda" in preview.content.decode()
    assert "<strong>13/03/2026</strong>" in preview.content.decode()
    assert MudancaDeCalendario.objects.count() == 0
    done = admin.post("/prazos/dias/novo/", {**MOURNING, "confirmar": "1"}, follow=True).content.decode()

    prazo.refresh_from_db()
    assert prazo.vence_em == date(2026, 3, 13)
    assert "Dia incluído: Luto oficial (12/03/2026). 1 prazo mudou." in done
    assert "Fábio Administrador" in done


def test_a_day_taken_back_by_page(admin: Client) -> None:
    admin.post("/prazos/dias/novo/", {**MOURNING, "confirmar": "1"})
    day = Feriado.objects.get(nome="Luto oficial")
    assert (
        "Nenhum prazo em curso muda" in admin.post(f"/prazos/dias/{day.pk}/retirar/", {"motivo": "x"}).content.decode()
    )
    admin.post(f"/prazos/dias/{day.pk}/retirar/", {"motivo": "Engano.", "confirmar": "1"})
    assert not Feriado.objects.filter(pk=day.pk).exists()


def test_a_window_entered_and_taken_back_by_page(admin: Client) -> None:
    told = {
        "de": "2026-12-20",
        "ate": "2027-01-20",
        "motivo": "recesso",
        "fonte": "Decreto 3",
        "poupa": ["cip_resposta"],
    }
    assert admin.post("/prazos/suspensoes/nova/", told).status_code == 200
    admin.post("/prazos/suspensoes/nova/", {**told, "confirmar": "1"})
    row = Suspensao.objects.get()
    assert row.poupa == ["cip_resposta"]
    admin.post(f"/prazos/suspensoes/{row.pk}/retirar/", {"motivo": "Engano.", "confirmar": "1"})
    assert Suspensao.objects.count() == 0


def test_a_refusal_gives_the_form_back_with_what_was_typed(admin: Client) -> None:
    told = {"de": "2026-12-20", "ate": "2026-12-01", "motivo": "recesso", "fonte": "Decreto 3"}
    answer = admin.post("/prazos/suspensoes/nova/", told)
    assert answer.status_code == 422
    assert "A suspensão termina antes de começar." in answer.content.decode()
    assert 'value="Decreto 3"' in answer.content.decode()
    assert admin.post("/prazos/dias/novo/", {**MOURNING, "data": "2040-01-02"}).status_code == 422


def test_a_new_version_of_a_rule_by_page(admin: Client) -> None:
    told = {"dias": "15", "contagem": "corridos", "prorroga": "on", "fonte": "Portaria 4", "vigente_de": "2026-04-01"}
    assert admin.post("/prazos/regras/defesa/nova/", {**told, "vigente_de": "2026-03-01"}).status_code == 422
    page = admin.post("/prazos/regras/defesa/nova/", told, follow=True).content.decode()
    assert "Versão 3 da regra «Defesa na reclamação» gravada." in page
    assert "Portaria 4" in page
    assert RegraDePrazo.objects.filter(nome="defesa").count() == 3
    assert admin.get("/prazos/regras/nenhuma/nova/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_changes_costs_the_same(
    cast: Cast, admin: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        MudancaDeCalendario.objects.create(acao="incluir_dia", descricao="x", fonte="y", por=cast.dora, quando=NOW)
    with django_assert_num_queries(4):
        assert len(admin.get("/prazos/mudancas/").context["pagina"].rows) == number


def test_an_empty_list_of_changes_says_so(cast: Cast) -> None:
    page = logged_in(cast.bruno).get("/prazos/mudancas/").content.decode()
    assert ("O calendário está como foi carregado." in page, Prazo.objects.count()) == (True, 0)


def test_only_what_may_be_taken_back_offers_it(admin: Client) -> None:
    day = Feriado.objects.create(data=date(2026, 3, 20), nome="Engano", ambito="municipal", fonte="Decreto 1")
    page = admin.get("/prazos/?ano=2026")
    assert page.context["retiraveis"] == {day.pk}
    assert page.content.decode().count("/retirar/") == 1
