"""The papers of a case on its public page: letters read, files sent and given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Anexo
from cases.services import attach, issue_espelho, scan_attachments
from documents.models import Documento
from tests.cases import files
from tests.cases.clamd import FakeClamd
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program
from tests.portal.scene import KEY, Scene, make_scene
from workflow.models import Evento, Leitura

DOOR, PAGE = "/publico/acompanhamento/", "/publico/acompanhamento/caso/"
LETTERS, FILES = f"{PAGE}documentos/", f"{PAGE}anexos/"


@pytest.fixture(autouse=True)
def _at_now(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def scene(cast: Cast, cidade: Program) -> Scene:
    return make_scene(cast, cidade)


@pytest.fixture
def ana(scene: Scene) -> Client:
    """A browser in which the city's case is open."""
    client = Client()
    assert client.post(DOOR, {"protocolo": scene.case.protocolo, "chave": KEY}).status_code == 302
    return client


@pytest.fixture
def clamd(settings: Any) -> Iterator[FakeClamd]:
    server = FakeClamd()
    settings.PROCON = {**settings.PROCON, "CLAMD": server.address}
    yield server
    server.stop()


def _words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def _send(client: Client, *contents: bytes, descricao: str = "") -> Any:
    sent = [files.uploaded(content, f"nota{number}.pdf") for number, content in enumerate(contents)]
    return client.post(FILES, {"arquivo": sent, "descricao": descricao})


def test_the_letters_that_the_api_gives_are_on_the_page(ana: Client, cidade: Program, scene: Scene, cast: Cast) -> None:
    assert "Nenhum ainda." in _words(ana.get(PAGE))
    scene.schedule()
    first = issue_espelho(atendimento=scene.case, by=cast.bruno, at=NOW)
    issue_espelho(atendimento=scene.case, by=cast.bruno, at=NOW)

    rows = cidade.get(f"/atendimentos/{scene.case.protocolo}/documentos/").json()["results"]
    words = _words(ana.get(PAGE))

    assert {row["tipo"] for row in rows} == {"notificacao_consumidor", "espelho"}
    assert words.count(f'href="{LETTERS}') == len(rows) == 3
    assert all(f'href="{LETTERS}{row["id"]}.pdf"' in words for row in rows)
    assert (words.count("Substituído por outro"), first.codigo in words) == (1, True)


def test_a_letter_is_saved_run_by_nobody_and_its_reading_is_written_down(ana: Client, scene: Scene, cast: Cast) -> None:
    letter = issue_espelho(atendimento=scene.case, by=cast.bruno, at=NOW)
    answer = ana.get(f"{LETTERS}{letter.codigo}.pdf")

    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="espelho-{letter.codigo}.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"].split(",")[0]) == ("nosniff", "no-store")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    read = Leitura.objects.get(pagina="publico_acompanhamento")
    assert (read.leitor, read.objeto, read.historico_id) == (
        cast.sistema,
        "documents.documento",
        scene.case.historico_id,
    )


def test_letters_that_are_not_the_consumers_or_of_another_case_are_not_there(
    ana: Client, scene: Scene, cast: Cast
) -> None:
    scene.schedule()
    other = issue_espelho(atendimento=scene.stage.caso, by=cast.bruno, at=NOW)
    suppliers = Documento.objects.get(tipo="notificacao_fornecedor")

    for code in (other.codigo, suppliers.codigo, "X", "%00", "9" * 40):
        assert ana.get(f"{LETTERS}{code}.pdf").status_code == 404
    assert not Leitura.objects.exists()


