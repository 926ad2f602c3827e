"""The consumer confirms a hearing or asks for another date through an integration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
import yaml
from django.db import connection
from jsonschema import Draft202012Validator

from hearings.models import Audiencia, Confirmacao, PedidoDeRemarcacao
from hearings.services import cancel, deny_move
from tests.browsing import logged_in
from tests.conftest import NOW, Cast, make_cast
from tests.hearings.conftest import make_case, moment
from tests.portal.conftest import Program, make_program
from tests.portal.scene import KEY, NEXT_DAY, Scene, make_scene
from tests.portal.test_description import COMMITTED
from workflow.models import Evento

ONCE = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
WISHES = ["2026-03-18T14:30:00-03:00", "2026-03-18T10:00:00-03:00"]


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scene(cast: Cast, cidade: Program) -> Scene:
    return make_scene(cast, cidade)


def _confirm(program: Program, hearing: Audiencia, body: Any = None, **headers: str) -> Any:
    return program.post(f"/audiencias/{hearing.pk}/confirmacao/", b"" if body is None else body, **headers)


def _ask(program: Program, hearing: Audiencia, body: Any = None, **headers: str) -> Any:
    body = {"motivo": "Viagem."} if body is None else body
    return program.post(f"/audiencias/{hearing.pk}/pedido-remarcacao/", body, **headers)


def test_confirming_moves_the_hearing_and_says_who_passed_it_on(cidade: Program, scene: Scene) -> None:
    hearing = scene.schedule()
    before = cidade.get(f"/audiencias/{hearing.pk}/").json()

    answer = _confirm(cidade, hearing)

    assert (answer.status_code, answer.json()) == (
        200,
        before
        | {
            "situacao": "confirmada",
            "situacao_descricao": "Confirmada",
            "descricao": before["descricao"].replace(
                "Confirme que vem, ou peça outra data antes do início.", "Sua presença está confirmada."
            ),
            "confirmacao": {"confirmada_em": "2026-03-04T10:00:00-03:00", "pode_confirmar": False},
        },
    )
    assert answer["ETag"] == cidade.get(f"/audiencias/{hearing.pk}/")["ETag"]
    event = Evento.objects.get(ato="CONFIRMAR")
    assert (event.autor.usuario, event.dados) == (
        "sistema",
        {"quem": "Ana Souza", "parte": "consumidor", "por": "Portal da cidade"},
    )
    assert Confirmacao.objects.get().parte == f"consumidor:{scene.stage.cast.ana.pk}"


def test_confirming_twice_is_once(cidade: Program, scene: Scene) -> None:
    hearing = scene.schedule()
    first, again = _confirm(cidade, hearing, **ONCE), _confirm(cidade, hearing, **ONCE)
    another = _confirm(cidade, hearing, {})

    assert [answer.status_code for answer in (first, again, another)] == [200, 200, 200]
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert (another.content, "Idempotent-Replayed" in another) == (first.content, False)
    assert Confirmacao.objects.count() == Evento.objects.filter(ato__startswith="CONFIRMAR").count() == 1


def test_asking_for_another_date_writes_the_wishes_down_for_the_office(cidade: Program, scene: Scene) -> None:
    hearing = scene.schedule()

    answer = _ask(cidade, hearing, {"motivo": "Estarei internada.", "preferencias": WISHES}, **ONCE)

    asked = PedidoDeRemarcacao.objects.get()
    assert (asked.motivo, asked.quem, asked.preferencias) == (
        "Estarei internada.",
        "Ana Souza",
        [moment("10:00", NEXT_DAY.replace(day=18)), moment("14:30", NEXT_DAY.replace(day=18))],
    )
    assert (answer.status_code, answer["Location"]) == (201, f"http://testserver/api/v1/audiencias/{hearing.pk}/")
    assert answer.json()["remarcacao"] == {
        "pedir_ate": "2026-03-16T10:00:00-03:00",
        "pode_pedir": False,
        "pedidos": [
            {
                "motivo": "Estarei internada.",
                "preferencias": WISHES[::-1],
                "pedido_em": "2026-03-04T10:00:00-03:00",
                "decidido_em": None,
                "atendido": None,
                "resposta": "",
            }
        ],
    }
    page = logged_in(scene.stage.cast.bruno).get(hearing.get_absolute_url()).content.decode()
    assert "Prefere: 18/03/2026 10:00, 18/03/2026 14:30." in page


def test_one_request_at_a_time_and_what_the_office_decided(cidade: Program, scene: Scene) -> None:
    hearing = scene.schedule()
    first = _ask(cidade, hearing, **ONCE)
    assert _ask(cidade, hearing, **ONCE).content == first.content
    second = _ask(cidade, hearing)
    assert (second.status_code, "está em análise" in second.json()["detail"]) == (409, True)

    asked = PedidoDeRemarcacao.objects.get()
    deny_move(pedido=asked, resposta="Já mudou duas vezes.", by=scene.stage.cast.bruno, at=NOW)
    told = cidade.get(f"/audiencias/{hearing.pk}/").json()["remarcacao"]
    assert (told["pode_pedir"], told["pedidos"][0]["atendido"], told["pedidos"][0]["resposta"]) == (
        True,
        False,
        "Já mudou duas vezes.",
    )
    scene.move(hearing)
    assert _ask(cidade, hearing).status_code == 409


@pytest.mark.parametrize("send", [_confirm, _ask])
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("cancelada", "a audiência foi cancelada, e não é preciso vir."),
        ("redesignada", "a audiência mudou para 17/03/2026 às 14:00. Responda sobre a nova data."),
        (
            "passada",
            "o prazo para confirmar ou pedir outra data terminou com o início da audiência, em 16/03/2026 às 10:00. "
            "Se não pôde vir, procure o Procon e justifique.",
        ),
    ],
)
def test_a_date_that_is_gone_takes_no_word(
    cidade: Program, scene: Scene, settings: Any, send: Any, state: str, sentence: str
) -> None:
    hearing = scene.schedule()
    if state == "cancelada":
        cancel(audiencia=hearing, motivo="Resolvido antes.", by=scene.stage.cast.dora, at=NOW)
    if state == "redesignada":
        scene.move(hearing)
    with time_machine.travel(moment("10:00") if state == "passada" else NOW, tick=False):
        answer = send(cidade.log_in(), hearing)

    wait = f"Esta data não vale mais: {sentence} Dúvidas: {settings.PROCON['TELEFONE']}."
    assert (answer.status_code, answer.json()["detail"]) == (409, wait)
    assert not Confirmacao.objects.exists()
    assert not PedidoDeRemarcacao.objects.exists()


@pytest.mark.parametrize("send", [_confirm, _ask])
def test_a_stale_version_is_refused_and_a_current_one_is_not(cidade: Program, scene: Scene, send: Any) -> None:
    hearing = scene.schedule()
    etag = cidade.get(f"/audiencias/{hearing.pk}/")["ETag"]

    stale = send(cidade, hearing, **{"If-Match": '"velho"'})
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")
    assert not Evento.objects.filter(ato__in=["CONFIRMAR", "PEDIR_REMARCACAO"]).exists()
    assert send(cidade, hearing, **{"If-Match": etag}).status_code in (200, 201)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "motivo"),
        ({"motivo": ""}, 400, "motivo"),
        ({"motivo": " \u200b"}, 201, ""),
        ({"motivo": 1}, 400, "motivo"),
        ({"motivo": "x" * 2001}, 400, "motivo"),
        ({"motivo": "Viagem.", "nova_data": "2026-03-18"}, 400, "nova_data"),
        ({"motivo": "Viagem.", "preferencias": "2026-03-18T10:00:00-03:00"}, 400, "preferencias"),
        ({"motivo": "Viagem.", "preferencias": ["2026-03-18"]}, 400, "preferencias.0"),
        ({"motivo": "Viagem.", "preferencias": ["2026-03-18T10:00:00"]}, 400, "preferencias.0"),
        ({"motivo": "Viagem.", "preferencias": ["0001-01-01T00:00:00+14:00"]}, 400, "preferencias.0"),
        ({"motivo": "Viagem.", "preferencias": WISHES * 3}, 400, "preferencias"),
        ({"motivo": "Viagem.", "preferencias": ["2026-03-04T10:00:00-03:00"]}, 422, "preferencias"),
        ({"motivo": "Viagem.", "preferencias": ["2100-12-31T23:00:00-03:00"]}, 422, "preferencias"),
        ({"motivo": "Viagem.", "preferencias": WISHES * 2}, 201, ""),
    ],
)
def test_what_a_request_may_say(cidade: Program, scene: Scene, body: Any, status: int, field: str) -> None:
    answer = _ask(cidade, scene.schedule(), body)

    assert answer.status_code == status, answer.json()
    assert status == 201 or list(answer.json()["erros"]) == [field]
    assert PedidoDeRemarcacao.objects.count() == (status == 201)


def test_a_confirmation_says_nothing_else(cidade: Program, scene: Scene) -> None:
    answer = _confirm(cidade, scene.schedule(), {"quem": "Ana"})

    assert (answer.status_code, list(answer.json()["erros"])) == (400, ["quem"])


def test_with_the_key_another_integration_speaks_for_the_consumer(vizinha: Program, scene: Scene) -> None:
    hearing = scene.schedule()
    with_key = {"Chave-Acompanhamento": KEY}

    assert (_confirm(vizinha, hearing).status_code, _ask(vizinha, hearing).status_code) == (404, 404)
    assert _confirm(vizinha, hearing, **with_key).status_code == 200
    assert _ask(vizinha, hearing, **with_key).status_code == 201


def test_a_case_without_consumer_has_nobody_to_answer(cidade: Program, scene: Scene, cast: Cast) -> None:
    case = make_case(cast, 3, consumidor=None, atendente=cidade.user, integracao=cidade.user)
    hearing = scene.schedule(atendimento=case, reclamados=[case.reclamados.create(fornecedor=cast.loja)])

    told = cidade.get(f"/audiencias/{hearing.pk}/").json()
    assert (told["levar"], told["confirmacao"]["pode_confirmar"], told["remarcacao"]["pode_pedir"]) == (
        "",
        False,
        False,
    )
    answer = _confirm(cidade, hearing)
    assert (answer.status_code, "não tem consumidor" in answer.json()["detail"]) == (409, True)


def test_the_answers_have_the_shapes_described(cidade: Program, scene: Scene) -> None:
    components = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))["components"]
    hearing = scene.schedule()
    answers = [
        ("Audiencia", _ask(cidade, hearing, {"motivo": "Viagem.", "preferencias": WISHES})),
        ("Audiencia", cidade.get(f"/audiencias/{hearing.pk}/")),
        ("PaginaDeAudiencias", cidade.get("/audiencias/")),
        ("PaginaDeHorariosLivres", cidade.get("/horarios-livres/?limite=2")),
        ("Erro", _ask(cidade, hearing)),
    ]

    for shape, answer in answers:
        check = Draft202012Validator({"$ref": f"#/components/schemas/{shape}", "components": components})
        assert [error.message for error in check.iter_errors(answer.json())] == []
        assert set(answer.json()) == set(components["schemas"][shape]["properties"])


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_the_database_takes_one() -> None:
    cast = make_cast()
    cidade = make_program(cast, "Portal da cidade").log_in()
    hearing = make_scene(cast, cidade).schedule()
    gate = Barrier(6)

    def send(number: int) -> int:
        try:
            gate.wait(timeout=120)
            return int((_ask if number % 2 else _confirm)(cidade, hearing).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(send, range(6)))

    assert statuses == [200, 200, 200, 201, 409, 409]
    assert (Confirmacao.objects.count(), PedidoDeRemarcacao.objects.count()) == (1, 1)
