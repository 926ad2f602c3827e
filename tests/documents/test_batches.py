"""Many letters at once are frozen as one is, all or none; together on paper; and addressed by labels."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from documents import codes, render, storage
from documents.models import Documento
from documents.services import Letter, issue, issue_many, labels, print_together, read_pdf
from tests.conftest import NOW, Cast
from tests.documents import samples
from tests.documents.test_render import words
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico
from workflow.services import open_history


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def historico(db: None) -> Historico:
    return open_history()


def order(cast: Cast, historico: Historico, number: int = 1, **changed: object) -> Letter:
    wanted = {
        "tipo": "cip",
        "titulo": f"CIP {number}",
        "dados": {"protocolo": f"35.001.001.26-{number:07}", "relato": "Não entregou."},
        "historico": historico,
        "unidade": cast.unidade,
    }
    return Letter(**(wanted | changed))


def test_a_batch_is_frozen_like_single_letters(cast: Cast, historico: Historico) -> None:
    made = issue_many([order(cast, historico, number) for number in range(1, 6)], by=cast.bruno, at=NOW)

    stored = list(Documento.objects.order_by("pk"))
    assert made == stored
    assert [letter.titulo for letter in stored] == [f"CIP {number}" for number in range(1, 6)]
    assert len({letter.codigo for letter in stored}) == 5
    for letter in stored:
        content = storage.path_of(letter.arquivo).read_bytes()
        assert read_pdf(letter) == content == render.typeset("cip", letter.dados, at=NOW)
        assert (letter.tamanho, letter.sha256) == (len(content), storage.sha256(content))
        assert (letter.modelo, letter.modelo_hash) == ("cip.typ", render.template_hash("cip"))
        assert (letter.emitido_em, letter.emitido_por, letter.unidade) == (NOW, cast.bruno, cast.unidade)
        assert letter.dados["codigo"] == letter.codigo


def test_a_batch_costs_the_same_queries_however_long(cast: Cast, historico: Historico) -> None:
    for count in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            issue_many([order(cast, historico, number) for number in range(count)], by=cast.bruno, at=NOW)
        assert len(queries) == 4


def test_one_refused_letter_refuses_the_batch(cast: Cast, historico: Historico, tmp_path) -> None:
    good, bad = order(cast, historico), order(cast, historico, tipo="bilhete")
    with pytest.raises(ContentRefused, match="«bilhete» não é um tipo de documento"):
        issue_many([good, bad], by=cast.bruno, at=NOW)
    assert Documento.objects.count() == 0
    assert list(tmp_path.glob("*/*")) == []


def test_a_taken_code_is_passed_over_in_a_batch(cast: Cast, historico: Historico) -> None:
    with codes.seeded(7):
        first, second, third = (codes.new_code() for _ in range(3))
    with codes.seeded(7):
        issue("cip", titulo="a", dados={}, historico=historico, unidade=cast.unidade, by=cast.bruno, at=NOW)
    with codes.seeded(7):
        made = issue_many([order(cast, historico), order(cast, historico)], by=cast.bruno, at=NOW)
    assert Documento.objects.filter(codigo=first).count() == 1
    assert [letter.codigo for letter in made] == [second, third]


def test_a_letter_of_a_batch_supersedes_another_once(cast: Cast, historico: Historico) -> None:
    (old,) = issue_many([order(cast, historico)], by=cast.bruno, at=NOW)
    (new,) = issue_many([order(cast, historico, supersedes=old)], by=cast.bruno, at=NOW)
    old.refresh_from_db()
    assert old.substituido_por == new
    with pytest.raises(ActNotAllowed, match="já foi substituído"):
        issue_many([order(cast, historico, supersedes=old)], by=cast.bruno, at=NOW)


def test_an_empty_batch_makes_nothing(cast: Cast) -> None:
    assert issue_many([], by=cast.bruno, at=NOW) == []


def test_letters_are_printed_together_in_order(cast: Cast, historico: Historico) -> None:
    made = issue_many([order(cast, historico, number) for number in range(1, 4)], by=cast.bruno, at=NOW)
    with print_together(reversed(made)) as file:
        texts = [page.extract_text() for page in PdfReader(file).pages]
    found = [re.findall(r"Atendimento nº (\S+)", text)[0] for text in texts]
    assert found == ["35.001.001.26-0000003", "35.001.001.26-0000002", "35.001.001.26-0000001"]


def test_on_both_sides_no_letter_begins_on_anothers_back(cast: Cast, historico: Historico) -> None:
    long = {"relato": "\n".join(["linha"] * 50)}
    made = issue_many(
        [order(cast, historico, 1), order(cast, historico, 2, dados=long), order(cast, historico, 3)],
        by=cast.bruno,
        at=NOW,
    )
    with print_together(made, frente_e_verso=True) as file:
        texts = [page.extract_text() for page in PdfReader(file).pages]
    assert [index for index, text in enumerate(texts) if "Carta de Informações" in text] == [0, 2, 4]
    assert [index for index, text in enumerate(texts) if text == ""] == [1, 5]


def test_an_altered_letter_is_not_printed_together(cast: Cast, historico: Historico) -> None:
    made = issue_many([order(cast, historico), order(cast, historico)], by=cast.bruno, at=NOW)
    path = storage.path_of(made[1].arquivo)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ActNotAllowed, match="foi alterado depois da emissão"):
        print_together(made)


def test_nothing_to_print_is_refused() -> None:
    with pytest.raises(ContentRefused, match="Não há carta para imprimir"):
        print_together([])


ADDRESSED = {
    "nome": "Loja Modelo Ltda",
    "endereco": "Avenida B, 200",
    "municipio": "São Paulo",
    "uf": "SP",
    "cep": "01000000",
    "protocolo": "35.001.001.26-0000123",
}


def test_a_label_says_where_the_letter_goes() -> None:
    text = words(labels([ADDRESSED]))
    for expected in [
        "Loja Modelo Ltda",
        "Avenida B, 200",
        "CEP 01000-000 São Paulo/SP",
        "Atendimento nº 35.001.001.26-0000123",
        "Remetente: Procon de Itaquaquecetuba",
    ]:
        assert expected in text


@pytest.mark.parametrize(
    ("count", "start", "sheets"), [(1, 1, 1), (14, 1, 1), (15, 1, 2), (14, 2, 2), (1, 14, 1), (2, 14, 2)]
)
def test_labels_fill_sheets_from_the_place_chosen(count: int, start: int, sheets: int) -> None:
    assert len(PdfReader(BytesIO(labels([ADDRESSED] * count, start=start))).pages) == sheets


def test_the_first_label_stands_where_the_sheet_is_still_full() -> None:
    """Place 4 is the right one of the second row: x from 106.3 mm, y from 53.25 mm, measured from above."""
    places: list[tuple[float, float]] = []

    def seen(text: str, page: list[float], line: list[float], _font: object, _size: object) -> None:
        if "Loja" in text:
            x, y = line[4], line[5]
            places.append((x * page[0] + y * page[2] + page[4], x * page[1] + y * page[3] + page[5]))

    PdfReader(BytesIO(labels([ADDRESSED], start=4))).pages[0].extract_text(visitor_text=seen)
    millimetre = 72 / 25.4
    ((x, y),) = places
    assert 106.3 * millimetre < x < 115 * millimetre
    assert 53.25 * millimetre < 842 - y < 65 * millimetre


def test_a_long_address_is_made_smaller_and_never_cut() -> None:
    long = ADDRESSED | {
        "nome": "Empresa de Nome Comprido " * 6,
        "endereco": "Rua de Nome Comprido, 1, Bairro Longe " * 6,
    }
    pdf = labels([long] * 14)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert words(pdf).count("Atendimento nº 35.001.001.26-0000123") == 14


@pytest.mark.parametrize("start", [0, 15, -1])
def test_a_sheet_has_no_such_place(start: int) -> None:
    with pytest.raises(ContentRefused, match="A folha tem 14 etiquetas"):
        labels([ADDRESSED], start=start)


def test_no_label_is_refused() -> None:
    with pytest.raises(ContentRefused, match="Não há etiqueta"):
        labels([])


@pytest.mark.parametrize("text", [samples.HOSTILE, samples.STRANGE, "", 7, None])
def test_nothing_written_on_a_label_breaks_it(text: object) -> None:
    assert labels([dict.fromkeys(ADDRESSED, text)])[:5] == b"%PDF-"  # type: ignore[list-item]
