"""Whatever is done in whatever order: nobody is in two places, and every hearing holds exactly what its state says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from deadlines.models import Feriado
from hearings.models import Audiencia, Ausencia, Presenca, Reserva
from hearings.queries import PENDING
from hearings.selfcheck import wrong_reservations
from hearings.services import (
    Wanted,
    block,
    book_batch,
    cancel,
    hold,
    plan_batch,
    record_absence,
    reschedule,
    schedule,
    unblock,
)
from tests.conftest import NOW, make_cast
from tests.hearings.conftest import DAY, make_case, make_stage, moment
from workflow.errors import Refusal

#: Monday and Tuesday, the last day of March and the first of April.
DAYS = [DAY, DAY + timedelta(days=1), date(2026, 3, 31), date(2026, 4, 1)]
CLOCKS = ["09:00", "09:15", "09:30", "10:00", "16:30"]
OVERLAPS = """
SELECT count(*) FROM hearings_reserva a JOIN hearings_reserva b
    ON a.recurso = b.recurso AND a.id < b.id AND a.durante && b.durante
"""
days, clocks, either = st.sampled_from(DAYS), st.sampled_from(CLOCKS), st.integers(0, 1)


class Agenda(RuleBasedStateMachine):
    """Two rooms, two conciliators, four cases of two consumers; everything that moves a hearing or a person."""

    hearings: Bundle[int] = Bundle("hearings")
    absences: Bundle[int] = Bundle("absences")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.stage = make_stage(make_cast())
        cast = self.stage.cast
        self.rooms, self.people = [self.stage.sala, self.stage.outra_sala], [cast.carla, self.stage.caio]
        others = [make_case(cast, 10 + number, consumidor=cast.ana if number else None) for number in range(3)]
        self.cases = [self.stage.caso, *others]
        for case in others:
            case.reclamados.create(fornecedor=cast.loja)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(target=hearings, case=st.integers(0, 3), room=either, person=either, day=days, clock=clocks)
    def book(self, case: int, room: int, person: int, day: date, clock: str) -> Any:
        return self.made(lambda: schedule(**self.proposal(case, room, person, moment(clock, day))))

    @rule(target=hearings, old=consumes(hearings), room=either, person=either, day=days, clock=clocks)
    def move(self, old: int, room: int, person: int, day: date, clock: str) -> Any:
        new = self.made(
            lambda: reschedule(
                audiencia=Audiencia.objects.get(pk=old),
                sala=self.rooms[room],
                conciliador=self.people[person],
                inicio=moment(clock, day),
                motivo="Pedido.",
                by=self.stage.cast.bruno,
                at=NOW,
            )
        )
        return new if isinstance(new, int) else old

    @rule(old=consumes(hearings))
    def call_off(self, old: int) -> None:
        with refused():
            cancel(audiencia=Audiencia.objects.get(pk=old), motivo="Resolvido.", by=self.stage.cast.bruno, at=NOW)

    @rule(old=consumes(hearings), came=st.booleans())
    def take_place(self, old: int, came: bool) -> None:
        one = Audiencia.objects.get(pk=old)
        who = {"audiencia": one, "by": self.stage.cast.carla, "at": one.inicio + timedelta(minutes=20)}
        if came:
            arrived = [
                Presenca(qualidade=kind, nome=kind, chegou_em=one.inicio, reclamado=party)
                for kind, party in (("consumidor", None), ("preposto", one.reclamados.first()))
            ]
            with refused():
                hold(resultado="acordo", presencas=arrived, **who)
        else:
            with refused():
                record_absence(resultado="ausentes_ambos", **who)

    @rule(target=absences, room=st.booleans(), which=either, day=days, clock=clocks, hours=st.integers(1, 30))
    def go_away(self, room: bool, which: int, day: date, clock: str, hours: int) -> Any:
        who = {"sala": self.rooms[which]} if room else {"conciliador": self.people[which]}
        return self.made(
            lambda: block(
                unidade=self.stage.cast.unidade,
                inicio=moment(clock, day),
                fim=moment(clock, day) + timedelta(hours=hours),
                motivo="Férias",
                by=self.stage.cast.dora,
                at=NOW,
                **who,
            )
        )

    @rule(away=consumes(absences))
    def come_back(self, away: int) -> None:
        with refused():
            unblock(ausencia=Ausencia.objects.get(pk=away), by=self.stage.cast.dora, at=NOW)

    @rule(day=days)
    def decree_a_holiday(self, day: date) -> None:
        Feriado.objects.get_or_create(
            data=day, defaults={"nome": "Luto oficial", "ambito": "municipal", "fonte": "D. 1"}
        )
        with pytest.raises(Refusal):
            schedule(**self.proposal(0, 0, 0, moment("11:00", day)))

    @rule(target=hearings, day=days)
    def book_together(self, day: date) -> Any:
        cast = self.stage.cast
        wanted = Wanted(
            unidade=cast.unidade,
            casos=[case.pk for case in self.cases],
            fornecedores={cast.loja.pk},
            salas=self.rooms,
            conciliadores=self.people,
            de=day,
            ate=day,
            duracao=30,
        )
        plan = plan_batch(wanted=wanted, by=cast.bruno, at=NOW)
        if not plan.placed:
            return multiple()
        made = book_batch(placements=plan.placed, modalidade="presencial", by=cast.bruno, at=NOW)
        return multiple(*(one.pk for one in made))

    @rule(room=either, day=days, clock=clocks)
    def write_past_the_services(self, room: int, day: date, clock: str) -> None:
        """A plain INSERT over a reservation is refused by the constraint; one that found room is taken back."""
        start, end = moment(clock, day), moment(clock, day) + timedelta(minutes=30)
        key = self.rooms[room].recurso
        taken = Reserva.objects.meeting(start, end).filter(recurso=key).exists()
        refusal = pytest.raises(IntegrityError, match="reserva_sem_sobreposicao") if taken else pytest.raises(Undo)
        with refusal, transaction.atomic():
            row = Audiencia.objects.create(
                atendimento=self.cases[0], sala=self.rooms[room], conciliador=self.people[0], inicio=start, fim=end,
                agendada_em=NOW,
            )  # fmt: skip
            Reserva.objects.create(audiencia=row, recurso=key, durante=(start, end))
            raise Undo

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(OVERLAPS)
            assert cursor.fetchone() == (0,)

    @invariant()
    def everything_is_held_that_should_be_and_nothing_else(self) -> None:
        expected: set[tuple[str, datetime, datetime]] = set()
        for one in Audiencia.objects.filter(status__in=[*PENDING, "realizada", "nao_realizada"]):
            keys = [f"sala:{one.sala_id}", f"conciliador:{one.conciliador_id}"]
            if one.atendimento.consumidor_id:
                keys.append(f"consumidor:{one.atendimento.consumidor_id}")
            expected |= {(key, one.inicio, one.fim) for key in keys}
        for away in Ausencia.objects.standing():
            expected.add((away.recurso, away.durante.lower, away.durante.upper))
        rows = [(row.recurso, row.durante.lower, row.durante.upper) for row in Reserva.objects.all()]
        assert (len(rows), set(rows)) == (len(expected), expected)
        assert list(wrong_reservations()) == []

    def proposal(self, case: int, room: int, person: int, start: datetime) -> dict[str, Any]:
        one = self.cases[case]
        return {
            "atendimento": one,
            "reclamados": list(one.reclamados.all())[:1],
            "sala": self.rooms[room],
            "conciliador": self.people[person],
            "inicio": start,
            "by": self.stage.cast.bruno,
            "at": NOW,
        }

    def made(self, act: Callable[[], Any]) -> Any:
        """The key of what was made; nothing where it was refused, which the invariants then look at."""
        with refused():
            return int(act().pk)
        return multiple()


class Undo(Exception):  # noqa: N818  it takes back what a rule wrote
    """Roll this savepoint back."""


def refused() -> AbstractContextManager[None]:
    """A refusal is an answer; anything else is an error."""
    return suppress(Refusal)


def test_whatever_happens_nobody_is_in_two_places(db: None) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Agenda,
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=checks,
            derandomize=True,
        ),
    )
