"""The supplier's public page: one code opens one CIP, which is answered once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import CIP, Anexo, PedidoDeProrrogacao
from cases.services import answer_cip, cip_by_code, issue_cip, lapse_cip, register, send_cip
from cases.services.letters import hash_of_code
from documents.codes import new_code, seeded
from notifications.models import Mensagem
from tests.cases.files import picture
from tests.conftest import NOW, Cast, load_law
from tests.portal.conftest import make_subject
from workflow.models import Evento

DOOR, PAGE, RECEIPT = "/publico/fornecedor/", "/publico/fornecedor/cip/", "/publico/fornecedor/recibo/"
ANSWER = {"especie": "aceita", "resposta": "Devolvemos.", "respondente": "Rui", "qualidade": "preposto"}


@pytest.fixture
def code(cast: Cast, settings: Any, tmp_path: Any) -> str:
    """The code of a CIP sent by e-mail to the shop."""
    settings.MEDIA_ROOT = tmp_path
    load_law()
    case = register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=[cast.loja],
        assunto=make_subject(),
        relato="Cobraram duas vezes.",
        pedido="Devolução.",
    )
    with seeded("carta"):
        cip = issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)
    send_cip(cip=cip, meio="email", by=cast.bruno, at=NOW)
    with seeded("carta"):
        return new_code(4)


@pytest.fixture(autouse=True)
def _at_now() -> Any:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def inside(code: str) -> Client:
    """A browser in which the letter is open."""
    client = Client()
    assert client.post(DOOR, {"codigo": code.lower().replace("-", " ")}).headers["Location"] == PAGE
    return client


def test_the_code_stands_in_the_letter_and_nowhere_else(code: str) -> None:
    cip = CIP.objects.get()
    assert cip.codigo_hash == hash_of_code(code)
    with connection.cursor() as cursor:
        for table in ("documents_documento", "cases_cip", "notifications_mensagem", "workflow_evento"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{code}%"])
            assert (table, cursor.fetchone()[0]) == (table, 0)


def test_the_letter_itself_goes_with_the_mail(code: str) -> None:
    cip = CIP.objects.select_related("documento").get()
    assert cip.documento is not None
    assert Mensagem.objects.get(tipo="cip").documento == cip.documento.arquivo


def test_opening_a_mailed_letter_is_the_proven_receipt(inside: Client, cast: Cast) -> None:
    cip = CIP.objects.get()
    assert (cip.status, cip.cientificada_em, Evento.objects.get(ato="DAR_CIENCIA").autor) == (
        "cientificada", NOW.date(), cast.sistema,
    )  # fmt: skip
    page = inside.get(PAGE)
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "Cobraram duas vezes." in page.content.decode()
    assert "111.444" not in page.content.decode()


def test_opening_a_letter_sent_by_post_proves_nothing(code: str) -> None:
    CIP.objects.update(meio="ar")
    Client().post(DOOR, {"codigo": code})
    assert CIP.objects.get().status == "enviada"


def test_wrong_used_and_ended_codes_get_the_same_answer(code: str, cast: Cast) -> None:
    def said(typed: str) -> tuple[int, str]:
        answer = Client().post(DOOR, {"codigo": typed})
        return answer.status_code, str(answer.context["form"].errors)

    wrong = said("AAAA-BBBB-CCCC-DDDD")
    assert wrong == said("x")
    answer_cip(cip=CIP.objects.get(), resposta="Sim.", by=cast.bruno, at=NOW)
    assert said(code) == wrong
    assert (wrong[0], cip_by_code(code)) == (422, None)


def test_many_tries_from_one_address_must_wait(code: str) -> None:
    tries = [Client().post(DOOR, {"codigo": "x"}).status_code for _ in range(21)]
    assert tries == [422] * 20 + [429]
    assert Client().post(DOOR, {"codigo": code}).status_code == 429


@pytest.mark.parametrize("path", [PAGE, RECEIPT])
def test_without_a_code_nothing_is_shown(code: str, path: str) -> None:
    assert Client().get(path).headers["Location"] == DOOR


def test_an_opened_letter_closes_after_two_hours(inside: Client) -> None:
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        assert inside.get(PAGE).headers["Location"] == DOOR


def test_the_answer_is_given_once_with_a_receipt(inside: Client) -> None:
    proof = SimpleUploadedFile("a.png", picture("PNG"))
    assert inside.post(PAGE, {**ANSWER, "arquivos": [proof]}).headers["Location"] == RECEIPT
    cip = CIP.objects.get()
    assert (cip.status, cip.especie, cip.respondente, Anexo.objects.get().origem) == (
        "respondida", "aceita", "Rui", "fornecedor",
    )  # fmt: skip
    assert cip.recibo in inside.get(RECEIPT).content.decode()
    assert cip.recibo in Mensagem.objects.get(tipo="cip_recibo").corpo
    second = inside.post(PAGE, {**ANSWER, "resposta": "Outra."})
    assert (second.status_code, CIP.objects.get().resposta) == (409, "Devolvemos.")
    assert "respondida" in second.content.decode()


def test_an_answer_after_the_lapse_is_taken(inside: Client, cast: Cast) -> None:
    later = NOW + timedelta(days=20)
    lapse_cip(cip=CIP.objects.select_related("prazo").get(), by=cast.sistema, at=later)
    assert inside.post(PAGE, ANSWER).status_code == 302
    assert CIP.objects.get().status == "respondida"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"especie": "recusa", "resposta": ""}, "resposta"),
        ({"especie": "proposta"}, "proposta"),
        ({"especie": ""}, "especie"),
        ({"especie": "informacao"}, "especie"),
        ({"respondente": " "}, "respondente"),
        ({"qualidade": ""}, "qualidade"),
        ({"arquivos": [SimpleUploadedFile("x.exe", b"MZ")]}, "arquivos"),
    ],
)
def test_what_lacks_is_said_at_its_field(inside: Client, change: dict[str, Any], field: str) -> None:
    answer = inside.post(PAGE, {**ANSWER, **change})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (CIP.objects.get().status, Anexo.objects.count()) == ("cientificada", 0)


def test_more_days_are_asked_for_once(inside: Client) -> None:
    asked = {"dias": "5", "motivo": "Perícia.", "quem": "Rui, preposto"}
    assert inside.post(f"{PAGE}prazo/", asked).headers["Location"] == PAGE
    assert "à espera de decisão" in inside.get(PAGE).content.decode()
    assert inside.post(f"{PAGE}prazo/", asked).status_code == 409
    assert inside.post(f"{PAGE}prazo/", {**asked, "dias": "0"}).status_code == 422
    assert PedidoDeProrrogacao.objects.get().dias == 5


def test_no_typed_answer_breaks_the_page(inside: Client) -> None:
    inside.raise_request_exception = False
    words = st.one_of(st.text(max_size=40), st.sampled_from(["", "\0", "aceita", "recusa", "x" * 30000]))

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(st.fixed_dictionaries(dict.fromkeys([*ANSWER, "proposta"], words)))
    def attack(sent: dict[str, str]) -> None:
        with transaction.atomic():
            status = inside.post(PAGE, sent).status_code
            assert status in (302, 422)
            assert (CIP.objects.get().status == "respondida") == (status == 302)
            transaction.set_rollback(True)

    attack()
