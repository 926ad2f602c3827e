"""A change of the calendar meets an act on a case, on real connections: they wait for each other, never in a circle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from accounts.models import Atribuicao, Papel, User
from cases.models import CIP, Atendimento, Defesa
from cases.services import acknowledge_cip, add_reclamado, answer_cip, issue_cip, receive_defence, send_cip
from deadlines.models import MudancaDeCalendario, Prazo
from deadlines.services import add_day, set_prazo
from tests.conftest import NOW, Cast
from tests.meeting import meet
from workflow.errors import ActNotAllowed
from workflow.models import Evento
from workflow.services import record

pytestmark = pytest.mark.django_db(transaction=True)
MOURNING = {"data": date(2026, 3, 12), "nome": "Luto oficial", "ambito": "municipal", "facultativo": False}
MOVES = 'UPDATE "deadlines_prazo"'
RECORDS = 'INSERT INTO "workflow_evento"'


@pytest.fixture
def mourn(cast: Cast) -> Callable[[], MudancaDeCalendario]:
    """Fábio enters a day late; it touches every term that runs over Thursday 12 March 2026."""
    user = User.objects.create_user("fabio", "senha-de-teste-1", nome="Fábio Administrador")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    return lambda: add_day(**MOURNING, fonte="Decreto 2", by=user, at=NOW)


def test_an_act_that_stops_a_term(
    cast: Cast,
    notified: Callable[..., list[Defesa]],
    mourn: Callable[[], MudancaDeCalendario],
) -> None:
    (turn,) = notified()

    said = meet(lambda: receive_defence(defesa=turn, texto="Não devemos.", by=cast.bruno, at=NOW), mourn, after=MOVES)

    assert [type(item) for item in said] == [Defesa, MudancaDeCalendario]
    assert Prazo.objects.get(defesa=turn).cumprido_em == NOW


def test_an_act_that_records_before_it_sets_a_term_is_told_to_try_again(
    cast: Cast,
    ap: Callable[..., Atendimento],
    running_cip: Callable[..., CIP],
    mourn: Callable[[], MudancaDeCalendario],
) -> None:
    cip = running_cip(ap().reclamados.get())
    case = cip.reclamado.atendimento

    def act() -> Prazo:
        with transaction.atomic():
            record(case, "ANOTAR", by=cast.bruno, at=NOW)
            return set_prazo("cip_resposta", historico=case.historico, start=date(2026, 3, 4))

    refused, made = meet(act, mourn, after=RECORDS)

    assert isinstance(refused, ActNotAllowed)
    assert "Tente de novo" in refused.message
    assert isinstance(made, MudancaDeCalendario)
    assert not Evento.objects.filter(ato="ANOTAR").exists()


def test_an_act_that_holds_the_calendar_first_is_waited_for(
    cast: Cast,
    ap: Callable[..., Atendimento],
    running_cip: Callable[..., CIP],
    mourn: Callable[[], MudancaDeCalendario],
) -> None:
    other = running_cip(ap().reclamados.get())
    cip = issue_cip(reclamado=ap(cast.banco).reclamados.get(), by=cast.bruno, at=NOW)
    send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=NOW)

    said = meet(
        lambda: acknowledge_cip(cip=cip, on=date(2026, 3, 4), by=cast.bruno, at=NOW),
        mourn,
        after='INSERT INTO "deadlines_prazo"',
    )

    assert [type(item) for item in said] == [CIP, MudancaDeCalendario]
    assert said[1].prazos == 1
    ends = dict(Prazo.objects.values_list("cip", "vence_em"))
    assert ends == {other.pk: date(2026, 3, 13), cip.pk: date(2026, 3, 16)}  # Thu 12 → Fri 13; Sat 14 → Mon 16


def test_two_acts_on_one_case_wait_for_each_other(
    cast: Cast,
    ap: Callable[..., Atendimento],
    running_cip: Callable[..., CIP],
    rules: None,
) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())

    said = meet(
        lambda: answer_cip(cip=cip, resposta="Devolvemos.", by=cast.bruno, at=NOW),
        lambda: add_reclamado(atendimento=case, fornecedor=cast.banco, motivo="Também.", by=cast.dora, at=NOW),
        after=RECORDS,
    )

    assert [type(item).__name__ for item in said] == ["CIP", "Reclamado"]
