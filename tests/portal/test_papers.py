"""What the consumer attaches through the portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import storage
from cases.models import Anexo, Atendimento
from cases.services import attach, issue_espelho, remove_attachment, scan_attachments
from portal.models import RespostaGuardada
from tests.cases import files
from tests.cases.clamd import FakeClamd
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, case_of
from workflow.models import Evento, Leitura

CASE = "/atendimentos/35.001.001.26-0000001/"
PATH, DOCUMENTS = f"{CASE}anexos/", f"{CASE}documentos/"
KEY = {"Idempotency-Key": "um-arquivo"}
EDGE = b"--fim"
FORM = "multipart/form-data; boundary=fim"


@pytest.fixture(autouse=True)
def _morning(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(cidade: Program, cast: Cast) -> Atendimento:
    return case_of(cidade, cast)


@pytest.fixture
def clamd(settings: Any) -> Iterator[FakeClamd]:
    """An antivirus that the office is told of."""
    server = FakeClamd()
    settings.PROCON = {**settings.PROCON, "CLAMD": server.address}
    yield server
    server.stop()


def part(name: bytes = b'name="arquivo"; filename="nota.pdf"', content: bytes = files.PDF, edge: bytes = EDGE) -> bytes:
    """One part of a form, its boundary before it."""
    return edge + b"\r\nContent-Disposition: form-data; " + name + b"\r\n\r\n" + content + b"\r\n"


def test_a_file_becomes_the_consumers_attachment(cidade: Program, case: Atendimento) -> None:
    answer = cidade.upload(PATH, also={"descricao": " Nota  fiscal "})

    anexo = Anexo.objects.get()
    row = {
        "id": anexo.pk,
        "nome": "nota.pdf",
        "descricao": "Nota fiscal",
        "tipo": "application/pdf",
        "tamanho": len(files.PDF),
        "situacao": "sem_verificacao",
        "situacao_descricao": "Não verificado por antivírus",
        "enviado_em": "2026-03-04T10:00:00-03:00",
    }
    assert (answer.status_code, answer.json()) == (201, row)
    assert answer["Location"] == f"http://testserver/api/v1{PATH}{anexo.pk}/"
    assert (anexo.origem, anexo.enviado_por) == ("consumidor", cidade.user)
    assert Evento.objects.get(ato="ANEXAR").autor == cidade.user
    assert cidade.get(PATH).json() == {"next": None, "previous": None, "results": [row]}


def test_a_photograph_loses_position_and_camera(cidade: Program, case: Atendimento) -> None:
    answer = cidade.upload(PATH, files.photograph(), "foto.png")

    kept = storage.path_of(Anexo.objects.get().arquivo).read_bytes()
    assert (answer.json()["nome"], answer.json()["tipo"]) == ("foto.jpg", "image/jpeg")
    assert (b"Camera" in kept, b"Exif" in kept, b"escondido" in kept) == (False, False, False)


NAMES = {
    "fatura.pdf.exe": "fatura.pdf.exe.pdf",
    "foto.jpg.html": "foto.jpg.html.pdf",
    "../../etc/passwd": "passwd.pdf",
    "C:\\\\Temp\\\\nota.pdf": "nota.pdf",
    "fdp\u202efdp.exe": "fdpfdp.exe.pdf",
    "nota 😀 שלום.pdf": "nota 😀 שלום.pdf",
    "<script>.pdf": "script.pdf",
    "x" * 400 + ".pdf": "x" * 146 + ".pdf",
    "...": "anexo.pdf",
    "=1+2;cmd|x.pdf": "=1+2;cmdx.pdf",
}


def test_names_that_deceive_are_made_harmless(cidade: Program, case: Atendimento) -> None:
    kept = {}
    for n, name in enumerate(NAMES):
        raw = part(b'name="arquivo"; filename="%b"' % name.encode(), files.pdf_with(b"(%d)" % n)) + EDGE + b"--\r\n"
        kept[name] = cidade.send_raw(PATH, raw, FORM).json()["nome"]

    assert kept == NAMES


REFUSED: list[tuple[str, bytes, int, str]] = [
    ("empty", b"", 422, "O arquivo está vazio"),
    ("executable", b"MZ\x90\x00" + b"\0" * 60, 422, "Este tipo de arquivo não é aceito"),
    ("page", b"<html><script>alert(1)</script></html>", 422, "Este tipo de arquivo não é aceito"),
    ("zip", b"PK\x03\x04" + b"\0" * 60, 422, "Este tipo de arquivo não é aceito"),
    ("gif and script", b"GIF89a/*\xff*/=1;alert(1)", 422, "Este tipo de arquivo não é aceito"),
    ("telephone", b"\0\0\0\x18ftypheic\0\0\0\0", 422, "formato HEIC"),
    ("half a picture", files.picture(size=(64, 64))[:-200], 422, "incompleta ou danificada"),
    ("picture bomb", files.bomb(), 422, "passa de 50 megapixels"),
    ("half a pdf", files.PDF[:-8], 422, "O PDF está incompleto"),
    ("pdf and zip", files.PDF + b"PK\x03\x04" + b"\0" * 60, 422, "tem outra coisa depois do seu fim"),
    ("pdf with script", files.pdf_with(b"<< /JavaScript (alert) >>"), 422, "um programa (JavaScript)"),
    ("pdf with file", files.pdf_with(files.packed(b"<< /EmbeddedFile 1 >>")), 422, "outro arquivo dentro dele"),
    ("pdf bomb", files.pdf_with(files.packed(b"0" * 50_000_001)), 422, "O PDF, aberto, é grande demais"),
    ("locked pdf", files.pdf_with(b"<< /Encrypt 5 0 R >>"), 422, "tem senha"),
    ("too large", b"%PDF-" + b"0" * 1_000_000, 413, "O arquivo passa de 1 MB"),
    ("far too large", b"%PDF-" + b"0" * 1_200_000, 413, "O corpo do pedido passa de 1 MB"),
]


def test_a_file_that_does_not_serve_is_refused_and_leaves_nothing(
    cidade: Program, case: Atendimento, settings: Any
) -> None:
    settings.PROCON = {**settings.PROCON, "ANEXO_MB": 1}

    answers = {name: cidade.upload(PATH, content) for name, content, _, _ in REFUSED}

    assert told(answers, REFUSED) == {name: (status, said) for name, _, status, said in REFUSED}
    assert (Anexo.objects.count(), list(storage.names())) == (0, [])


def told(answers: dict[str, Any], rows: list[tuple[str, bytes, int, str]]) -> dict[str, tuple[int, str]]:
    """Each answer's status, and the words that were looked for, or else all that it says."""
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    details = {name: answer.json()["detail"] for name, answer in answers.items()}
    return {
        name: (answers[name].status_code, said if said in details[name] else details[name]) for name, _, _, said in rows
    }


