"""Letters and attachments in a bucket: kept, checked, copied, restored; and what is told when the bucket fails."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError

from cases import storage as attachments
from cases.models import Atendimento
from cases.selfcheck import wrong_attachments
from cases.services import attach, read_attachment, register, scan_attachments
from documents import storage
from documents.bucket import client_of
from documents.services import erase, read_pdf, unreadable
from notifications.models import Mensagem
from notifications.transport.mail import as_email
from procon.backup.bars import silent
from procon.backup.errors import CopyRefused
from procon.backup.examining import MARK, places
from procon.backup.making import make_copy
from procon.environment import Environment, WrongEnvironment, check_bucket, read
from procon.environment.files import bucket_options
from tests.cases import files
from tests.cases.clamd import FakeClamd
from tests.conftest import NOW, Cast
from tests.documents.test_services import make
from tests.procon.buckets import SECRET, keys, new_bucket, s3, stored_in, stored_on_disk
from tests.procon.conftest import Copied
from tests.procon.scratch import database, office_in, restored
from tests.procon.test_backup import hashes
from workflow.errors import ActNotAllowed, StorageAway
from workflow.integrity import is_away
from workflow.services import open_history

#: A port on which nobody listens.
NOBODY = "s3+http://chave:segredo@127.0.0.1:9/balde"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3() as address:
        yield address


@pytest.fixture
def url(server: str) -> Iterator[str]:
    bucket = new_bucket(server)
    with stored_in(bucket):
        yield bucket


def _read(url: str) -> Environment:
    return read({"STORAGE_URL": url, "SECRET_KEY": SECRET})


def _object(url: str, name: str, content: bytes | None) -> None:
    """Somebody else writes or deletes in the bucket."""
    options, prefix = bucket_options(url)
    client, where = client_of(options), {"Bucket": options["bucket_name"], "Key": f"{prefix}{name}"}
    client.delete_object(**where) if content is None else client.put_object(**where, Body=content)


def a_case(cast: Cast) -> Atendimento:
    return register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")


@contextmanager
def refusing(status: int, code: str) -> Iterator[str]:
    """A service that speaks S3 and answers everything so."""

    class Answer(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(f"<Error><Code>{code}</Code><Message>x</Message></Error>".encode())

        def log_message(self, *words: object) -> None:
            pass

    service = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{service.server_port}"
    finally:
        service.shutdown()
        service.server_close()


def test_a_letter_is_written_read_found_altered_and_erased(cast: Cast, url: str) -> None:
    letter = make(cast, open_history())
    name = letter.arquivo
    assert keys(url) == [f"escritorio/documentos/{name}"]
    assert hashlib.sha256(read_pdf(letter)).hexdigest() == letter.sha256
    assert storage.write(read_pdf(letter)) == name  # the same content: the same file
    mail = as_email(
        Mensagem(destinatario="Ana", endereco="ana@example.org", assunto="CIP", corpo="Segue.", documento=name), None
    )
    assert mail.attachments[0][:2] == ("carta.pdf", read_pdf(letter))
    assert list(unreadable()) == []

    _object(url, f"documentos/{name}", b"%PDF-1.7 outro")
    with pytest.raises(ActNotAllowed, match="foi alterado depois da emissão"):
        read_pdf(letter)
    _object(url, f"documentos/{name}", None)
    assert [told for _, told in unreadable()] == [
        f"O arquivo do documento {letter.codigo} não está no armazenamento, e por isso não é mostrado. "
        "Avise o administrador: o arquivo certo está na cópia de segurança."
    ]


def test_what_retention_ends_leaves_the_bucket(cast: Cast, url: str, django_capture_on_commit_callbacks: Any) -> None:
    letter = make(cast, open_history())
    with django_capture_on_commit_callbacks(execute=True):
        erase([letter.pk], by=cast.dora)
    assert keys(url) == []


def test_an_attachment_is_scanned_read_and_recounted(cast: Cast, url: str, settings: Any) -> None:
    case = a_case(cast)
    clamd = FakeClamd()
    settings.PROCON = {**settings.PROCON, "CLAMD": clamd.address}
    try:
        anexo = attach(
            atendimento=case, arquivo=files.uploaded(files.PDF), nome="nota.pdf", origem="balcao", by=cast.bruno, at=NOW
        )
        with pytest.raises(ActNotAllowed, match="ainda não verificou"):
            read_attachment(anexo)
        assert scan_attachments(at=NOW, by=cast.sistema) == 1
    finally:
        clamd.stop()
    anexo.refresh_from_db()
    assert (read_attachment(anexo), list(wrong_attachments())) == (files.PDF, [])
    orphan = attachments.write(b"desfeito", ".pdf")
    assert list(wrong_attachments()) == [
        f"O arquivo anexos/{orphan} não pertence a nenhum anexo: o envio dele foi desfeito. Se ninguém está anexando "
        "agora, mova-o para fora da pasta."
    ]


def test_an_office_moves_from_folders_to_a_bucket_and_back_by_its_copy(
    copied: Copied, empty: str, url: str, tmp_path: Path
) -> None:
    _object(url, "anexos/ab/abc.pdf", b"o que um processo morto deixou")
    (tmp_path / "outra").mkdir()
    with office_in(empty, tmp_path / "outra"):
        (tmp_path / "outra" / MARK).write_text(json.dumps({"copia": "x", "lugares": places()}))
    said = restored(copied.plain, empty, tmp_path / "outra")

    assert "Tudo em ordem.\n" in said
    assert not (tmp_path / "outra" / "documentos").exists()
    assert len(keys(url)) == 5
    with office_in(empty, tmp_path / "outra"):
        again = make_copy(tmp_path / "balde.copia", key="", at=NOW, bar=silent)
    assert (again.missing, again.manifest.arquivos) == ([], {"documentos": 4, "anexos": 1})
    with pytest.raises(CommandError, match=r"escritorio/documentos» já tem arquivos de um escritório"):
        restored(copied.plain, empty, tmp_path / "terceira")

    with database("volta") as name, stored_on_disk():
        assert "Tudo em ordem.\n" in restored(again.path, name, tmp_path / "volta")
    for kind in ("documentos", "anexos"):
        assert hashes(tmp_path / "volta" / kind) == hashes(copied.data_dir / kind)


def test_an_unfinished_restore_into_another_bucket_clears_none(
    copied: Copied, empty: str, url: str, tmp_path: Path
) -> None:
    there = tmp_path / "outra"
    there.mkdir()
    (there / MARK).write_text(json.dumps({"copia": "x", "lugares": ["http://outro/balde/documentos"]}))
    _object(url, "documentos/ab/abc.pdf", b"de outro")
    with pytest.raises(CommandError, match="já tem arquivos de um escritório"):
        restored(copied.plain, empty, there)
    assert keys(url) == ["escritorio/documentos/ab/abc.pdf"]


def test_a_bucket_that_is_away_is_no_missing_file(cast: Cast, copied: Copied, tmp_path: Path) -> None:
    with stored_in(NOBODY):
        with pytest.raises(StorageAway, match="O armazenamento não responde"):
            make(cast, open_history())
        with office_in(copied.name, copied.data_dir), pytest.raises(CopyRefused, match=r"A cópia foi apagada\. Espere"):
            make_copy(tmp_path / "x.copia", key="", at=NOW, bar=silent)
        with pytest.raises(StorageAway) as away:
            storage.read("ab/x.pdf")
    assert is_away(away.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (404, "NoSuchBucket", "ele não existe. Crie-o, ou corrija o nome em STORAGE_URL."),
        (403, "InvalidAccessKeyId", "a chave não é conhecida lá. Corrija CHAVE em STORAGE_URL."),
        (
            403,
            "SignatureDoesNotMatch",
            "o segredo não é o desta chave. Corrija SEGREDO em STORAGE_URL (/ e + se escrevem %2F e %2B).",
        ),
        (
            403,
            "AccessDenied",
            "a chave não tem o direito de gravar, ler e apagar nele. Peça-o a quem administra o armazenamento.",
        ),
        (
            400,
            "AuthorizationHeaderMalformed",
            "a região não é a dele. Escreva-a em STORAGE_URL, como ?regiao=sa-east-1.",
        ),
        (418, "Bule", "a resposta foi «Bule» (418). Confira STORAGE_URL e os registros do serviço."),
    ],
)
def test_a_bucket_that_refuses_stops_the_start(status: int, code: str, told: str) -> None:
    with refusing(status, code) as address, pytest.raises(WrongEnvironment) as refused:
        check_bucket(_read(f"s3+http://chave:segredo@{address}/balde"))
    assert str(refused.value) == f"Não é possível usar o balde «balde» em http://{address}: {told}"


def test_a_bucket_that_nobody_serves_stops_the_start() -> None:
    with pytest.raises(WrongEnvironment, match=r"^Não foi possível alcançar o balde «balde» em http://127.0.0.1:9 \("):
        check_bucket(_read(NOBODY))


def test_a_bucket_without_a_key_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    with pytest.raises(WrongEnvironment, match=r"^Falta a chave para o balde «balde» em http://127.0.0.1:9\. Escreva"):
        check_bucket(_read("s3+http://127.0.0.1:9/balde"))


def test_a_fit_bucket_keeps_nothing_of_the_check(server: str) -> None:
    made = new_bucket(server)
    check_bucket(_read(made))
    assert keys(made) == []


def test_where_a_bucket_is() -> None:
    options, prefix = bucket_options("s3://AK:a%2Fb%2Bc@s3.sa-east-1.amazonaws.com/balde?regiao=sa-east-1")
    assert (options, prefix) == (
        {
            "bucket_name": "balde",
            "endpoint_url": "https://s3.sa-east-1.amazonaws.com",
            "region_name": "sa-east-1",
            "addressing_style": "virtual",
            "access_key": "AK",
            "secret_key": "a/b+c",
        },
        "",
    )
