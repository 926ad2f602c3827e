"""What the case's letters say, read from what was frozen."""

from __future__ import annotations

from collections.abc import Callable

from cases.models import Atendimento
from cases.services import issue_cip, issue_espelho
from documents.models import Documento
from documents.services import read_pdf
from tests.conftest import NOW, Cast


def test_the_cip_prints_the_case_and_the_term_in_force(cast: Cast, ap: Callable[..., Atendimento], rules: None) -> None:
    case = ap()

    letter = issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW).documento

    assert letter is not None
    frozen = letter.dados["dados"]
    assert frozen["fornecedor"]["cnpj"] == "12ABC34501DE35"
    assert frozen["consumidor"]["cpf"] == "11144477735"
    assert frozen["prazo"]["texto"] == "10 dias corridos"
    assert "Ana" not in letter.titulo
    assert read_pdf(letter).startswith(b"%PDF-")


def test_a_new_espelho_replaces_the_one_before(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()

    first = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    second = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)

    first.refresh_from_db()
    assert first.substituido_por == second
    assert Documento.objects.filter(historico=case.historico, substituido_por__isnull=True).get() == second
