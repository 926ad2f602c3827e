"""The letters of a case that are the consumer's to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from cases.models import Atendimento
from cases.services import issue_espelho
from documents.data.readers import CONSUMER_DOES_NOT_READ, CONSUMER_READS
from documents.models import Documento
from documents.services import erase, issue
from tests.conftest import NOW, Cast
from tests.documents.samples import FULL
from tests.portal.conftest import Program, answered, case_of
from workflow.models import Leitura

DOCUMENTS = "/atendimentos/35.001.001.26-0000001/documentos/"


@pytest.fixture(autouse=True)
def _morning(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(cidade: Program, cast: Cast) -> Atendimento:
    return case_of(cidade, cast)


def test_every_kind_of_letter_is_decided() -> None:
    assert not set(CONSUMER_READS) & set(CONSUMER_DOES_NOT_READ)
    assert set(CONSUMER_READS) | set(CONSUMER_DOES_NOT_READ) == set(Documento.Tipo.values)


def test_the_consumers_letters_are_listed(cidade: Program, case: Atendimento, cast: Cast) -> None:
    answered(case, cast)
    first = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    second = issue_espelho(atendimento=case, by=cast.bruno, at=NOW + timedelta(hours=1))

    answer = cidade.get(DOCUMENTS)

    assert set(Documento.objects.values_list("tipo", flat=True)) == {"cip", "espelho"}
    assert answer.json()["results"] == [
        {
            "id": letter.codigo,
            "tipo": "espelho",
            "tipo_descricao": "Espelho da Ficha de Atendimento",
            "titulo": "Espelho da Ficha de Atendimento 35.001.001.26-0000001",
            "emitido_em": moment,
            "tamanho": letter.tamanho,
            "sha256": letter.sha256,
            "substituido_por": replaced,
        }
        for letter, moment, replaced in (
            (first, "2026-03-04T10:00:00-03:00", second.codigo),
            (second, "2026-03-04T11:00:00-03:00", None),
        )
    ]


def test_a_letter_is_given_whole_and_not_again(cidade: Program, case: Atendimento, cast: Cast) -> None:
    letter = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    path = f"{DOCUMENTS}{letter.codigo}/"

    answer = cidade.get(path, Accept="application/pdf")

    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="espelho-{letter.codigo}.pdf"'
    assert (answer["ETag"], answer["X-Content-Type-Options"]) == (f'"{letter.sha256}"', "nosniff")
    assert answer["Cache-Control"] == "private, no-cache"
    known = cidade.get(path, **{"If-None-Match": answer["ETag"]})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", answer["ETag"])
    assert cidade.get(path, **{"If-None-Match": '"outro"'}).status_code == 200
    assert Leitura.objects.filter(leitor=cidade.user, pagina="api_documento").count() == 3


def test_letters_that_are_not_the_consumers_do_not_exist(
    cidade: Program, vizinha: Program, case: Atendimento, cast: Cast
) -> None:
    answered(case, cast)
    mine = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    memo = issue(
        "memorando", titulo="Memorando", dados=FULL["memorando"], historico=case.historico, unidade=cast.unidade,
        by=cast.edu, at=NOW,
    )  # fmt: skip
    other = issue_espelho(atendimento=case_of(cidade, cast), by=cast.bruno, at=NOW)
    erased = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    erase([erased.pk], by=cast.dora)
    cip = Documento.objects.get(tipo="cip")

    assert [row["id"] for row in cidade.get(DOCUMENTS).json()["results"]] == [mine.codigo]
    for letter in (memo, other, erased, cip):
        assert cidade.get(f"{DOCUMENTS}{letter.codigo}/").status_code == 404
    assert vizinha.get(f"{DOCUMENTS}{mine.codigo}/").status_code == 404


def test_a_letter_in_another_form_is_not_offered(cidade: Program, case: Atendimento, cast: Cast) -> None:
    letter = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    forms = ["text/csv", "image/png"]

    assert [cidade.get(f"{DOCUMENTS}{letter.codigo}/", Accept=form).status_code for form in forms] == [406, 406]


def test_a_letter_whose_file_is_gone_says_so(cidade: Program, case: Atendimento, cast: Cast, tmp_path: Any) -> None:
    letter = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    [file] = list(tmp_path.rglob("*.pdf"))
    file.write_bytes(b"%PDF-outra coisa")

    answer = cidade.get(f"{DOCUMENTS}{letter.codigo}/")

    assert (answer.status_code, "foi alterado depois da emissão" in answer.json()["detail"]) == (409, True)