MALFORMED: list[tuple[str, bytes, int, str]] = [
    ("nothing", b"", 400, "Envie o arquivo neste campo"),
    ("no boundary", b"arquivo=x", 400, "não é um formulário multipart/form-data bem formado"),
    ("half an upload", part()[:-20], 400, "terminou antes do fim"),
    ("no last boundary", part(), 400, "terminou antes do fim"),
    ("half a boundary", part() + EDGE + b"-", 400, "terminou antes do fim"),
    ("something before", b"x" + part() + EDGE + b"--", 400, "não é um formulário"),
    ("a head without end", EDGE + b"\r\nContent-Disposition: form-data\r\n" + EDGE + b"--", 400, "não é um formulário"),
    ("no file", part(b'name="descricao"', b"x") + EDGE + b"--", 400, "Envie o arquivo neste campo"),
    ("text for a file", part(b'name="arquivo"', b"x") + EDGE + b"--", 400, "e não um texto"),
    ("a file for text", part(b'name="descricao"; filename="a"') + part() + EDGE + b"--", 400, "entre aspas"),
    ("two files", part() + part() + EDGE + b"--", 400, "Envie um arquivo por pedido"),
    ("another field", part() + part(b'name="cpf"', b"1") + EDGE + b"--", 400, "Campo desconhecido: «cpf»"),
    ("NUL in a name", part(b'name="arquivo"; filename="a\0.pdf"') + EDGE + b"--", 400, "caractere nulo"),
    ("NUL, escaped", part(b"name=\"arquivo\"; filename*=UTF-8''a%00.pdf") + EDGE + b"--", 400, "caractere nulo"),
    ("NUL in a text", part() + part(b'name="descricao"', b"a\0b") + EDGE + b"--", 400, "nulo"),
    ("broken letters", part(b'name="arquivo"; filename="\xff.pdf"') + EDGE + b"--", 400, "não é UTF-8 válido"),
    ("a long text", part() + part(b'name="descricao"', b"x" * 201) + EDGE + b"--", 400, "passa de 200 caracteres"),
    ("a huge text", part() + part(b'name="descricao"', b"x" * 3_000_000) + EDGE + b"--", 413, "grandes demais"),
    ("many parts", b"".join(part(b'name="a%d"' % n, b"") for n in range(1200)) + EDGE + b"--", 400, "formulário"),
    ("many files", b"".join(part(b'name="a%d"; filename="a"' % n) for n in range(120)) + EDGE + b"--", 400, "form"),
    ("base64 that is none", part(b'name="arquivo"; filename="a"\r\nContent-Transfer-Encoding: base64', b"\xff!")
     + EDGE + b"--", 400, "não é um formulário"),
]  # fmt: skip


