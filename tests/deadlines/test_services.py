"""Stored terms, the loading of the law, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from deadlines.models import Feriado, Prazo, RegraDePrazo, Suspensao
from deadlines.services import is_working_day, load_calendar, office_calendar, preview, recompute, set_prazo
from tests.conftest import NOW, Cast
from workflow.errors import ContentRefused
from workflow.services import open_history

WORDS = "10 dias corridos da ciência em 04/03; venceria sábado 14/03, prorrogado para segunda 16/03"


def test_a_term_is_stored_with_its_rule_and_its_words(cast: Cast) -> None:
    prazo = set_prazo("cip_resposta", historico=open_history(), start=date(2026, 3, 4))

    prazo.refresh_from_db()
    assert (prazo.inicio, prazo.vence_em, prazo.explicacao) == (date(2026, 3, 4), date(2026, 3, 16), WORDS)
    assert (prazo.regra.nome, prazo.regra.versao) == ("cip_resposta", 1)


def test_a_preview_stores_nothing(cast: Cast) -> None:
    assert preview("cip_resposta", start=date(2026, 3, 4)).explanation == WORDS
    assert Prazo.objects.count() == 0


def test_the_version_in_force_on_the_start_counts(cast: Cast) -> None:
    load_calendar(range(2021, 2023))
    historico = open_history()

    before = set_prazo("defesa", historico=historico, start=date(2021, 12, 6))
    after = set_prazo("defesa", historico=historico, start=date(2021, 12, 7))

    assert [(row.regra.versao, row.vence_em) for row in (before, after)] == [
        (1, date(2021, 12, 16)),  # Mon → Thu
        (2, date(2021, 12, 27)),  # Tue → Mon
    ]


def test_a_window_in_the_table_suspends(cast: Cast) -> None:
    Suspensao.objects.create(
        de=date(2026, 3, 9), ate=date(2026, 3, 13), motivo="enchente", fonte="Decreto 1", poupa=["recurso"]
    )
    historico = open_history()

    assert set_prazo("cip_resposta", historico=historico, start=date(2026, 3, 4)).vence_em == date(2026, 3, 19)
    assert set_prazo("recurso", historico=historico, start=date(2026, 3, 4)).vence_em == date(2026, 3, 16)


def test_an_unknown_rule_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="Não há regra de prazo «nenhuma» em vigor em 04/03/2026"):
        set_prazo("nenhuma", historico=open_history(), start=date(2026, 3, 4))


def test_a_start_before_the_rule_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="em vigor em 01/12/2014"):
        set_prazo("cip_resposta", historico=open_history(), start=date(2014, 12, 1))


def test_a_year_without_calendar_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="Os feriados de 2028 não estão no calendário"):
        set_prazo("cip_resposta", historico=open_history(), start=date(2027, 12, 28))
    with pytest.raises(ContentRefused, match="Os feriados de 2030"):
        is_working_day(date(2030, 1, 8))


def test_the_office_calendar_is_one_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        calendar = office_calendar()
    assert sorted(calendar.years) == [2026, 2027]
    assert calendar.name_of(date(2026, 4, 3)) == "Paixão de Cristo"


def test_a_day_decreed_in_the_table_is_not_worked(cast: Cast) -> None:
    assert is_working_day(date(2026, 3, 16)) is True  # Monday
    Feriado.objects.create(data=date(2026, 3, 16), nome="Luto oficial", ambito="municipal", fonte="Decreto 2")
    assert is_working_day(date(2026, 3, 16)) is False


def test_a_day_decreed_late_moves_the_open_term_and_says_so(cast: Cast) -> None:
    historico = open_history()
    touched = set_prazo("cip_resposta", historico=historico, start=date(2026, 3, 4))
    spared = set_prazo("cip_resposta", historico=historico, start=date(2026, 3, 2))
    late = date(2026, 3, 16)
    Feriado.objects.create(data=late, nome="Luto oficial", ambito="municipal", fonte="Decreto 2")

    assert list(Prazo.objects.touched_by(late, late)) == [touched]
    assert recompute(touched, by=cast.dora, at=NOW, motivo="Decreto 2") is True
    assert recompute(touched, by=cast.dora, at=NOW, motivo="Decreto 2") is False
    assert recompute(spared, by=cast.dora, at=NOW, motivo="Decreto 2") is False

    touched.refresh_from_db()
    assert touched.vence_em == date(2026, 3, 17)
    assert [(e.ato, e.de, e.para, e.motivo) for e in historico.eventos.all()] == [
        ("RECALCULAR_PRAZO", "2026-03-16", "2026-03-17", "Decreto 2")
    ]


@pytest.mark.django_db
def test_loading_twice_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("carregar_calendario")
    call_command("carregar_calendario")

    assert capsys.readouterr().out.splitlines() == [
        "328 dias e 16 regras novos; o que já havia ficou como estava.",
        "0 dias e 0 regras novos; o que já havia ficou como estava.",
    ]
    assert (Feriado.objects.count(), RegraDePrazo.objects.count()) == (328, 16)
    assert list(Feriado.objects.filter(ambito="municipal", data__year=2026).values_list("data", flat=True)) == [
        date(2026, 9, 8)
    ]


@pytest.mark.django_db
def test_years_out_of_order_are_refused() -> None:
    with pytest.raises(CommandError, match="De 2027 a 2026 não é um período"):
        call_command("carregar_calendario", de=2027, ate=2026)


def test_a_rule_that_was_used_never_changes(cast: Cast) -> None:
    set_prazo("cip_resposta", historico=open_history(), start=date(2026, 3, 4))
    RegraDePrazo.objects.filter(nome="cip_resposta").update(dias=15)

    with pytest.raises(ContentRefused, match="versão 1 já tem prazos contados"):
        load_calendar([2026])
    with pytest.raises(CommandError, match="versão nova"):
        call_command("carregar_calendario")

    assert RegraDePrazo.objects.get(nome="cip_resposta").dias == 15


def test_a_rule_never_used_follows_the_file(cast: Cast) -> None:
    RegraDePrazo.objects.filter(nome="recurso").update(dias=15)
    load_calendar([2026])
    assert RegraDePrazo.objects.get(nome="recurso").dias == 10


def test_a_rule_that_the_office_closed_stays_closed(cast: Cast) -> None:
    set_prazo("cip_resposta", historico=open_history(), start=date(2026, 3, 4))
    RegraDePrazo.objects.filter(nome="cip_resposta").update(vigente_ate=date(2026, 6, 30))
    load_calendar([2026])
    assert RegraDePrazo.objects.get(nome="cip_resposta").vigente_ate == date(2026, 6, 30)
