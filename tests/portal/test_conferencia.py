"""Anybody with the code learns whether the paper is the office's and still in force, and nothing about anybody."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from documents.models import Documento
from documents.services import issue, read_pdf
from portal.conf import LIMITS
from tests.conftest import NOW, Cast
from workflow.models import Historico
from workflow.services import open_history

TITLE = "Documento verdadeiro e válido"


@pytest.fixture
def historico(cast: Cast, settings, tmp_path) -> Historico:
    settings.MEDIA_ROOT = tmp_path
    return open_history()


def letter(cast: Cast, historico: Historico, supersedes: Documento | None = None) -> Documento:
    return issue(
        "cip",
        titulo="CIP 35.001.001.26-0000001",
        dados={"consumidor": {"nome": "Ana Souza", "cpf": "11144477735"}, "relato": "Não entregou."},
        historico=historico,
        unidade=cast.unidade,
        by=cast.bruno,
        at=NOW,
        supersedes=supersedes,
    )


def page(client: Client, codigo: str) -> str:
    response = client.get(reverse("conferencia"), {"codigo": codigo})
    assert response.status_code == 200
    return response.content.decode()


def test_the_form_asks_for_the_code(client: Client, db: None) -> None:
    response = client.get("/publico/documentos/")
    assert response.status_code == 200
    assert "Código de conferência" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_letter_in_force(
    client: Client, cast: Cast, historico: Historico, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    documento = letter(cast, historico)
    with django_assert_num_queries(1):
        html = page(client, documento.codigo)

    for expected in [
        TITLE,
        "Carta de Informações Preliminares",
        documento.titulo,
        "04/03/2026 10:00",
        documento.sha256,
    ]:
        assert expected in html
    for secret in ["Ana", "111.444", "11144477735", "Bruno", "Não entregou"]:
        assert secret not in html


def test_a_code_typed_as_people_type(client: Client, cast: Cast, historico: Historico) -> None:
    documento = letter(cast, historico)
    assert TITLE in page(client, f" {documento.codigo.lower().replace('-', ' ')} ")


def test_the_address_in_the_qr_code_answers(client: Client, cast: Cast, historico: Historico) -> None:
    address = letter(cast, historico).dados["conferencia"]
    response = client.get(address.removeprefix("http://localhost:8000"))
    assert TITLE in response.content.decode()


def test_a_superseded_letter_names_the_one_in_force(client: Client, cast: Cast, historico: Historico) -> None:
    first = letter(cast, historico)
    second = letter(cast, historico, supersedes=first)
    html = page(client, first.codigo)

    assert "Documento verdadeiro, mas substituído" in html
    assert f"?codigo={second.codigo}" in html
    assert TITLE not in html
    assert TITLE in page(client, second.codigo)


@pytest.mark.parametrize("codigo", ["0000-0000-0000", "nada", "<script>", "' OR 1=1 --", "\x00", "😀"])
def test_an_unknown_code_gets_a_friendly_answer(client: Client, db: None, codigo: str) -> None:
    html = page(client, codigo)
    assert ("Não encontramos este código" in html) or ("Escreva o código" in html) or ("nulos" in html)
    assert "<script>" not in html.split("<main", 1)[1].split("</main>", 1)[0]


def test_an_empty_code_is_asked_for_again(client: Client, db: None) -> None:
    assert "Escreva o código que está ao pé do documento." in page(client, " ")


def test_many_tries_from_one_address_must_wait(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "conferencia", 2)
    answers = [client.post(reverse("conferencia"), {"codigo": "0000-0000-0000"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Muitas tentativas deste endereço. Espere" in answers[2].content.decode()
    assert client.get(reverse("conferencia")).status_code == 200


def test_a_code_too_long_is_refused(client: Client, db: None) -> None:
    assert "Não encontramos" not in page(client, "A" * 1000)


def test_the_same_file_is_told_equal_and_another_is_not(client: Client, cast: Cast, historico: Historico) -> None:
    documento = letter(cast, historico)

    def answer(content: bytes) -> str:
        sent = SimpleUploadedFile("carta.pdf", content, "application/pdf")
        return client.post(reverse("conferencia"), {"codigo": documento.codigo, "arquivo": sent}).content.decode()

    assert "O arquivo enviado é igual ao emitido." in answer(read_pdf(documento))
    assert "O arquivo enviado não é igual ao emitido." in answer(read_pdf(documento) + b"\n")
    assert "passa de 5 MB" in answer(b"x" * (5 * 1024 * 1024 + 1))
