"""The page of one case and its acts: what is shown to whom, what is refused and with which status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains

from accounts.models import Papel
from cases.acts import ATENDIMENTO
from cases.models import CIP, Atendimento, Reclamado
from cases.services import close_case, issue_cip, record_contact, send_cip
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

Make = Callable[..., Atendimento]
Running = Callable[[Reclamado], CIP]
ACTS = "/atendimentos/{}/{}/"


@pytest.fixture(autouse=True)
def _letters_in_tmp(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def only(case: Atendimento) -> Reclamado:
    return case.reclamados.get()


def test_the_page_shows_the_case(cast: Cast, ap: Make) -> None:
    case = ap()
    page = logged_in(cast.bruno).get(case.get_absolute_url()).content.decode()
    for text in (
        case.protocolo,
        "Ana Souza",
        "***.444.777-**",
        "Loja Modelo Ltda",
        "12.ABC.345/01DE-35",
        "Cobraram duas vezes.",
    ):
        assert text in page


def test_eva_gets_404_from_the_page_and_from_every_act(cast: Cast, ap: Make, running_cip: Running) -> None:
    case = ap()
    cip = running_cip(only(case))
    eva = logged_in(cast.eva)
    acts = ("resolver", "reclamacao", "encerrar", "reabrir", "retificar", "espelho")
    posts = [f"/atendimentos/{case.protocolo}/{act}/" for act in acts]
    posts += [f"/atendimentos/reclamados/{cip.reclamado_id}/{act}/" for act in ("contato", "cip")]
    posts += [
        f"/atendimentos/cips/{cip.pk}/{act}/" for act in ("envio", "ciencia", "resposta", "baixa", "cancelamento")
    ]
    assert eva.get(case.get_absolute_url()).status_code == 404
    assert {path: eva.post(path).status_code for path in posts} == dict.fromkeys(posts, 404)


def test_an_administrator_sees_no_case_by_that_role(cast: Cast, ap: Make) -> None:
    case = ap()
    cast.eva.atribuicoes.update(unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    assert logged_in(cast.eva).get(case.get_absolute_url()).status_code == 404


def test_acts_are_post_only(cast: Cast, ap: Make) -> None:
    case = ap()
    answer = logged_in(cast.bruno).get(ACTS.format(case.protocolo, "encerrar"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assertContains(answer, "<h1>Nada foi enviado</h1>", status_code=405)


def test_the_buttons_are_those_of_the_table_of_acts(cast: Cast, ap: Make) -> None:
    case = ap()
    seen = {}
    for user in (cast.bruno, cast.carla, cast.dora, cast.edu):
        buttons = logged_in(user).get(case.get_absolute_url()).context["atos"]
        seen[user.usuario] = [button.name for button in buttons]
    assert seen == {
        "bruno": ["RESOLVER_NO_ATENDIMENTO", "INSTAURAR_RECLAMACAO", "ENCERRAR"],
        "carla": ["ENCERRAR"],
        "dora": ["RESOLVER_NO_ATENDIMENTO", "INSTAURAR_RECLAMACAO", "ENCERRAR", "RETIFICAR"],
        "edu": [],
    }
    assert set(seen["bruno"]) < {act.name for act in ATENDIMENTO.available("aberto", frozenset({"atendente"}))}


def test_a_closed_case_offers_one_reopening_to_the_coordenador(cast: Cast, ap: Make) -> None:
    case = ap()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    buttons = logged_in(cast.dora).get(case.get_absolute_url()).context["atos"]
    assert [button.name for button in buttons] == ["REABRIR", "RETIFICAR"]


@time_machine.travel(NOW, tick=False)
def test_the_whole_walk_from_the_call_to_the_closing(cast: Cast, ap: Make, rules: None) -> None:
    case = ap()
    bruno = logged_in(cast.bruno)
    party = only(case)
    path = case.get_absolute_url()
    today = NOW.date()

    def post(address: str, **data: str) -> tuple[int, str]:
        response = bruno.post(address, data)
        return response.status_code, response.headers.get("Location", "")

    assert post(f"/atendimentos/reclamados/{party.pk}/contato/", resultado="nao_resolvido", com_quem="SAC") == (
        302,
        path,
    )
    assert post(f"/atendimentos/reclamados/{party.pk}/cip/", visto="aberto") == (302, path)
    cip = party.cips.get()
    steps = [
        ("envio", {"meio": "em_maos", "visto": "emitida"}, "enviada"),
        ("ciencia", {"on": today.isoformat(), "visto": "enviada"}, "cientificada"),
        ("resposta", {"especie": "aceita", "resposta": "Devolveremos.", "visto": "cientificada"}, "respondida"),
        ("baixa", {"resultado": "acordo", "visto": "respondida"}, "baixada"),
    ]
    for act, data, status in steps:
        assert post(f"/atendimentos/cips/{cip.pk}/{act}/", **data) == (302, path)
        cip.refresh_from_db()
        assert cip.status == status
    assert post(ACTS.format(case.protocolo, "encerrar"), desfecho="acordo", visto="aguarda_consumidor") == (302, path)
    case.refresh_from_db()
    assert (case.status, case.desfecho) == ("encerrado", "acordo")


def test_settled_by_the_call(cast: Cast, ap: Make) -> None:
    case = ap()
    record_contact(reclamado=only(case), resultado="resolvido", by=cast.bruno, at=NOW)
    response = logged_in(cast.bruno).post(ACTS.format(case.protocolo, "resolver"), {"visto": "aberto"})
    case.refresh_from_db()
    assert (response.status_code, case.desfecho) == (302, "resolvido_no_atendimento")


def test_a_refused_act_says_why_with_409_and_keeps_what_was_typed(cast: Cast, ap: Make) -> None:
    case = ap()
    response = logged_in(cast.bruno).post(ACTS.format(case.protocolo, "resolver"), {"motivo": "Ligaram de volta."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Falta resolver com Loja Modelo Ltda" in page
    assert "Ligaram de volta." in page


def test_a_stale_page_is_refused_with_409_and_nothing_changes(cast: Cast, ap: Make) -> None:
    case = ap()
    issue_cip(reclamado=only(case), by=cast.dora, at=NOW)
    data = {"desfecho": "desistencia", "motivo": "Não quer mais.", "visto": "aberto"}
    response = logged_in(cast.bruno).post(ACTS.format(case.protocolo, "encerrar"), data)
    case.refresh_from_db()
    assert (response.status_code, case.status) == (409, "aguarda_fornecedor")
    assert "Alguém foi mais rápido" in response.content.decode()
    assert "Não quer mais." in response.content.decode()


def test_a_papel_that_may_not_act_gets_409(cast: Cast, ap: Make) -> None:
    case = ap()
    response = logged_in(cast.carla).post(ACTS.format(case.protocolo, "reclamacao"), {"motivo": "Urgente."})
    assert response.status_code == 409
    assert "o ato cabe a Atendente, Coordenador" in response.content.decode()


def test_rectifying_is_the_coordenadors(cast: Cast, ap: Make) -> None:
    case = ap()
    data = {"status": "encerrado", "desfecho": "orientado", "motivo": "Aberto por engano.", "visto": "aberto"}
    refused = logged_in(cast.bruno).post(ACTS.format(case.protocolo, "retificar"), data)
    done = logged_in(cast.dora).post(ACTS.format(case.protocolo, "retificar"), data)
    case.refresh_from_db()
    assert (refused.status_code, done.status_code, case.desfecho) == (409, 302, "orientado")


def test_reopening_by_the_coordenador(cast: Cast, ap: Make) -> None:
    case = ap()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    response = logged_in(cast.dora).post(ACTS.format(case.protocolo, "reabrir"), {"motivo": "Voltou atrás."})
    case.refresh_from_db()
    assert (response.status_code, case.status) == (302, "aberto")


def test_a_form_without_its_data_gets_422_with_the_error_at_the_field(cast: Cast, ap: Make) -> None:
    case = ap()
    response = logged_in(cast.bruno).post(ACTS.format(case.protocolo, "reclamacao"), {"motivo": "  "})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="instaurar_reclamacao-{case.pk}-motivo_error"' in page
    assert f'aria-describedby="instaurar_reclamacao-{case.pk}-motivo_error"' in page


def test_content_refused_by_the_service_gets_422_at_the_field(cast: Cast, ap: Make) -> None:
    case = ap()
    cip = issue_cip(reclamado=only(case), by=cast.bruno, at=NOW)
    send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=NOW)
    before = (NOW - timedelta(days=1)).date().isoformat()
    response = logged_in(cast.bruno).post(f"/atendimentos/cips/{cip.pk}/ciencia/", {"on": before})
    assert response.status_code == 422
    assert "Confira a data no comprovante." in response.content.decode()


def test_a_supplier_without_email_gets_no_cip_by_email(cast: Cast, ap: Make) -> None:
    case = ap(cast.banco)
    cip = issue_cip(reclamado=only(case), by=cast.bruno, at=NOW)
    response = logged_in(cast.bruno).post(f"/atendimentos/cips/{cip.pk}/envio/", {"meio": "email"})
    assert response.status_code == 422
    assert "não tem e-mail no cadastro" in response.content.decode()


def test_a_second_cip_to_the_same_supplier_is_refused(cast: Cast, ap: Make) -> None:
    case = ap()
    issue_cip(reclamado=only(case), by=cast.bruno, at=NOW)
    response = logged_in(cast.bruno).post(f"/atendimentos/reclamados/{only(case).pk}/cip/")
    assert response.status_code == 409
    assert "Já há uma CIP em andamento" in response.content.decode()


def test_the_espelho_is_issued_and_shown(cast: Cast, ap: Make) -> None:
    case = ap()
    response = logged_in(cast.bruno).post(ACTS.format(case.protocolo, "espelho"))
    letter = case.historico.documentos.get()
    assert (response.status_code, response["Location"]) == (302, f"/documentos/{letter.codigo}/")


def test_the_page_costs_the_same_whatever_the_number_of_suppliers(
    cast: Cast, ap: Make, running_cip: Running, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = ap()
    running_cip(only(one))
    two = ap(cast.loja, cast.banco)
    for party in two.reclamados.all():
        record_contact(reclamado=party, resultado="nao_resolvido", by=cast.bruno, at=NOW)
        running_cip(party)
    client = logged_in(cast.bruno)
    for case in (one, two):
        with django_assert_num_queries(17):
            client.get(case.get_absolute_url())


def test_text_typed_by_people_is_never_markup(cast: Cast, ap: Make) -> None:
    case = ap()
    note = "<script>alert(1)</script>"
    record_contact(reclamado=only(case), resultado="nao_resolvido", relato=note, by=cast.bruno, at=NOW)
    page = logged_in(cast.bruno).get(case.get_absolute_url()).content.decode()
    assert note not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
