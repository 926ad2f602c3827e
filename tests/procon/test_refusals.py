"""Two who write at once: what the database undid is a refusal, whatever path it takes, and never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from cases.models import Atendimento
from cases.services import register
from procon.refusals import RefusalMiddleware, typed, undone
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.portal.conftest import make_program
from workflow.errors import ContentRefused, TryAgain
from workflow.integrity import whole


@contextmanager
def held(table: str) -> Iterator[None]:
    """Somebody else holds the whole table, and nobody here waits long for it."""
    got, go = Event(), Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')
            got.set()
            go.wait(60)
        connection.close()

    other = Thread(target=hold)
    other.start()
    assert got.wait(60)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        yield
    finally:
        go.set()
        other.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@pytest.fixture
def case(cast: Cast) -> Atendimento:
    return register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="calculo", canal="pessoal", consumidor=cast.ana)


@pytest.mark.django_db(transaction=True)
def test_a_page_says_try_again(cast: Cast, case: Atendimento) -> None:
    bruno = logged_in(cast.bruno)
    with held("workflow_leitura"):
        page = bruno.get(case.get_absolute_url())
        fragment = bruno.get(case.get_absolute_url(), headers={"HX-Request": "true"})
    assert (page.status_code, fragment.status_code) == (409, 409)
    assert ["Tente de novo" in answer.content.decode() for answer in (page, fragment)] == [True, True]
    assert ["<html" in answer.content.decode() for answer in (page, fragment)] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_a_form_keeps_what_was_typed(cast: Cast, case: Atendimento) -> None:
    bruno = logged_in(cast.bruno)
    written = {"sistema": "sindec", "numero": "77 de 2019"}
    with held("cases_numeroexterno"):
        answers = [
            bruno.post(f"{case.get_absolute_url()}numeros/", written, headers={"Referer": page})
            for page in ("http://testserver/atendimentos/?pagina=2", "http://elsewhere.example/atendimentos/")
        ]
    pages = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert [("Tente de novo" in page, "77 de 2019" in page) for page in pages] == [(True, True)] * 2
    back = [re.search('href="([^"]*)">Voltar', page)[1] for page in pages]
    assert back == ["http://testserver/atendimentos/?pagina=2", "/"]


@pytest.mark.django_db(transaction=True)
def test_the_api_says_it_as_a_problem(cast: Cast, case: Atendimento) -> None:
    program = make_program(cast, "Portal da cidade").log_in()
    with held("cases_atendimento"):
        answer = program.get("/atendimentos/")
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (409, "application/problem+json", "1")
    assert (told["status"], "Tente de novo" in told["detail"]) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_a_service_tells_it_as_a_refusal(cast: Cast, case: Atendimento) -> None:
    read = whole(lambda: Atendimento.objects.count())
    with held("cases_atendimento"), pytest.raises(TryAgain, match="Nada ficou gravado pela metade"):
        read()
    assert read() == 1


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "9" * 400])
def test_what_no_column_can_hold_is_content(cast: Cast, case: Atendimento, value: str) -> None:
    with pytest.raises(ContentRefused, match="que não se pode gravar"):
        whole(lambda: Atendimento.objects.filter(pk=case.pk).update(protocolo=value))()
    assert Atendimento.objects.get().protocolo == case.protocolo


def test_an_error_of_ours_stays_one(db: None) -> None:
    assert undone(ValueError("ours")) is None
    middleware = RefusalMiddleware(lambda request: None)
    assert middleware.process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None
    with pytest.raises(ZeroDivisionError):
        whole(lambda: 1 / 0)()


def test_only_prose_is_given_back_and_no_secret() -> None:
    sent = {
        "relato": "Cobraram duas vezes.",
        "senha": "minha senha longa",
        "canal": "pessoal",
        "csrfmiddlewaretoken": "a b",
    }
    assert typed(RequestFactory().post("/", sent)) == [("Relato", "Cobraram duas vezes.")]
    assert typed(RequestFactory().post("/", {"relato": "a b " * 30_000})) == []
