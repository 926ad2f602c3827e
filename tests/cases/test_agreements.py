"""Agreements: their plan, their follow-up, and the complaint that a broken one opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.models import Acordo, Atendimento, Defesa, Parcela, Reclamacao
from cases.rules.instalments import equal_parts, monthly
from cases.services import (
    ask_due,
    break_agreement,
    close_case,
    complain_of_breach,
    keep_agreement,
    lose_sight,
    make_agreement,
    pay_instalment,
)
from documents.models import Documento
from notifications.models import Mensagem
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Agree = Callable[..., Acordo]
D = Decimal

PARTS = [
    (D("300.00"), 3, ["100.00", "100.00", "100.00"]),
    (D("100.00"), 3, ["33.33", "33.33", "33.34"]),
    (D("0.03"), 3, ["0.01", "0.01", "0.01"]),
    (D("10.00"), 1, ["10.00"]),
]


@pytest.mark.parametrize(("total", "n", "parts"), PARTS)
def test_equal_parts_leave_the_rest_in_the_last(total: Decimal, n: int, parts: list[str]) -> None:
    assert equal_parts(total, n) == [D(part) for part in parts]


@pytest.mark.parametrize(("total", "n"), [(D("0.02"), 3), (D(10), 0), (D(10), 121), (D("1.001"), 1)])
def test_what_cannot_be_divided(total: Decimal, n: int) -> None:
    with pytest.raises(ValueError, match="at least one cent"):
        equal_parts(total, n)


def test_monthly_days_end_with_the_month() -> None:
    assert monthly(date(2026, 1, 31), 4) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


@pytest.fixture
def agree(cast: Cast, ap: Callable[..., Atendimento], letters_in_tmp: None) -> Agree:
    """An agreement of R$ 300 in three monthly instalments from Tuesday 10 March 2026, in a case closed by it."""

    def make(**other: Any) -> Acordo:
        case = ap()
        days = monthly(date(2026, 3, 10), 3)
        call = {
            "origem": "atendimento",
            "texto": "Devolução em três vezes.",
            "firmado_em": NOW.date(),
            "total": D(300),
            "parcelas": [Parcela(vencimento=day, valor=D(100)) for day in days],
            "by": cast.bruno,
        }
        return make_agreement(reclamado=case.reclamados.get(), at=NOW, **{**call, **other})

    return make


def test_an_agreement_is_printed_and_asked_about_on_the_first_due_day(agree: Agree) -> None:
    made = agree()

    assert (made.status, made.conferir_em) == ("firmado", date(2026, 3, 10))
    assert [row.numero for row in made.parcelas.all()] == [1, 2, 3]
    assert Documento.objects.get().tipo == "termo_de_acordo"


REFUSED = [
    ({"origem": "rua"}, "onde o acordo foi feito"),
    ({"texto": " "}, "o que foi acordado"),
    ({"firmado_em": date(2026, 3, 5)}, "não pode ser do futuro"),
    ({"total": D(299)}, r"somam R\$ 300\.00"),
    ({"parcelas": [Parcela(vencimento=date(2026, 3, 3), valor=D(300))]}, "vence no dia do acordo ou depois"),
    ({"parcelas": [], "total": None}, "em que dia conferir"),
    ({"parcelas": [Parcela(vencimento=date(2026, 3, 10), valor=D(1)) for _ in range(121)]}, "no máximo 120"),
]


@pytest.mark.parametrize(("other", "sentence"), REFUSED)
def test_what_no_agreement_may_say(agree: Agree, other: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence):
        agree(**other)
    assert not Acordo.objects.exists()


def test_an_authority_makes_no_agreement(cast: Cast, agree: Agree) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        agree(by=cast.edu)


def test_asked_before_it_was_made(agree: Agree) -> None:
    with pytest.raises(ActNotAllowed, match="no dia em que foi firmado ou depois"):
        agree(parcelas=[], total=None, conferir_em=date(2026, 3, 3))


def test_the_consumer_is_asked_once_on_the_due_day(cast: Cast, agree: Agree) -> None:
    made = agree()
    monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)

    assert ask_due(today=monday, at=NOW) == 0
    assert (ask_due(today=tuesday, at=NOW), ask_due(today=tuesday, at=NOW)) == (1, 0)
    assert Mensagem.objects.get(tipo="acordo").endereco == "ana@example.org"
    assert list(Acordo.objects.visible_to(cast.bruno).to_ask(today=tuesday)) == [made]
    assert not Acordo.objects.visible_to(cast.eva).to_ask(today=tuesday).exists()


def test_a_payment_moves_the_next_question_and_the_last_keeps_the_agreement(cast: Cast, agree: Agree) -> None:
    made = agree()
    ask_due(today=date(2026, 3, 10), at=NOW)
    first, second, third = made.parcelas.all()

    with pytest.raises(ContentRefused, match="O pagamento fica entre"):
        pay_instalment(parcela=first, on=date(2026, 3, 5), by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        pay_instalment(parcela=first, on=NOW.date(), by=cast.edu, at=NOW)
    pay_instalment(parcela=first, on=NOW.date(), by=cast.bruno, at=NOW)
    made.refresh_from_db()
    assert (made.conferir_em, made.perguntado_em) == (date(2026, 4, 10), None)
    with pytest.raises(ActNotAllowed, match="já foi registrado"):
        pay_instalment(parcela=first, on=NOW.date(), by=cast.bruno, at=NOW)
    for row in (second, third):
        pay_instalment(parcela=row, on=NOW.date(), by=cast.bruno, at=NOW)
    made.refresh_from_db()
    assert made.status == "cumprido"


def test_no_news_comes_after_the_question_and_an_answer_still_counts(cast: Cast, agree: Agree) -> None:
    made = agree()

    with pytest.raises(ActNotAllowed, match="é conferido em 10/03/2026"):
        lose_sight(acordo=made, by=cast.bruno, at=NOW)
    lose_sight(acordo=made, by=cast.bruno, at=NOW + timedelta(days=30))
    kept = keep_agreement(acordo=made, observacao="Ligou: recebeu tudo.", by=cast.bruno, at=NOW + timedelta(days=31))

    assert (kept.status, kept.observacao) == ("cumprido", "Ligou: recebeu tudo.")


def test_a_broken_agreement_opens_the_reclamacao_of_a_closed_case(cast: Cast, agree: Agree) -> None:
    made = agree()
    case = made.reclamado.atendimento
    pay_instalment(parcela=made.parcelas.first(), on=NOW.date(), by=cast.bruno, at=NOW)
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="não consta como descumprido"):
        complain_of_breach(acordo=made, by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="Escreva o que não foi cumprido"):
        break_agreement(acordo=made, observacao=" ", by=cast.bruno, at=NOW)
    break_agreement(acordo=made, observacao="A segunda não veio.", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        complain_of_breach(acordo=made, by=cast.carla, at=NOW)

    opened = complain_of_breach(acordo=made, by=cast.bruno, at=NOW)

    case.refresh_from_db()
    assert (case.status, case.desfecho, opened.status) == ("em_reclamacao", "", "instaurada")
    event = Evento.objects.get(ato="INSTAURAR_POR_DESCUMPRIMENTO")
    assert event.motivo == "Acordo de 04/03/2026 com Loja Modelo Ltda descumprido."
    assert Documento.objects.filter(tipo="carta_de_abertura").count() == 1
    with pytest.raises(ActNotAllowed, match="o registro está em «Em reclamação»"):
        complain_of_breach(acordo=made, by=cast.bruno, at=NOW)


def test_a_broken_agreement_takes_an_archived_reclamacao_up_again(
    cast: Cast, complaint: Callable[..., Reclamacao]
) -> None:
    opened = complaint()
    case = opened.atendimento
    made = make_agreement(
        reclamado=case.reclamados.get(),
        origem="reclamacao",
        texto="Troca.",
        firmado_em=NOW.date(),
        conferir_em=NOW.date(),
        by=cast.bruno,
        at=NOW,
    )
    close_case(atendimento=case, desfecho="acordo", by=cast.bruno, at=NOW)
    break_agreement(acordo=made, observacao="Não trocou.", by=cast.bruno, at=NOW)

    again = complain_of_breach(acordo=made, by=cast.bruno, at=NOW)

    assert (again.pk, again.status) == (opened.pk, "instaurada")
    assert Defesa.objects.current().count() == 1
    assert Defesa.objects.count() == 2
