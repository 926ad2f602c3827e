"""A closed year stays as it was; what is corrected later stands beside it, with its reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import Atendimento
from cases.services import register, reopen_case
from reports.closing import Difference, close_year, differences_since, reasons_since
from reports.models import Fechamento
from reports.selfcheck import wrong_closings
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case
from workflow.errors import ActNotAllowed, ContentRefused

TODAY = date(2026, 3, 4)
PAGE = "/relatorios/balanco/2023/fechamento/"


def close(cast: Cast, ano: int = 2023, **who: object) -> Fechamento:
    return close_year(**{"ano": ano, "unidade": cast.unidade, "by": cast.dora, "at": NOW, "today": TODAY, **who})


def test_nothing_changed_shows_no_difference(history: Cast) -> None:
    closing = close(history)

    assert (closing.numeros["por_tipo.atendimento_preliminar"], closing.numeros["por_orgao.XBACEN"]) == (4, 2)
    assert (differences_since(closing), reasons_since(closing), list(wrong_closings())) == ([], [], [])


def test_a_correction_shows_beside_what_was_closed(history: Cast) -> None:
    old = register(
        by=history.bruno, at=NOW, unidade=history.unidade, tipo="simples_consulta", canal="telefone", relato="R",
        consumidor=history.ana, orientacao="Orientada.",
    )  # fmt: skip
    Atendimento.objects.filter(pk=old.pk).update(aberto_em=at(2023, 6, 1))
    closing = close(history)
    before = dict(closing.numeros)
    old.refresh_from_db()
    later = NOW + timedelta(days=1)
    reopen_case(atendimento=old, by=history.dora, at=later, motivo="Trouxe o contrato.")
    case(history, at(2023, 2, 3), "calculo", desfecho="orientado")

    assert differences_since(closing) == [
        Difference("Atendimentos por tipo", "Cálculo", 0, 1),
        Difference("Atendimentos por canal", "Pessoalmente", 7, 8),
        Difference("Atendimentos por mês", "fevereiro", 0, 1),
    ]
    (reason,) = reasons_since(closing)
    assert (reason.quem, reason.onde, reason.motivo) == (str(history.dora), old.protocolo, "Trouxe o contrato.")
    assert Fechamento.objects.get().numeros == before
    html = logged_in(history.dora).get(PAGE).content.decode()
    assert "Trouxe o contrato." in html
    assert "<strong>+1</strong>" in html


@pytest.mark.parametrize(
    ("ano", "who", "sentence"),
    [
        (2023, "bruno", "Só um coordenador"),
        (2026, "dora", "O ano de 2026 ainda não terminou"),
        (2031, "dora", "O ano de 2031 ainda não terminou"),
    ],
)
def test_who_may_not_close_is_told(history: Cast, ano: int, who: str, sentence: str) -> None:
    with pytest.raises(ActNotAllowed, match=sentence):
        close(history, ano, by=getattr(history, who))


def test_a_year_is_closed_once(history: Cast) -> None:
    close(history)
    with pytest.raises(ActNotAllowed, match="já foi fechado nesta unidade"):
        close(history)


def test_an_empty_year_is_not_closed(history: Cast) -> None:
    with pytest.raises(ContentRefused, match="não há o que fechar"):
        close(history, 2015)


def test_nobody_rewrites_a_closed_year_and_who_does_is_found(history: Cast) -> None:
    closing = close(history)
    with pytest.raises(IntegrityError, match="um ano fechado"), transaction.atomic():
        Fechamento.objects.update(numeros={})
    with pytest.raises(IntegrityError, match="um ano fechado"), transaction.atomic():
        closing.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE reports_fechamento DISABLE TRIGGER fechamento_fica")
        cursor.execute("UPDATE reports_fechamento SET numeros = '{}'")

    assert list(wrong_closings()) == [
        "Fechamento de 2023, Procon Centro: os números não conferem com o resumo SHA-256."
    ]


def test_the_page_closes_and_gives_the_frozen_numbers(history: Cast) -> None:
    dora, bruno = logged_in(history.dora), logged_in(history.bruno)
    assert "Fechar 2023</button>" in dora.get(PAGE).content.decode()
    assert "Um coordenador da unidade pode fechá-lo." in bruno.get(PAGE).content.decode()
    assert bruno.post(PAGE, {"unidade": history.unidade.pk}).status_code == 409
    assert dora.post(PAGE, {"unidade": history.outra.pk}).status_code == 404

    assert dora.post(PAGE, {"unidade": history.unidade.pk})["Location"] == PAGE

    closing = Fechamento.objects.get()
    html = bruno.get(PAGE).content.decode()
    assert closing.resumo in html
    assert "Nada mudou desde o fechamento." in html
    frozen = bruno.get(PAGE, {"formato": "json", "id": closing.pk}).json()
    assert (frozen["sha256"], frozen["numeros"]) == (closing.resumo, closing.numeros)
    assert logged_in(history.eva).get(PAGE, {"formato": "json", "id": closing.pk}).status_code == 404
    assert "O ano ainda não terminou." in dora.get("/relatorios/balanco/2026/fechamento/").content.decode()
