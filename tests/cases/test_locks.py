"""A change of the calendar meets an act on a case, on real connections: they wait for each other, never in a circle."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connection, transaction

from accounts.models import Atribuicao, Papel, User
from cases.models import CIP, Atendimento, Defesa
from cases.services import (
    acknowledge_cip,
    add_reclamado,
    answer_cip,
    cip_lots,
    issue_cip,
    issue_cips,
    receive_defence,
    send_cip,
    send_cips,
)
from cases.services.cip_batches import Outcome
from deadlines.models import MudancaDeCalendario, Prazo
from deadlines.services import add_day, set_prazo
from tests.conftest import NOW, Cast
from tests.meeting import PATIENCE, meet
from workflow.errors import ActNotAllowed
from workflow.models import Evento
from workflow.services import record

pytestmark = pytest.mark.django_db(transaction=True)
MOURNING = {"data": date(2026, 3, 12), "nome": "Luto oficial", "ambito": "municipal", "facultativo": False}
MOVES = 'UPDATE "deadlines_prazo"'
RECORDS = "\nINSERT INTO workflow_evento"


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


def test_a_batch_writes_its_events_in_the_order_of_the_cases(
    cast: Cast,
    ap: Callable[..., Atendimento],
    rules: None,
    letters_in_tmp: None,
) -> None:
    first, second = ap(), ap()
    parties = [case.reclamados.get().pk for case in (second, first)]  # so the second case's CIP has the lower number
    done = [issue_cips(reclamados=[key], by=cast.bruno, at=NOW) for key in parties]
    keys = [made.cip.pk for (made,) in done if made.cip]

    def act() -> str:
        with transaction.atomic():
            record(first, "ANOTAR", by=cast.dora, at=NOW)
            record(second, "ANOTAR", by=cast.dora, at=NOW)
        return "feito"

    said, sent = meet(
        act, lambda: send_cips(rastreios=dict.fromkeys(keys, ""), meio="ar", by=cast.bruno, at=NOW), after=RECORDS
    )

    assert said == "feito"
    assert [type(item) for item in sent] == [Outcome, Outcome]
    assert [item.motivo for item in sent] == ["", ""]


def test_an_item_that_the_database_undid_says_so_and_stops_no_other(
    cast: Cast,
    ap: Callable[..., Atendimento],
    rules: None,
    letters_in_tmp: None,
) -> None:
    one, two = (issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW) for _ in range(2))
    lote = cip_lots.ask_sending(cips=[one, two], rastreios={}, meio="ar", by=cast.bruno, at=NOW)

    held, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                CIP.objects.select_for_update().get(pk=one.pk)
                held.set()
                done.wait(PATIENCE)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        pool.submit(hold)
        assert held.wait(PATIENCE)
        cursor.execute("SET lock_timeout = '200ms'")
        try:
            assert cip_lots.run_lots(at_clock=lambda: NOW) == 2
        finally:
            done.set()
            cursor.execute("RESET lock_timeout")
    assert [item.recusa[:49] for item in lote.itens.order_by("ordem")] == [
        "Outra gravação mexeu nos mesmos registros no mesm",
        "",
    ]
    assert list(CIP.objects.order_by("pk").values_list("status", flat=True)) == ["emitida", "enviada"]
