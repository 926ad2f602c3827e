"""The manager's figures equal a count by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from hearings.models import Audiencia, Presenca
from hearings.services import cancel, hold, record_absence, reschedule
from hearings.services.figures import Figures, Load, figures
from notifications.models import Mensagem
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment, told


@pytest.fixture
def month(stage: Stage, another_case: Callable[..., Any]) -> Stage:
    """Dates in March: held with agreement, held without, missed, moved to another date, called off, to come; and one
    held in April.
    """

    def book(number: int, clock: str, day: date = DAY, **changes: Any) -> Audiencia:
        case, shop = another_case(number)
        return stage.schedule(atendimento=case, reclamados=[shop], inicio=moment(clock, day), **changes)

    def held(hearing: Audiencia, resultado: str) -> None:
        came = [Presenca(qualidade="preposto", nome="Q", chegou_em=hearing.inicio, reclamado=hearing.reclamados.get())]
        if hearing.atendimento.consumidor_id:
            came.append(Presenca(qualidade="consumidor", nome="P", chegou_em=hearing.inicio))
        hold(audiencia=hearing, resultado=resultado, presencas=came, by=stage.cast.carla, at=hearing.fim)

    held(stage.schedule("09:00"), "acordo_parcial")
    held(book(11, "10:00"), "sem_acordo")
    held(book(12, "10:00", date(2026, 4, 1)), "acordo")
    missed = book(13, "11:00", conciliador=stage.caio)
    record_absence(audiencia=missed, resultado="ausente_fornecedor", by=stage.cast.carla, at=missed.fim)
    moved = reschedule(
        audiencia=book(14, "12:00"), sala=stage.sala, conciliador=stage.caio, inicio=moment("12:00", date(2026, 3, 24)),
        motivo="Pedido.", by=stage.cast.bruno, at=NOW + timedelta(days=1),
    )  # fmt: skip
    told(moved, by=stage.cast.bruno, at=NOW + timedelta(days=1))
    cancel(audiencia=book(15, "13:00"), motivo="Resolvido.", by=stage.cast.bruno, at=NOW)
    book(16, "14:00", date(2026, 3, 31))
    return stage


def counted(stage: Stage) -> Figures:
    return figures(unidades=[stage.cast.unidade.pk], de=date(2026, 3, 1), ate=date(2026, 3, 31))


def test_dates_of_the_month_are_counted_by_state_and_result(month: Stage) -> None:
    found = counted(month)

    assert dict(found.por_status) == {
        "realizada": 2, "nao_realizada": 1, "redesignada": 1, "cancelada": 1, "agendada": 2,
    }  # fmt: skip
    assert dict(found.por_resultado) == {"acordo_parcial": 1, "sem_acordo": 1, "ausente_fornecedor": 1}
    assert (found.marcadas, found.realizadas, found.por_fazer) == (7, 2, 2)


def test_shares_say_what_is_divided_by_what(month: Stage) -> None:
    first = Mensagem.objects.filter(tipo="aviso_audiencia").exclude(endereco="").order_by("pk")[0]
    Mensagem.objects.filter(pk=first.pk).update(situacao="falhou")
    shares = {share.nome: (share.numerador, share.denominador, share.percentual) for share in counted(month).indices}

    assert shares["Realização"] == (2, 7, "28,6 %")
    assert shares["Acordo"] == (1, 2, "50,0 %")
    assert shares["Ausência"] == (1, 3, "33,3 %")
    # the consumer and the shop: 8; six times the shop alone, of which one was called off and says so: 6 × 4 + 1
    assert shares["Falha de aviso"] == (1, 33, "3,0 %")


def test_the_wait_runs_from_the_first_date_s_booking(month: Stage) -> None:
    # booked on Wednesday 4 March at 10:00; dates on the 16th at 9, 10, 11, the moved one on the 24th at 12, 31st at 14
    found = counted(month)

    assert found.esperaram == 5
    assert found.espera_mediana == pytest.approx(12 + 1 / 24)
    assert found.espera_p95 == pytest.approx(20 + 2 / 24 + 0.8 * (7 + 2 / 24))


def test_the_load_of_each_conciliator(month: Stage) -> None:
    assert counted(month).cargas == [
        Load("Carla Conciliadora", 3, 2, 1, 1.5),
        Load("Caio Conciliador", 2, 0, 0, 1.0),
    ]


def test_messages_without_an_address_are_counted_apart(stage: Stage) -> None:
    stage.schedule(reclamados=[stage.banco])
    found = counted(stage)

    # the consumer: a notice and three reminders; the bank has no address
    assert (dict(found.mensagens), found.sem_endereco) == ({"pendente": 4, "pulada": 1}, 1)


def test_an_empty_period(stage: Stage) -> None:
    found = counted(stage)

    assert (found.marcadas, found.esperaram, found.espera_mediana, found.cargas) == (0, 0, None, [])
    assert {share.percentual for share in found.indices} == {"–"}


@pytest.mark.parametrize("many", [1, 3])
def test_cost_in_queries(
    stage: Stage, another_case: Callable[..., Any], many: int, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        case, shop = another_case(20 + number)
        stage.schedule(f"{10 + number}:00", atendimento=case, reclamados=[shop])
    with django_assert_num_queries(4):
        counted(stage)


def test_the_page_and_its_csv(month: Stage) -> None:
    with time_machine.travel(NOW, tick=False):
        dora = logged_in(month.cast.dora)
        page = dora.get("/audiencias/gestao/").content.decode()
        assert "Marcadas: 7; realizadas: 2; por fazer: 2" in page
        assert "com acordo, total ou parcial ÷ realizadas" in page
        answer = dora.get("/audiencias/gestao/?de=2026-03-01&ate=2026-03-31&formato=csv")
        lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert "índice;Acordo;50,0 %;1;2;com acordo, total ou parcial ÷ realizadas" in lines
    assert "espera em dias;mediana;12.0;;5;" in lines
    assert "carga: marcadas;Carla Conciliadora;3;;;" in lines


def test_another_period(month: Stage) -> None:
    def page(query: str) -> str:
        return dora.get(f"/audiencias/gestao/?{query}").content.decode()

    with time_machine.travel(NOW, tick=False):
        dora = logged_in(month.cast.dora)
        assert "Marcadas: 1; realizadas: 1" in page("de=2026-04-01&ate=2026-04-30")
        assert "Nenhuma audiência" in page("de=2026-05-01&ate=2026-05-31")
        assert "O período termina antes de começar." in page("de=2026-05-01&ate=2026-04-01")


@pytest.mark.parametrize("who", ["bruno", "carla", "eva"])
def test_only_whoever_manages_reads_them(stage: Stage, who: str) -> None:
    assert logged_in(getattr(stage.cast, who)).get("/audiencias/gestao/").status_code == 404
