"""A letter is frozen when issued, superseded but never changed, and read back only if it is still the same."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from documents import codes, render, storage
from documents.models import Documento
from documents.services import find_by_code, issue, read_pdf, unreadable
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico
from workflow.services import open_history


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def historico(db: None) -> Historico:
    return open_history()


def make(cast: Cast, historico: Historico, **changed: object) -> Documento:
    wanted = {
        "titulo": "CIP do atendimento 35.001.001.26-0000001",
        "dados": {"protocolo": "35.001.001.26-0000001", "relato": "Não entregou.", "valor": Decimal("199.90")},
        "historico": historico,
        "unidade": cast.unidade,
        "by": cast.bruno,
        "at": NOW,
    }
    return issue("cip", **(wanted | changed))


def test_a_letter_is_frozen(cast: Cast, historico: Historico) -> None:
    documento = make(
        cast, historico, dados={"data_compra": date(2026, 1, 15), "valor": Decimal("199.90"), "aberto": NOW}
    )

    documento.refresh_from_db()
    content = storage.path_of(documento.arquivo).read_bytes()
    assert content.startswith(b"%PDF-")
    assert read_pdf(documento) == content
    assert (documento.tamanho, documento.sha256) == (len(content), storage.sha256(content))
    assert documento.arquivo == f"{documento.sha256[:2]}/{documento.sha256}.pdf"
    assert (documento.modelo, documento.modelo_hash) == ("cip.typ", render.template_hash("cip"))
    assert (documento.emitido_em, documento.emitido_por) == (NOW, cast.bruno)
    assert documento.dados["dados"] == {
        "data_compra": "2026-01-15",
        "valor": "199.90",
        "aberto": "2026-03-04T10:00:00-03:00",
    }
    assert documento.dados["procon"]["NOME"] == "Procon de Itaquaquecetuba"


def test_the_frozen_row_prints_the_same_bytes_again(cast: Cast, historico: Historico) -> None:
    documento = make(cast, historico)
    documento.refresh_from_db()
    assert render.typeset(documento.tipo, documento.dados, at=documento.emitido_em) == read_pdf(documento)


def test_codes_can_be_typed_and_are_all_different(cast: Cast, historico: Historico) -> None:
    made = {make(cast, historico).codigo for _ in range(3)}
    assert len(made) == 3
    assert [code for code in made if not re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code)] == []


def test_seeded_codes_repeat_and_a_taken_one_is_passed_over(cast: Cast, historico: Historico) -> None:
    with codes.seeded(2023):
        first, second = codes.new_code(), codes.new_code()
    with codes.seeded(2023):
        assert make(cast, historico).codigo == first
    with codes.seeded(2023):
        assert make(cast, historico).codigo == second


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K2M-0PQ1-ZZ9A", "7K2M-0PQ1-ZZ9A"),
        (" 7k2m 0pq1 zz9a ", "7K2M-0PQ1-ZZ9A"),
        ("7K2MOPQIZZ9A", "7K2M-0PQ1-ZZ9A"),
        ("7K2M-0PQL-ZZ9A", "7K2M-0PQ1-ZZ9A"),
        ("7K2M-0PQ1-ZZ9", ""),
        ("7K2M-0PQ1-ZZ9U", ""),
        ("' OR 1=1 --", ""),
        ("７K2M-0PQ1-ZZ9A", ""),
        ("", ""),
    ],
)
def test_a_typed_code_is_brought_into_shape(typed: str, code: str) -> None:
    assert codes.normalize(typed) == code


def test_found_by_code_however_typed(cast: Cast, historico: Historico) -> None:
    documento = make(cast, historico)
    assert find_by_code(documento.codigo.lower().replace("-", " ")) == documento
    assert find_by_code("0000-0000-0000") is None
    assert find_by_code("nada") is None


def test_an_altered_file_is_refused(cast: Cast, historico: Historico) -> None:
    documento = make(cast, historico)
    path = storage.path_of(documento.arquivo)
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b"%%EOG"))

    with pytest.raises(ActNotAllowed, match="foi alterado depois da emissão"):
        read_pdf(documento)
    assert [found for found, _ in unreadable()] == [documento]


def test_a_missing_file_is_refused(cast: Cast, historico: Historico) -> None:
    documento = make(cast, historico)
    assert list(unreadable()) == []
    storage.path_of(documento.arquivo).unlink()

    with pytest.raises(ActNotAllowed, match="não está no armazenamento"):
        read_pdf(documento)


def test_a_letter_supersedes_another_once(cast: Cast, historico: Historico) -> None:
    first = make(cast, historico)
    second = make(cast, historico, supersedes=first, at=NOW + timedelta(days=1))
    first.refresh_from_db()
    assert first.substituido_por == second
    assert list(Documento.objects.in_force()) == [second]

    with pytest.raises(ActNotAllowed, match="já foi substituído por outro"):
        make(cast, historico, supersedes=first)
    assert Documento.objects.count() == 2


def test_a_letter_of_another_case_is_not_superseded(cast: Cast, historico: Historico) -> None:
    other = make(cast, open_history())
    with pytest.raises(ContentRefused, match="de outro caso ou de outro tipo"):
        make(cast, historico, supersedes=other)


def test_an_unknown_kind_is_refused(cast: Cast, historico: Historico) -> None:
    with pytest.raises(ContentRefused, match="«bilhete» não é um tipo de documento"):
        issue("bilhete", titulo="x", dados={}, historico=historico, unidade=cast.unidade, by=cast.bruno, at=NOW)


def test_a_letter_of_a_case_names_its_unidade(cast: Cast, historico: Historico) -> None:
    with pytest.raises(ContentRefused, match="pertence à unidade do caso"):
        make(cast, historico, unidade=None)


def test_a_rollback_leaves_a_file_that_no_row_names(cast: Cast, historico: Historico, tmp_path) -> None:
    with transaction.atomic():
        make(cast, historico)
        transaction.set_rollback(True)
    assert Documento.objects.count() == 0
    assert [path.suffix for path in tmp_path.glob("*/*")] == [".pdf"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents_documento SET titulo = 'outro'",
        "UPDATE documents_documento SET sha256 = repeat('0', 64)",
        "UPDATE documents_documento SET substituido_por_id = id, titulo = 'outro'",
        "DELETE FROM documents_documento",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_letter(cast: Cast, historico: Historico, statement: str) -> None:
    documento = make(cast, historico)
    with (
        pytest.raises(DatabaseError, match="não se altera nem se apaga"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Documento.objects.get().titulo == documento.titulo


def test_a_superseded_letter_stays_superseded_by_the_same(cast: Cast, historico: Historico) -> None:
    first = make(cast, historico)
    make(cast, historico, supersedes=first)
    with pytest.raises(DatabaseError, match="não se altera"), transaction.atomic():
        Documento.objects.filter(pk=first.pk).update(substituido_por=None)