def test_files_are_the_consumers_sent_by_the_page(ana: Client, scene: Scene) -> None:
    answer = _send(ana, files.PDF, files.pdf_with(b"(2)"), descricao=" Nota  fiscal ")

    assert answer.headers["Location"] == PAGE
    rows = Anexo.objects.order_by("pk").values_list("nome", "descricao", "origem", "enviado_por__usuario")
    assert list(rows) == [(f"nota{n}.pdf", "Nota fiscal", "consumidor", "sistema") for n in (0, 1)]
    assert Evento.objects.filter(ato="ANEXAR", historico=scene.case.historico).count() == 2
    words = _words(ana.get(PAGE))
    assert "O Procon recebeu «nota0.pdf», «nota1.pdf»." in words
    assert words.count("Não verificado por antivírus") == 2


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ([], "Escolha ao menos um arquivo."),
        ([b""], "nota0.pdf: O arquivo está vazio"),
        ([files.PDF, b"MZ\x90\x00" + b"\0" * 60], "nota1.pdf: Este tipo de arquivo não é aceito"),
    ],
)
def test_files_that_do_not_serve_are_refused_all_together(ana: Client, contents: list[bytes], said: str) -> None:
    answer = _send(ana, *contents, descricao="Fatura")

    words = _words(answer)
    assert (answer.status_code, said in words, 'value="Fatura"' in words) == (422, True, True)
    assert not Anexo.objects.exists()


def test_what_no_antivirus_saw_is_given_only_by_the_button(ana: Client, cast: Cast) -> None:
    _send(ana, files.PDF)
    path = f"{FILES}{Anexo.objects.get().pk}/"

    assert ana.get(path).headers["Location"] == PAGE
    answer = ana.post(path)
    assert (answer.content, answer["Content-Disposition"]) == (files.PDF, 'attachment; filename="nota0.pdf"')


def test_what_the_antivirus_holds_is_not_given_and_what_it_let_through_is_a_link(
    ana: Client, cast: Cast, clamd: FakeClamd
) -> None:
    _send(ana, files.PDF)
    path = f"{FILES}{Anexo.objects.get().pk}/"
    waiting = ana.post(path)
    assert (waiting.status_code, "ainda não verificou este anexo" in _words(waiting)) == (409, True)
    assert 'href="/publico/">Voltar' in _words(waiting)
    assert f'href="{path}"' not in _words(ana.get(PAGE))

    scan_attachments(at=NOW, by=cast.sistema)

    assert f'href="{path}"' in _words(ana.get(PAGE))
    assert ana.get(path).content == files.PDF


def test_only_the_consumers_own_files_of_this_case_are_given_back(ana: Client, scene: Scene, cast: Cast) -> None:
    def put(case: Any, n: int, origem: str) -> Anexo:
        file = files.uploaded(files.pdf_with(b"(%d)" % n))
        return attach(atendimento=case, arquivo=file, nome="nota.pdf", origem=origem, by=cast.sistema, at=NOW)

    foreign = [put(scene.case, 1, "fornecedor"), put(scene.case, 2, "balcao"), put(scene.stage.caso, 3, "consumidor")]

    assert [ana.post(f"{FILES}{one.pk}/").status_code for one in foreign] == [404] * 3
    assert ana.get(f"{FILES}{10**30}/").status_code == 404
    assert "Nada ainda." in _words(ana.get(PAGE))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_s_queries_do_not_grow_with_the_papers(ana: Client, scene: Scene, cast: Cast, count: int) -> None:
    for n in range(count):
        _send(ana, files.pdf_with(b"(%d)" % n))
        issue_espelho(atendimento=scene.case, by=cast.bruno, at=NOW)
    with CaptureQueriesContext(connection) as asked:
        ana.get(PAGE)

    assert len(asked) == 10


def test_without_an_opened_case_no_paper_is_given_or_taken(scene: Scene, cast: Cast) -> None:
    letter = issue_espelho(atendimento=scene.case, by=cast.bruno, at=NOW)
    stranger = Client()

    answers = [stranger.get(f"{LETTERS}{letter.codigo}.pdf"), stranger.post(f"{FILES}1/"), _send(stranger, files.PDF)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, DOOR)] * 3
    assert not Anexo.objects.exists()
