"""The public pages: the start, and a case followed with protocol and key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import CIP, Atendimento, Manifestacao
from cases.services import acknowledge_cip, answer_cip, close_case, issue_cip, register, send_cip
from hearings.models import Audiencia, Sala
from hearings.services import schedule
from portal.conf import LIMITS
from portal.services.following import give_key, next_dates
from portal.tracking import new_key
from tests.conftest import NOW, Cast, load_law
from tests.hearings.conftest import moment, told
from tests.portal.conftest import make_subject
from workflow.errors import ActNotAllowed
from workflow.models import Evento

DOOR, PAGE = "/publico/acompanhamento/", "/publico/acompanhamento/caso/"


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def case(cast: Cast, settings: Any, tmp_path: Any) -> Atendimento:
    """Ana's case, with letters to the shop and to the bank."""
    settings.MEDIA_ROOT = tmp_path
    load_law()
    made = register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=[cast.loja, cast.banco],
        assunto=make_subject(),
        relato="Cobraram duas vezes.",
        pedido="Devolução.",
    )
    for against in made.reclamados.order_by("pk"):
        cip = issue_cip(reclamado=against, by=cast.bruno, at=NOW)
        send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=NOW)
        acknowledge_cip(cip=cip, on=NOW.date(), by=cast.bruno, at=NOW)
    return made


@pytest.fixture
def key(case: Atendimento, cast: Cast) -> str:
    return give_key(atendimento=case, by=cast.bruno, at=NOW)


@pytest.fixture
def ana(case: Atendimento, key: str) -> Client:
    """A browser in which Ana opened her case."""
    client = Client()
    typed = key.lower().replace("-", " ")
    answer = client.post(DOOR, {"protocolo": f" {case.protocolo} ", "chave": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    return client


@pytest.fixture
def answered(case: Atendimento, cast: Cast) -> Callable[..., CIP]:
    """Record a supplier's answer: a proposal, unless told otherwise."""

    def make(number: int = 0, especie: str = "proposta") -> CIP:
        cip = CIP.objects.order_by("pk")[number]
        given = {"especie": especie, "resposta": "Foi engano.", "proposta": "Devolvemos R$ 50."}
        return answer_cip(cip=cip, by=cast.bruno, at=NOW, **given)

    return make


def _words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_start_leads_to_every_public_service(db: None) -> None:
    words = _words(Client().get("/publico/"))

    for name in (
        "acompanhamento",
        "fornecedor_publico",
        "caixa",
        "conferencia",
        "cadastros_publicos",
        "balancos_publicos",
        "dados_abertos",
    ):
        assert f'href="{reverse(name)}"' in words


def test_the_page_tells_what_happened_and_what_comes(ana: Client, case: Atendimento) -> None:
    words = _words(ana.get(PAGE))

    assert case.protocolo in words
    assert "Seu atendimento foi registrado no Procon." in words
    assert "<strong>16/03/2026</strong> · Loja Modelo Ltda tem até este dia para responder." in words
    assert "Ana Souza" not in words


def test_what_the_browser_keeps_names_nobody_and_stays_on_these_pages(ana: Client, key: str) -> None:
    kept = ana.cookies["acompanhamento"]

    assert (kept["path"], kept["httponly"], kept["samesite"], kept["max-age"]) == (DOOR, True, "Strict", 1800)
    assert not any(part in kept.value for part in (key, "Ana", "0000001"))
    assert "sessionid" not in ana.cookies


def test_wrong_key_unknown_protocol_and_a_case_without_key_are_one_answer(
    case: Atendimento, key: str, cast: Cast
) -> None:
    keyless = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="telefone")
    client = Client(headers={"cookie": "csrftoken=a"})
    tries = [
        (case.protocolo, new_key()),
        (case.protocolo, key[:-1]),
        ("35.001.001.26-9999999", key),
        ("qualquer coisa", "x"),
        (keyless.protocolo, "-"),
    ]
    answers = []
    for protocolo, chave in tries:
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(DOOR, {"protocolo": protocolo, "chave": chave})
        shown = "".join(line for line in answer.content.decode().splitlines(True) if "csrf" not in line)
        same = shown.replace(protocolo, "P").replace(f'value="{chave}"', "K")
        answers.append((answer.status_code, same, sorted(answer.cookies), len(asked)))

    assert answers[0][0] == 422
    assert "Não há atendimento com este protocolo e esta chave." in answers[0][1]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"protocolo": "a\x00", "chave": "x"},
        {"protocolo": "x", "chave": "\x00"},
        {"protocolo": "x" * 41, "chave": "x"},
    ],
)
def test_what_cannot_be_a_key_is_refused(db: None, sent: dict[str, str]) -> None:
    assert Client().post(DOOR, sent).status_code == 422


