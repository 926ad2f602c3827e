"""The reclamação and the agreements on the case's page, the plan of instalments, and the two lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.models import Acordo, Anexo, Classificacao, Defesa, Proposta, Reclamacao, Recurso
from cases.services import finalize_due, lodge_appeal, make_agreement, receive_defence, write_opinion
from cases.views.complaint import DOORS
from cases.views.complaint_part import PAGES
from tests.browsing import logged_in
from tests.cases.files import PDF, picture
from tests.conftest import NOW, Cast

Opened = Callable[..., Reclamacao]


def test_every_door_has_a_page_and_an_address() -> None:
    assert set(DOORS) == set(PAGES)
    assert {reverse(route, args=[1]).startswith("/atendimentos/") for _, _, route in PAGES.values()} == {True}


def test_eva_gets_404_from_every_act(cast: Cast, decided: Callable[..., list[Classificacao]]) -> None:
    decided()
    eva = logged_in(cast.eva)

    answers = {route: eva.post(reverse(route, args=[1])).status_code for _, _, route in PAGES.values()}

    assert answers == dict.fromkeys(answers, 404)


@time_machine.travel(NOW, tick=False)
def test_the_whole_way_by_the_pages(cast: Cast, complaint: Opened, frida: User) -> None:
    opened = complaint(cast.loja, cast.banco)
    case = opened.atendimento
    shop, bank = case.reclamados.order_by("pk")
    bruno, edu = logged_in(cast.bruno), logged_in(cast.edu)
    today = NOW.date().isoformat()

    def post(who: Any, route: str, pk: int, **data: str) -> int:
        return who.post(reverse(route, args=[pk]), data).status_code

    for party in (shop, bank):
        assert post(bruno, "reclamado_notificacao", party.pk, meio="ar") == 302
        turn = Defesa.objects.get(reclamado=party)
        assert post(bruno, "defesa_recebimento", turn.pk, on=today, visto="notificada") == 302
        assert post(bruno, "defesa_texto", turn.pk, texto="Não devemos.") == 302
    opinion = {"analise": "Provado.", "base_legal": "CDC, art. 42"}
    for party in (shop, bank):
        opinion |= {f"valor_{party.pk}": "fundamentada_atendida", f"motivo_{party.pk}": "Devolveu."}
    assert post(bruno, "reclamacao_parecer", opened.pk, **opinion) == 302
    for party in (shop, bank):
        data = {"valor": "fundamentada_atendida", "motivo": "Devolveu.", "base_legal": "CDC, art. 42"}
        assert post(edu, "reclamado_decisao", party.pk, **data) == 302
    for made in Classificacao.objects.all():
        assert post(bruno, "decisao_intimacao", made.pk, on=today) == 302
    data = {"de_quem": "consumidor", "on": today, "texto": "Não recebi."}
    assert post(bruno, "decisao_recurso", made.pk, **data) == 302
    appeal = Recurso.objects.get()
    page = logged_in(frida).get(case.get_absolute_url()).content.decode()
    assert reverse("recurso_julgamento", args=[appeal.pk]) in page
    data = {"resultado": "provido", "valor": "fundamentada_nao_atendida", "motivo": "Sim.", "base_legal": "CDC"}
    assert post(logged_in(frida), "recurso_julgamento", appeal.pk, **data) == 302
    finalize_due(today=NOW.date() + timedelta(days=13), at=NOW)
    assert post(bruno, "reclamacao_arquivamento", opened.pk, visto="decidida") == 302
    page = bruno.get(case.get_absolute_url()).content.decode()
    assert "Definitiva desde" in page
    assert "substituída em 04/03/2026" in page


@time_machine.travel(NOW, tick=False)
def test_a_refused_act_keeps_what_was_typed(cast: Cast, complaint: Opened) -> None:
    party = complaint(cast.banco).atendimento.reclamados.get()
    bruno = logged_in(cast.bruno)

    refused = bruno.post(reverse("reclamado_notificacao", args=[party.pk]), {"meio": "email"})
    stale = bruno.post(reverse("reclamado_notificacao", args=[party.pk]), {"meio": "ar", "visto": "decidida"})
    empty = bruno.post(reverse("reclamado_notificacao", args=[party.pk]), {})

    assert (refused.status_code, stale.status_code, empty.status_code) == (422, 409, 422)
    assert "não tem e-mail no cadastro" in refused.content.decode()


def test_the_page_stays_within_its_queries(
    cast: Cast, decided: Callable[..., list[Classificacao]], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made, _ = decided(cast.loja, cast.banco)
    client = logged_in(cast.bruno)
    client.get(made.reclamado.atendimento.get_absolute_url())

    with django_assert_num_queries(20):
        client.get(made.reclamado.atendimento.get_absolute_url())


@time_machine.travel(NOW, tick=False)
def test_the_plan_is_shown_changed_and_stored(cast: Cast, complaint: Opened) -> None:
    case = complaint().atendimento
    path = reverse("acordo_novo", args=[case.protocolo])
    bruno = logged_in(cast.bruno)
    assert bruno.get(path).status_code == 200
    typed = {
        "reclamado": str(case.reclamados.get().pk),
        "origem": "reclamacao",
        "texto": "Devolução.",
        "firmado_em": "2026-03-04",
        "total": "100,00",
        "quantas": "3",
        "primeiro": "2026-03-10",
    }

    shown = bruno.post(path, typed | {"gerar": "1"}).content.decode()

    assert 'value="33,34"' in shown
    assert 'name="linhas" value="3"' in shown
    rows = {"linhas": "2", "vencimento_1": "2026-03-10", "valor_1": "60,00", "vencimento_2": "2026-04-10"}
    wrong = bruno.post(path, typed | rows | {"valor_2": "50,00"})
    assert (wrong.status_code, "As parcelas somam" in wrong.content.decode()) == (422, True)
    assert bruno.post(path, typed | rows | {"valor_2": "40,00"}).status_code == 302
    assert [str(row.valor) for row in Acordo.objects.get().parcelas.all()] == ["60.00", "40.00"]


@pytest.mark.parametrize("missing", ["total", "quantas", "primeiro"])
def test_a_plan_needs_its_three_figures(cast: Cast, complaint: Opened, missing: str) -> None:
    path = reverse("acordo_novo", args=[complaint().atendimento.protocolo])
    typed = {"total": "100,00", "quantas": "3", "primeiro": "2026-03-10", "gerar": "1"}

    answer = logged_in(cast.bruno).post(path, typed | {missing: ""})

    assert (answer.status_code, missing in answer.context["form"].errors) == (422, True)


def _agree(cast: Cast, opened: Reclamacao) -> Acordo:
    return make_agreement(
        reclamado=opened.atendimento.reclamados.get(),
        origem="reclamacao",
        texto="Troca.",
        firmado_em=NOW.date(),
        conferir_em=NOW.date(),
        by=cast.bruno,
        at=NOW,
    )


@time_machine.travel(NOW + timedelta(days=1), tick=False)
@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_at_any_length(
    cast: Cast, complaint: Opened, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        _agree(cast, complaint())
    client = logged_in(cast.bruno)
    client.get("/atendimentos/acordos/")

    with django_assert_num_queries(5):
        agreements = client.get("/atendimentos/acordos/?quando=vencido")
    with django_assert_num_queries(6):
        complaints = client.get("/atendimentos/reclamacoes/?minhas=on")

    assert len(agreements.context["pagina"].rows) == len(complaints.context["pagina"].rows) == rows
    assert "vencido" in agreements.content.decode()


@time_machine.travel(NOW + timedelta(days=21), tick=False)
def test_reclamacoes_by_what_they_wait_for(
    cast: Cast, notified: Callable[..., list[Defesa]], under_analysis: Opened
) -> None:
    (late,) = notified()
    waiting = under_analysis(cast.banco)
    bruno = logged_in(cast.bruno)

    def shown(query: str) -> set[int]:
        return {row.pk for row in bruno.get(f"/atendimentos/reclamacoes/?{query}").context["pagina"].rows}

    assert shown("espera=defesa_vencida") == {late.reclamacao_id}
    assert shown("espera=decisao") == {waiting.pk}
    assert shown("espera=parecer") == set()
    assert shown("status=em_analise") == {waiting.pk}


def test_eva_sees_neither_list_nor_spreadsheet_lines(cast: Cast, complaint: Opened) -> None:
    made = _agree(cast, complaint())
    protocol = made.reclamado.atendimento.protocolo
    addresses = ["/atendimentos/acordos/", "/atendimentos/reclamacoes/", "/atendimentos/acordos/exportar/"]

    seen = {}
    for user in (cast.bruno, cast.eva):
        client = logged_in(user)
        seen[user.usuario] = [protocol in client.get(address).getvalue().decode() for address in addresses]

    assert seen == {"bruno": [True, True, True], "eva": [False, False, False]}
    assert logged_in(cast.eva).get(reverse("acordo_novo", args=[protocol])).status_code == 404


# ---- papers with the words ----


def paper(name: str = "defesa.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_defence_comes_with_its_papers(cast: Cast, notified: Callable[..., list[Defesa]]) -> None:
    (turn,) = notified()
    bruno = logged_in(cast.bruno)
    case = turn.reclamado.atendimento
    assert 'enctype="multipart/form-data"' in bruno.get(case.get_absolute_url()).content.decode()
    bruno.post(
        reverse("defesa_texto", args=[turn.pk]),
        {"texto": "Nada devemos.", "arquivo": [paper(), paper("b.png", picture("PNG"))]},
    )

    assert [(row.nome, row.origem, row.reclamado_id) for row in Anexo.objects.order_by("pk")] == [
        ("defesa.pdf", "fornecedor", turn.reclamado_id),
        ("b.png", "fornecedor", turn.reclamado_id),
    ]
    turn.refresh_from_db()
    assert turn.texto == "Nada devemos."


def test_a_refused_paper_leaves_no_defence_and_the_text_stays_typed(
    cast: Cast, notified: Callable[..., list[Defesa]]
) -> None:
    (turn,) = notified()
    data = {"texto": "Nada devemos.", "arquivo": [paper(), paper("programa.exe", b"MZ")]}
    answer = logged_in(cast.bruno).post(reverse("defesa_texto", args=[turn.pk]), data)

    turn.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, turn.texto, Anexo.objects.count()) == (422, "", 0)
    assert ("programa.exe" in page, "Nada devemos." in page) == (True, True)


def test_an_appeal_and_an_opinion_come_with_their_papers(
    cast: Cast, notified: Callable[..., list[Defesa]], decided: Callable[..., list[Classificacao]]
) -> None:
    (made,) = decided()
    lodge_appeal(
        classificacao=made,
        de_quem="consumidor",
        on=NOW.date(),
        texto="Discordo.",
        by=cast.bruno,
        at=NOW,
        arquivos=[paper("recurso.pdf")],
    )
    (turn,) = notified(cast.banco)
    receive_defence(defesa=turn, texto="Nada.", by=cast.bruno, at=NOW)
    write_opinion(
        reclamacao=turn.reclamacao,
        analise="Vista.",
        base_legal="CDC",
        propostas=[Proposta(reclamado=turn.reclamado, valor="nao_fundamentada", motivo="Sem prova.")],
        by=cast.bruno,
        at=NOW,
        arquivos=[paper("laudo.pdf")],
    )

    assert list(Anexo.objects.order_by("pk").values_list("nome", "origem", "descricao")) == [
        ("recurso.pdf", "consumidor", "Recurso"),
        ("laudo.pdf", "balcao", "Parecer técnico"),
    ]
