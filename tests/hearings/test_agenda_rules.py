"""The unidade's rules, weekly windows and absences: what is offered, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from hearings.models import Ausencia, Disponibilidade, Reserva
from hearings.selfcheck import wrong_reservations
from hearings.services import (
    Wish,
    block,
    close_window,
    free_slots,
    hold,
    open_window,
    record_absence,
    set_agenda_rules,
    unblock,
)
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from workflow.errors import ActNotAllowed, ContentRefused

TUESDAY = date(2026, 3, 17)


def _starts(stage: Stage, day: date = DAY, **asked: Any) -> list[str]:
    return [f"{slot.inicio:%H:%M}" for slot in free_slots(unidade=stage.cast.unidade, start=day, days=1, **asked)]


def _rules(stage: Stage, **changes: int) -> None:
    values = {"duracao": 30, "intervalo": 0, "tolerancia": 15, "prioritarias": 0, **changes}
    set_agenda_rules(unidade=stage.cast.unidade, by=stage.cast.dora, **values)
    stage.cast.unidade.refresh_from_db()


def test_the_unidade_sets_length_and_pause(stage: Stage) -> None:
    _rules(stage, duracao=50, intervalo=10)

    assert _starts(stage) == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
    assert stage.schedule("10:00").fim == moment("10:50")


def test_the_first_times_are_kept_for_whom_the_law_puts_first(stage: Stage) -> None:
    _rules(stage, prioritarias=2)

    assert _starts(stage, limit=1) == ["10:00"]
    assert _starts(stage, limit=1, prioridade=1) == ["09:00"]


def test_the_unidade_s_tolerance_is_waited_for(stage: Stage) -> None:
    _rules(stage, tolerancia=20)
    hearing = stage.schedule("10:00")

    with pytest.raises(ActNotAllowed, match=r"tolerância de 20 minutos. Registre a ausência a partir de .* 10:20"):
        record_absence(audiencia=hearing, resultado="ausentes_ambos", by=stage.cast.carla, at=moment("10:19"))
    with pytest.raises(ContentRefused, match="Falta a presença"):
        hold(audiencia=hearing, resultado="acordo", presencas=[], by=stage.cast.carla, at=moment("09:40"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"duracao": 4}, "A duração fica entre 5 e 240 minutos."),
        ({"intervalo": 121}, "O intervalo vai até 120 minutos."),
        ({"tolerancia": 31}, "A tolerância não passa da duração da audiência."),
    ],
)
def test_rules_without_sense_are_refused(stage: Stage, changes: dict[str, int], message: str) -> None:
    with pytest.raises(ActNotAllowed, match=message):
        _rules(stage, **changes)


def test_a_clerk_does_not_set_the_agenda(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="Coordenador"):
        set_agenda_rules(
            unidade=stage.cast.unidade, duracao=30, intervalo=0, tolerancia=15, prioritarias=0, by=stage.cast.bruno
        )


def _window(stage: Stage, **changes: Any) -> Disponibilidade:
    values = {
        "unidade": stage.cast.unidade,
        "conciliador": stage.cast.carla,
        "dia_da_semana": Disponibilidade.Dia.SEGUNDA,
        "das": time(14),
        "ate": time(15),
        "vigente_de": date(2026, 3, 1),
        "by": stage.cast.dora,
        **changes,
    }
    return open_window(**values)


def test_who_has_windows_is_offered_only_inside_them(stage: Stage) -> None:
    stage.caio.atribuicoes.all().delete()
    _window(stage)

    assert _starts(stage) == ["14:00", "14:30"]
    assert _starts(stage, TUESDAY) == []


def test_a_window_that_ended_counts_no_more(stage: Stage) -> None:
    stage.caio.atribuicoes.all().delete()
    window = _window(stage)
    close_window(disponibilidade=window, on=DAY, by=stage.cast.dora)

    assert len(_starts(stage)) == 16
    window.refresh_from_db()
    assert window.vigente_ate == date(2026, 3, 15)


def test_a_window_that_never_began_is_taken_away(stage: Stage) -> None:
    close_window(disponibilidade=_window(stage, vigente_de=DAY), on=DAY, by=stage.cast.dora)

    assert Disponibilidade.objects.count() == 0


def test_a_date_outside_the_windows_is_refused_and_they_are_named(stage: Stage) -> None:
    _window(stage, conciliador=None, sala=stage.sala)

    with pytest.raises(ContentRefused, match="Sala 1 só atende em: Segunda-feira das 14:00 às 15:00"):
        stage.schedule("10:00")
    assert stage.schedule("14:00").inicio == moment("14:00")


def test_the_parties_wishes(stage: Stage) -> None:
    afternoon = Wish(dias=frozenset({0, 1}), das=time(13, 30), ate=time(14, 30))

    assert _starts(stage, wish=afternoon) == ["13:30", "14:00"]
    assert _starts(stage, date(2026, 3, 18), wish=afternoon) == []


def _away(stage: Stage, **changes: Any) -> Ausencia:
    values = {
        "unidade": stage.cast.unidade,
        "conciliador": stage.cast.carla,
        "inicio": moment("09:00"),
        "fim": moment("12:00"),
        "motivo": "Curso",
        "by": stage.cast.dora,
        "at": NOW,
        **changes,
    }
    return block(**values)


def test_who_is_away_is_neither_offered_nor_booked(stage: Stage) -> None:
    stage.caio.atribuicoes.all().delete()
    _away(stage)

    assert _starts(stage, limit=1) == ["12:00"]
    with pytest.raises(ActNotAllowed, match=r"Carla Conciliadora não está disponível \(Curso\).*Próximos horários"):
        stage.schedule("10:00")
    assert stage.schedule("12:00").status == "agendada"


def test_a_room_is_closed(stage: Stage) -> None:
    _away(stage, conciliador=None, sala=stage.sala, motivo="Pintura")

    with pytest.raises(ActNotAllowed, match=r"Sala 1 não está disponível \(Pintura\)"):
        stage.schedule("10:00")


def test_nobody_is_away_while_booked(stage: Stage) -> None:
    stage.schedule("10:00")

    with pytest.raises(ActNotAllowed, match=r"Há audiências marcadas nesse período: 16/03/2026 às 10:00 \("):
        _away(stage)
    assert Ausencia.objects.count() == 0


def test_nobody_is_away_twice(stage: Stage) -> None:
    _away(stage)

    with pytest.raises(ActNotAllowed, match="Já há uma ausência registrada nesse período"):
        _away(stage, inicio=moment("11:00"), fim=moment("13:00"))


def test_an_absence_is_undone_and_stays_on_record(stage: Stage) -> None:
    away = _away(stage)
    unblock(ausencia=away, by=stage.cast.dora, at=NOW)

    assert stage.schedule("10:00").status == "agendada"
    assert Reserva.objects.filter(ausencia__isnull=False).count() == 0
    away.refresh_from_db()
    assert (away.desfeita_por, away.desfeita_em) == (stage.cast.dora, NOW)
    with pytest.raises(ActNotAllowed, match="já foi desfeita"):
        unblock(ausencia=away, by=stage.cast.dora, at=NOW)


def test_a_conciliator_blocks_their_own_time_only(stage: Stage) -> None:
    assert _away(stage, by=stage.cast.carla).registrada_por == stage.cast.carla
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        _away(stage, by=stage.cast.carla, conciliador=stage.caio)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"motivo": " "}, "Escreva o motivo"),
        ({"fim": moment("09:00")}, "O fim vem depois do início"),
        ({"conciliador": None}, "Escolha uma sala ou um conciliador"),
    ],
)
def test_absences_without_sense_are_refused(stage: Stage, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ContentRefused, match=message):
        _away(stage, **changes)


def test_who_is_no_conciliator_has_no_agenda(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="não é conciliador nesta unidade"):
        _away(stage, conciliador=stage.cast.bruno)


def test_the_self_check_is_content_with_absences(stage: Stage, another_case: Callable[..., Any]) -> None:
    _away(stage)

    assert list(wrong_reservations()) == []


def test_a_full_week_is_passed_over(stage: Stage) -> None:
    for day in (16, 17, 18, 19, 20):
        for room in (stage.sala, stage.outra_sala):
            _away(
                stage,
                conciliador=None,
                sala=room,
                inicio=moment("08:00", date(2026, 3, day)),
                fim=moment("18:00", date(2026, 3, day)),
            )
    found = free_slots(unidade=stage.cast.unidade, start=DAY, days=60, limit=2)

    # Monday 23 March
    assert [slot.inicio for slot in found] == [moment("09:00", date(2026, 3, 23)), moment("09:30", date(2026, 3, 23))]