def test_numbers_that_no_answer_has_are_not_found(ana: Client) -> None:
    assert ana.post(f"{PAGE}respostas/{10**30}/", {"aceita": "sim"}).status_code == 404
    assert ana.get(f"{PAGE}audiencias/{10**30}.ics").status_code == 404


def test_many_tries_from_one_address_must_wait(case: Atendimento, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "acompanhamento", 2)
    right = {"protocolo": case.protocolo, "chave": key}
    answers = [Client().post(DOOR, sent) for sent in ({**right, "chave": "x"}, {**right, "chave": "x"}, right)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert answers[2]["Retry-After"] == "60"


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}audiencias/1.ics"])
def test_without_an_opened_case_nothing_is_shown(db: None, path: str) -> None:
    forged = Client()
    forged.cookies["acompanhamento"] = "WzEsIiJd:1abc:forjado"
    for client in (Client(), forged):
        assert client.get(path).headers["Location"] == DOOR


def test_an_opened_case_closes_after_half_an_hour_or_by_the_button_or_with_a_new_key(
    ana: Client, case: Atendimento, cast: Cast
) -> None:
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert ana.get(PAGE).headers["Location"] == DOOR
    assert ana.get(PAGE).status_code == 200
    give_key(atendimento=case, by=cast.bruno, at=NOW)
    assert ana.get(PAGE).headers["Location"] == DOOR
    ana.post(f"{DOOR}sair/")
    assert ana.cookies["acompanhamento"].value == ""


def test_an_answer_is_accepted_once_and_closes_the_case_with_the_last(
    ana: Client, case: Atendimento, answered: Callable[..., CIP]
) -> None:
    for number in (0, 1):
        cip = answered(number)
        answer = ana.post(f"{PAGE}respostas/{cip.pk}/", {"aceita": "sim"})
        assert answer.headers["Location"] == PAGE
    assert ana.post(f"{PAGE}respostas/{cip.pk}/", {"aceita": "sim"}).status_code == 409

    said = Manifestacao.objects.order_by("pk").values_list("aceita", "canal", "por__usuario")
    case.refresh_from_db()
    assert (list(said), case.status, case.desfecho) == ([(True, "portal", "sistema")] * 2, "encerrado", "acordo")
    words = _words(ana.get(PAGE))
    assert words.count("Você aceitou esta resposta em 04/03/2026.") == 2
    assert "Enviar ao Procon" not in words


def test_an_answer_is_not_accepted_with_a_reason(ana: Client, answered: Callable[..., CIP]) -> None:
    cip = answered()
    path = f"{PAGE}respostas/{cip.pk}/"

    bare = ana.post(path, {"aceita": "nao", "texto": " "})
    assert (bare.status_code, "Escreva o motivo." in _words(bare)) == (422, True)
    assert ana.post(path, {}).status_code == 422
    assert ana.post(path, {"aceita": "nao", "texto": "Falta o frete."}).status_code == 302
    assert Manifestacao.objects.get().texto == "Falta o frete."
    assert "Você não aceitou esta resposta" in _words(ana.get(PAGE))