def test_a_form_that_is_not_whole_is_refused_and_leaves_nothing(cidade: Program, case: Atendimento) -> None:
    answers = {name: cidade.send_raw(PATH, raw, FORM) for name, raw, _, _ in MALFORMED}

    assert told(answers, MALFORMED) == {name: (status, said) for name, _, status, said in MALFORMED}
    assert (Anexo.objects.count(), list(storage.names())) == (0, [])


def test_another_content_type_is_told_which_one_serves(cidade: Program, case: Atendimento) -> None:
    kinds = ["application/json", "application/pdf", "multipart/mixed; boundary=fim", "text/plain"]
    answers = [cidade.send_raw(PATH, part() + EDGE + b"--", kind) for kind in kinds]

    told = [(answer.status_code, answer.json()["detail"]) for answer in answers]
    assert told == [(415, "Envie o corpo como multipart/form-data.")] * 4


def test_a_form_without_boundary_is_refused(cidade: Program, case: Atendimento) -> None:
    kinds = [f"multipart/form-data{rest}" for rest in ("", "; boundary=", "; x=é")]

    assert [cidade.send_raw(PATH, part() + EDGE + b"--", kind).status_code for kind in kinds] == [400] * 3


def test_a_body_without_its_length_is_not_taken_for_an_empty_one(cidade: Program, case: Atendimento) -> None:
    answer = cidade.send_raw(PATH, b"", FORM, **{"Transfer-Encoding": "chunked"})

    assert (answer.status_code, "sem Content-Length" in answer.json()["detail"]) == (400, True)


def test_the_same_file_twice_is_told(cidade: Program, case: Atendimento) -> None:
    cidade.upload(PATH)
    answer = cidade.upload(PATH, name="outra.pdf")

    assert (answer.status_code, list(answer.json()["erros"])) == (422, ["arquivo"])
    assert "já está neste caso como «nota.pdf»" in answer.json()["detail"]


def test_the_same_request_again_attaches_once_whatever_its_boundary(cidade: Program, case: Atendimento) -> None:
    first = cidade.send_raw(PATH, part() + EDGE + b"--", FORM, **KEY)
    again = cidade.send_raw(PATH, part(edge=b"--outra") + b"--outra--", "multipart/form-data; boundary=outra", **KEY)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (again["Idempotent-Replayed"], again["Location"]) == ("true", first["Location"])
    assert Anexo.objects.count() == 1


@pytest.mark.parametrize(("content", "name"), [(files.pdf_with(b"(x)"), "nota.pdf"), (files.PDF, "outra.pdf")])
def test_another_file_under_the_same_key_is_refused(
    cidade: Program, case: Atendimento, content: bytes, name: str
) -> None:
    cidade.upload(PATH, **KEY)

    assert cidade.upload(PATH, content, name, **KEY).status_code == 422
    assert Anexo.objects.count() == 1


