"""Terms that end early, and terms that are given more days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from deadlines.models import Feriado, Prazo, Prorrogacao, RegraDePrazo, Suspensao
from deadlines.services import extend, fulfil, recompute, set_prazo
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import open_history

ASKED = "pedido do fornecedor"


def _term(start: date = date(2026, 3, 2), rule: str = "cip_resposta") -> Prazo:
    """Ten days from Monday 2 March: Thursday 12."""
    return set_prazo(rule, historico=open_history(), start=start)


def test_a_fulfilled_term_no_longer_runs(cast: Cast) -> None:
    done, running = _term(), _term()

    fulfil(prazo=done, at=NOW)
    fulfil(prazo=done, at=NOW + timedelta(days=1))

    done.refresh_from_db()
    assert done.cumprido_em == NOW
    assert list(Prazo.objects.running()) == [running]


def test_overdue_and_due_leave_out_what_is_fulfilled(cast: Cast) -> None:
    thursday, monday, done = _term(), _term(date(2026, 3, 4)), _term()
    fulfil(prazo=done, at=NOW)

    assert list(Prazo.objects.overdue(today=date(2026, 3, 12))) == []
    assert list(Prazo.objects.overdue(today=date(2026, 3, 13))) == [thursday]
    assert list(Prazo.objects.due_by(date(2026, 3, 12))) == [thursday]
    assert set(Prazo.objects.due_by(date(2026, 3, 16))) == {thursday, monday}


def test_an_extension_is_counted_from_the_present_end_and_told_in_words(cast: Cast) -> None:
    prazo = _term(date(2026, 3, 4))

    extend(prazo=prazo, dias=5, motivo=f" {ASKED} ", by=cast.bruno, at=NOW)

    prazo.refresh_from_db()
    assert prazo.vence_em == date(2026, 3, 23)  # Sat 14 → Mon 16; five days on is Sat 21 → Mon 23
    assert prazo.explicacao == (
        "10 dias corridos da ciência em 04/03; venceria sábado 14/03, prorrogado para segunda 16/03; "
        "prorrogado por 5 dias corridos em 04/03 (pedido do fornecedor); "
        "venceria sábado 21/03, prorrogado para segunda 23/03"
    )
    assert [(e.ato, e.de, e.para, e.motivo, e.dados) for e in prazo.historico.eventos.all()] == [
        ("PRORROGAR_PRAZO", "2026-03-16", "2026-03-23", ASKED, {"dias": 5})
    ]
    assert list(Prorrogacao.objects.values_list("prazo", "dias", "motivo", "por", "quando")) == [
        (prazo.pk, 5, ASKED, cast.bruno.pk, NOW)
    ]


def test_two_extensions_follow_each_other(cast: Cast) -> None:
    prazo = _term()

    extend(prazo=prazo, dias=1, motivo=ASKED, by=cast.bruno, at=NOW)
    extend(prazo=prazo, dias=10, motivo="enchente", by=cast.dora, at=NOW)

    assert prazo.vence_em == date(2026, 3, 23)  # Thu 12 → Fri 13 → Mon 23
    assert prazo.explicacao == (
        "10 dias corridos da ciência em 02/03; vence quinta 12/03; "
        "prorrogado por 1 dia corrido em 04/03 (pedido do fornecedor); vence sexta 13/03; "
        "prorrogado por 10 dias corridos em 04/03 (enchente); vence segunda 23/03"
    )


def test_an_extension_in_working_days_counts_working_days(cast: Cast) -> None:
    prazo = _term(rule="cadastro_correcao_resposta")
    extend(prazo=prazo, dias=5, motivo=ASKED, by=cast.bruno, at=NOW)
    assert prazo.vence_em == date(2026, 3, 23)  # Mon 16 → five working days → Mon 23


def test_a_late_day_keeps_the_extension(cast: Cast) -> None:
    prazo = _term()
    extend(prazo=prazo, dias=1, motivo=ASKED, by=cast.bruno, at=NOW)
    Feriado.objects.create(data=date(2026, 3, 12), nome="Luto oficial", ambito="municipal", fonte="Decreto 2")

    assert recompute(prazo, by=cast.dora, at=NOW, motivo="Decreto 2") is True

    prazo.refresh_from_db()
    assert prazo.vence_em == date(2026, 3, 16)  # Thu 12 → Fri 13; one day on is Sat 14 → Mon 16
    assert "prorrogado por 1 dia corrido em 04/03 (pedido do fornecedor)" in prazo.explicacao


def test_a_window_inside_the_extension_is_told_there(cast: Cast) -> None:
    Suspensao.objects.create(de=date(2026, 3, 13), ate=date(2026, 3, 20), motivo="enchente", fonte="Decreto 1")
    prazo = _term()
    extend(prazo=prazo, dias=1, motivo=ASKED, by=cast.bruno, at=NOW)
    assert prazo.vence_em == date(2026, 3, 23)  # Thu 12; Fri 13 to Fri 20 stand still; Sat 21 → Mon 23
    assert prazo.explicacao.endswith(
        "(pedido do fornecedor), suspensos de 13/03 a 20/03 (enchente); "
        "venceria sábado 21/03, prorrogado para segunda 23/03"
    )


def test_a_fulfilled_term_is_neither_extended_nor_counted_again(cast: Cast) -> None:
    prazo = fulfil(prazo=_term(), at=NOW)
    Feriado.objects.create(data=date(2026, 3, 12), nome="Luto oficial", ambito="municipal", fonte="Decreto 2")

    with pytest.raises(ActNotAllowed, match="já foi cumprido"):
        extend(prazo=prazo, dias=5, motivo=ASKED, by=cast.bruno, at=NOW)
    assert recompute(prazo, by=cast.dora, at=NOW, motivo="Decreto 2") is False
    prazo.refresh_from_db()
    assert prazo.vence_em == date(2026, 3, 12)


def test_a_past_term_is_not_extended(cast: Cast) -> None:
    prazo = _term()
    extend(prazo=prazo, dias=1, motivo=ASKED, by=cast.bruno, at=NOW + timedelta(days=8))  # Thursday 12, the last day
    with pytest.raises(ActNotAllowed, match="venceu em 13/03/2026, e prazo vencido não se prorroga"):
        extend(prazo=prazo, dias=5, motivo=ASKED, by=cast.bruno, at=NOW + timedelta(days=10))


def test_an_extension_needs_its_reason(cast: Cast) -> None:
    for motivo in ("  ", "x" * 201):
        with pytest.raises(ContentRefused) as refused:
            extend(prazo=_term(), dias=5, motivo=motivo, by=cast.bruno, at=NOW)
        assert set(refused.value.errors) == {"motivo"}


@pytest.mark.parametrize("dias", [-1, 0, 181])
def test_an_extension_is_of_some_days(cast: Cast, dias: int) -> None:
    with pytest.raises(ContentRefused, match="entre 1 e 180"):
        extend(prazo=_term(), dias=dias, motivo=ASKED, by=cast.bruno, at=NOW)


def test_a_term_in_years_is_not_extended(cast: Cast) -> None:
    prazo = Prazo.objects.get(pk=_term().pk)
    Prazo.objects.filter(pk=prazo.pk).update(regra=RegraDePrazo.objects.get(nome="cadastro_permanencia"))
    with pytest.raises(ActNotAllowed, match="contado em anos"):
        extend(prazo=prazo, dias=5, motivo=ASKED, by=cast.bruno, at=NOW)