def test_a_refusal_holds_nothing_to_accept(ana: Client, answered: Callable[..., CIP]) -> None:
    cip = answered(0, "recusa")

    assert 'value="sim"' not in _words(ana.get(PAGE))
    assert ana.post(f"{PAGE}respostas/{cip.pk}/", {"aceita": "sim"}).status_code in (409, 422)
    assert not Manifestacao.objects.exists()


def test_answers_and_hearings_of_another_case_are_not_there(
    ana: Client, case: Atendimento, cast: Cast, answered: Callable[..., CIP]
) -> None:
    cip = answered()
    other = register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="atendimento_preliminar", canal="pessoal",
        consumidor=cast.ana, fornecedores=[cast.loja], assunto=make_subject(), relato="Outro.",
    )  # fmt: skip
    beto = Client()
    beto.post(DOOR, {"protocolo": other.protocolo, "chave": give_key(atendimento=other, by=cast.bruno, at=NOW)})

    assert beto.get(PAGE).status_code == 200
    assert beto.post(f"{PAGE}respostas/{cip.pk}/", {"aceita": "sim"}).status_code == 404
    assert beto.get(f"{PAGE}audiencias/1.ics").status_code == 404
    assert not Manifestacao.objects.exists()


def test_the_hearing_has_its_page_and_its_calendar(
    ana: Client, case: Atendimento, cast: Cast, answered: Callable[..., CIP]
) -> None:
    answered(0)
    answered(1)
    made = _hearing(case, cast)
    words = _words(ana.get(PAGE))

    assert f'href="{PAGE}audiencias/{made.pk}.ics"' in words
    link = words.split('href="/audiencias/parte/')[1].split('"')[0]
    assert "Confirmo que venho" in _words(Client().get(f"/audiencias/parte/{link}"))
    file = ana.get(f"{PAGE}audiencias/{made.pk}.ics")
    assert (file["Content-Type"], b"BEGIN:VEVENT" in file.content) == ("text/calendar; charset=utf-8", True)


def _hearing(case: Atendimento, cast: Cast) -> Audiencia:
    made = schedule(
        atendimento=case,
        reclamados=list(case.reclamados.all()),
        sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"),
        conciliador=cast.carla,
        inicio=moment("10:00"),
        by=cast.bruno,
        at=NOW,
    )
    return told(made, by=cast.bruno, at=NOW)


def test_next_dates_are_the_running_terms_soonest_first(
    case: Atendimento, answered: Callable[..., CIP], cast: Cast
) -> None:
    answered(0)
    answered(1)
    case.refresh_from_db()
    [due] = next_dates(case, at=NOW)

    assert (due.do_consumidor, due.texto) == (True, "Até este dia, diga se aceita a resposta ou como quer continuar.")
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    assert next_dates(case, at=NOW) == []


def test_the_counter_gives_a_key_once_on_paper(case: Atendimento, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bruno)
    path = f"/atendimentos/{case.protocolo}/chave/"

    assert "Fazer a chave" in _words(client.get(path))
    words = _words(client.post(path))
    key = words.split('Chave de acompanhamento</dt><dd><strong class="protocolo">')[1].split("<")[0]
    assert Client().post(DOOR, {"protocolo": case.protocolo, "chave": key}).status_code == 302
    assert "já tem uma chave" in _words(client.get(path))
    assert key not in _words(client.get(path))
    event = Evento.objects.get(ato="ENTREGAR_CHAVE")
    assert (event.autor, event.dados) == (cast.bruno, {"nova": False})


def test_who_gives_no_key(case: Atendimento, cast: Cast) -> None:
    client = Client()
    for user, status in ((cast.eva, 404), (cast.carla, 409)):
        client.force_login(user)
        assert client.post(f"/atendimentos/{case.protocolo}/chave/").status_code == status
    with pytest.raises(ActNotAllowed, match="A chave é entregue pelo atendente"):
        give_key(atendimento=case, by=cast.edu, at=NOW)
    assert not Evento.objects.filter(ato="ENTREGAR_CHAVE").exists()