def test_a_refused_file_leaves_its_key_free(cidade: Program, case: Atendimento) -> None:
    assert cidade.upload(PATH, b"", **KEY).status_code == 422
    assert RespostaGuardada.objects.count() == 0
    assert cidade.upload(PATH, **KEY).status_code == 201


def test_a_file_is_in_quarantine_until_it_is_clean(
    cidade: Program, case: Atendimento, cast: Cast, clamd: FakeClamd
) -> None:
    made = cidade.upload(PATH).json()
    path = f"{PATH}{made['id']}/"
    assert made["situacao"] == "quarentena"
    waiting = cidade.get(path)
    assert (waiting.status_code, "ainda não verificou" in waiting.json()["detail"]) == (409, True)
    assert cidade.get(f"{path}?aceitar_sem_verificacao=1").status_code == 409

    scan_attachments(at=NOW, by=cast.sistema)
    answer = cidade.get(path)

    assert cidade.get(PATH).json()["results"][0]["situacao"] == "limpo"
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, files.PDF, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="nota.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert cidade.get(path, **{"If-None-Match": answer["ETag"]}).status_code == 304
    assert Leitura.objects.filter(leitor=cidade.user, pagina="api_anexo").count() == 2


def test_a_file_with_a_virus_is_given_to_nobody(
    cidade: Program, case: Atendimento, cast: Cast, clamd: FakeClamd
) -> None:
    made = cidade.upload(PATH, files.pdf_with(b"(PERIGO)")).json()
    scan_attachments(at=NOW, by=cast.sistema)

    answer = cidade.get(f"{PATH}{made['id']}/?aceitar_sem_verificacao=1")

    assert (answer.status_code, "Teste.Perigoso" in answer.json()["detail"]) == (409, True)


def test_what_no_antivirus_saw_must_be_asked_for(cidade: Program, case: Atendimento) -> None:
    path = f"{PATH}{cidade.upload(PATH).json()['id']}/"

    assert cidade.get(path).status_code == 409
    assert cidade.get(f"{path}?aceitar_sem_verificacao=1").content == files.PDF
    assert cidade.get(f"{path}?aceitar_sem_verificacao=sim").status_code == 400


def test_only_what_the_consumer_brought_and_nobody_removed_is_there(
    cidade: Program, case: Atendimento, cast: Cast
) -> None:
    def put(case: Atendimento, content: bytes, origem: str) -> Anexo:
        file = files.uploaded(content)
        return attach(atendimento=case, arquivo=file, nome="nota.pdf", origem=origem, by=cast.sistema, at=NOW)

    mine = put(case, files.PDF, "consumidor")
    theirs = [put(case, files.pdf_with(b"(%d)" % n), origem) for n, origem in enumerate(["fornecedor", "balcao"])]
    removed = put(case, files.pdf_with(b"(r)"), "consumidor")
    remove_attachment(anexo=removed, motivo="De outra pessoa.", by=cast.dora, at=NOW)
    elsewhere = put(case_of(cidade, cast), files.PDF, "consumidor")

    assert [row["id"] for row in cidade.get(PATH).json()["results"]] == [mine.pk]
    for one in (*theirs, removed, elsewhere):
        assert cidade.get(f"{PATH}{one.pk}/?aceitar_sem_verificacao=1").status_code == 404


def test_an_id_that_is_none(cidade: Program, case: Atendimento) -> None:
    ids = ["x", "%00", "0", "9" * 18, "9" * 19, "-1", "1%0A"]
    answers = [cidade.get(f"{path}{one}/") for path in (PATH, DOCUMENTS) for one in ids]

    assert {(answer.status_code, answer["Content-Type"]) for answer in answers} == {(404, "application/problem+json")}


@pytest.mark.parametrize(("path", "queries"), [(PATH, 3), (DOCUMENTS, 3)])
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    cidade: Program, case: Atendimento, cast: Cast, path: str, queries: int, count: int
) -> None:
    for n in range(count):
        cidade.upload(PATH, files.pdf_with(b"(%d)" % n))
        issue_espelho(atendimento=case, by=cast.bruno, at=NOW)

    with CaptureQueriesContext(connection) as asked:
        answer = cidade.get(path)

    assert (len(answer.json()["results"]), len(asked)) == (count, queries)
