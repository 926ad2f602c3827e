"""Whom a merge made one person is in one place: reservations follow the pointer, and an overlap refuses the merge."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection

from accounts.models import Atribuicao, Papel, User
from cases.models import Atendimento, Reclamado
from hearings.models import Audiencia, Reserva
from hearings.selfcheck import wrong_reservations
from hearings.services import cancel, free_slots, reschedule
from parties.models import Consumidor, FusaoDeConsumidores
from parties.services import merge_consumers, undo_merge
from tests.conftest import NOW, make_cast
from tests.hearings.conftest import DAY, Stage, make_case, make_stage, moment
from tests.meeting import meet
from workflow.errors import ActNotAllowed


@pytest.fixture
def iara(stage: Stage) -> User:
    """An auditor of the centre."""
    user = User.objects.create_user("iara", nome="Iara Auditora")
    Atribuicao.objects.create(user=user, unidade=stage.cast.unidade, papel=Papel.AUDITOR)
    return user


@pytest.fixture
def twin(stage: Stage) -> Consumidor:
    """Ana once more, with a case of her own."""
    return Consumidor.objects.create(nome="Ana S. Souza")


def of_twin(stage: Stage, twin: Consumidor, clock: str) -> Audiencia:
    """A hearing of the twin's case, in the other room, with Caio."""
    case = make_case(stage.cast, 2, consumidor=twin)
    party = Reclamado.objects.create(atendimento=case, fornecedor=stage.cast.loja)
    return stage.schedule(clock, atendimento=case, reclamados=[party], sala=stage.outra_sala, conciliador=stage.caio)


def merge(stage: Stage, iara: User, twin: Consumidor) -> FusaoDeConsumidores:
    return merge_consumers(survivor=stage.cast.ana, others=[twin], motivo="É a mesma.", by=iara, at=NOW)


#: Statements at which one of two stops until the other waits for it: the pointers are written; the reservations are
#: written; the case is read, and nothing reserved yet.
MERGED = 'UPDATE "parties_consumidor"'
BOOKED = "\nWITH asked AS"
READ = "\nSELECT c.id, c.protocolo"


def consumers_of(audiencia: Audiencia) -> list[str]:
    return list(audiencia.reservas.filter(recurso__startswith="consumidor:").values_list("recurso", flat=True))


def test_hearings_to_come_hold_the_survivors_time_and_come_back(stage: Stage, iara: User, twin: Consumidor) -> None:
    later = of_twin(stage, twin, "14:00")

    fusao = merge(stage, iara, twin)

    assert consumers_of(later) == [f"consumidor:{stage.cast.ana.pk}"]
    assert list(wrong_reservations()) == []
    undo_merge(fusao=fusao, motivo="Não é.", by=iara, at=NOW)
    assert consumers_of(later) == [f"consumidor:{twin.pk}"]
    assert list(wrong_reservations()) == []


def test_the_survivor_is_not_booked_while_the_merged_one_is(stage: Stage, iara: User, twin: Consumidor) -> None:
    of_twin(stage, twin, "10:00")
    merge(stage, iara, twin)

    with pytest.raises(ActNotAllowed, match="o consumidor já tem outra audiência"):
        stage.schedule("10:00")
    stage.caso.refresh_from_db()
    free = free_slots(unidade=stage.cast.unidade, start=DAY, days=1, consumidor=stage.caso.consumidor)
    assert moment("10:00") not in [slot.inicio for slot in free]


def test_a_case_of_the_merged_one_is_booked_in_the_survivors_time(stage: Stage, iara: User, twin: Consumidor) -> None:
    stage.schedule("10:00")
    case = make_case(stage.cast, 3, consumidor=twin)
    merge(stage, iara, twin)

    with pytest.raises(ActNotAllowed, match="o consumidor já tem outra audiência"):
        of_twin(stage, twin, "10:00")
    party = Reclamado.objects.create(atendimento=case, fornecedor=stage.cast.loja)
    booked = stage.schedule("15:00", atendimento=case, reclamados=[party])
    assert consumers_of(booked) == [f"consumidor:{stage.cast.ana.pk}"]


def test_any_path_reserves_for_the_survivor(stage: Stage, iara: User, twin: Consumidor) -> None:
    booked = of_twin(stage, twin, "10:00")
    merge(stage, iara, twin)

    booked.reservas.all().delete()
    Reserva.objects.create(audiencia=booked, recurso=f"consumidor:{twin.pk}", durante=(booked.inicio, booked.fim))
    assert consumers_of(booked) == [f"consumidor:{stage.cast.ana.pk}"]


def test_hearings_of_both_at_one_time_refuse_the_merge(stage: Stage, iara: User, twin: Consumidor) -> None:
    mine, other = stage.schedule("10:00"), of_twin(stage, twin, "10:15")

    with pytest.raises(ActNotAllowed) as refused:
        merge(stage, iara, twin)

    assert str(refused.value) == (
        f"Os dois cadastros têm audiência em 16/03/2026 às 10:15 (atendimentos {other.atendimento.protocolo} e "
        f"{mine.atendimento.protocolo}), e ninguém está em dois lugares. Redesigne ou cancele uma delas antes de "
        "fundir."
    )
    assert (FusaoDeConsumidores.objects.count(), consumers_of(other)) == (0, [f"consumidor:{twin.pk}"])
    twin.refresh_from_db()
    assert twin.fundido_em is None

    cancel(audiencia=other, motivo="Fusão.", by=stage.cast.bruno, at=NOW)
    assert merge(stage, iara, twin).sobrevivente == stage.cast.ana


def test_touching_hearings_do_not_refuse_the_merge(stage: Stage, iara: User, twin: Consumidor) -> None:
    stage.schedule("10:00")
    other = of_twin(stage, twin, "10:30")

    merge(stage, iara, twin)

    assert consumers_of(other) == [f"consumidor:{stage.cast.ana.pk}"]


def test_hearings_that_are_over_do_not_refuse_the_merge(stage: Stage, iara: User, twin: Consumidor) -> None:
    stage.schedule("10:00")
    over = of_twin(stage, twin, "10:00")
    Audiencia.objects.filter(pk=over.pk).update(status="realizada", resultado="acordo")

    merge(stage, iara, twin)

    assert consumers_of(over) == [f"consumidor:{twin.pk}"]


def test_a_hearing_of_the_merged_one_is_moved(stage: Stage, iara: User, twin: Consumidor) -> None:
    old = of_twin(stage, twin, "10:00")
    merge(stage, iara, twin)

    new = reschedule(
        audiencia=old, sala=old.sala, conciliador=old.conciliador, inicio=moment("11:00", date(2026, 3, 17)),
        motivo="A pedido.", by=stage.cast.bruno, at=NOW + timedelta(minutes=1),
    )  # fmt: skip

    assert (consumers_of(old), consumers_of(new)) == ([], [f"consumidor:{stage.cast.ana.pk}"])


# ---- at the same moment, on real connections ----


@dataclass
class Race:
    """Ana has a hearing at ten; her twin is to be booked and, at the same moment, the two to be merged."""

    stage: Stage
    iara: User
    twin: Consumidor
    case: Atendimento
    party: Reclamado

    def book(self, clock: str = "10:00") -> Audiencia:
        return self.stage.schedule(
            clock, atendimento=self.case, reclamados=[self.party], sala=self.stage.outra_sala,
            conciliador=self.stage.caio,
        )  # fmt: skip

    def merge(self) -> FusaoDeConsumidores:
        return merge(self.stage, self.iara, self.twin)


@pytest.fixture
def race(transactional_db: None) -> Race:
    """Everything written and committed, so that two connections see it."""
    stage = make_stage(make_cast())
    iara = User.objects.create_user("iara", nome="Iara Auditora")
    Atribuicao.objects.create(user=iara, unidade=stage.cast.unidade, papel=Papel.AUDITOR)
    stage.schedule("10:00")
    twin = Consumidor.objects.create(nome="Ana S. Souza")
    case = make_case(stage.cast, 2, consumidor=twin)
    return Race(stage, iara, twin, case, Reclamado.objects.create(atendimento=case, fornecedor=stage.cast.loja))


def merged_into(twin: Consumidor) -> Consumidor | None:
    return Consumidor.objects.get(pk=twin.pk).fundido_em


def test_who_is_booked_while_a_merge_is_written_is_refused(race: Race) -> None:
    merged, refused = meet(race.merge, race.book, after=MERGED)

    assert isinstance(merged, FusaoDeConsumidores)
    assert isinstance(refused, ActNotAllowed)
    assert "o consumidor já tem outra audiência" in refused.message
    assert (merged_into(race.twin), race.case.audiencias.count()) == (race.stage.cast.ana, 0)
    assert list(wrong_reservations()) == []


def test_a_merge_while_the_booking_is_written_is_refused(race: Race) -> None:
    booked, refused = meet(race.book, race.merge, after=BOOKED)

    assert isinstance(booked, Audiencia)
    assert isinstance(refused, ActNotAllowed)
    assert refused.message.startswith("Os dois cadastros têm audiência em 16/03/2026 às 10:00")
    assert (merged_into(race.twin), consumers_of(booked)) == (None, [f"consumidor:{race.twin.pk}"])
    assert list(wrong_reservations()) == []


@pytest.mark.parametrize("after", [MERGED, BOOKED, READ])
def test_at_another_hour_both_are_done_and_the_survivor_is_booked(race: Race, after: str) -> None:
    acts = [race.merge, partial(race.book, "14:00")]
    done = meet(*(acts if after == MERGED else acts[::-1]), after=after)

    assert {type(outcome) for outcome in done} == {FusaoDeConsumidores, Audiencia}
    assert merged_into(race.twin) == race.stage.cast.ana
    assert consumers_of(race.case.audiencias.get()) == [f"consumidor:{race.stage.cast.ana.pk}"]
    assert list(wrong_reservations()) == []


@pytest.mark.parametrize("clock", ["10:00", "14:00"])
def test_who_is_booked_while_a_merge_is_undone_holds_their_own_time(race: Race, clock: str) -> None:
    fusao = race.merge()
    undo = partial(undo_merge, fusao=fusao, motivo="Não é.", by=race.iara, at=NOW)

    done = meet(undo, partial(race.book, clock), after=MERGED)

    assert [type(outcome) for outcome in done] == [FusaoDeConsumidores, Audiencia]
    assert merged_into(race.twin) is None
    assert consumers_of(race.case.audiencias.get()) == [f"consumidor:{race.twin.pk}"]
    assert list(wrong_reservations()) == []


def test_a_merge_between_reading_the_case_and_booking_it_is_noticed(race: Race) -> None:
    refused, merged = meet(race.book, race.merge, after=READ)

    assert isinstance(merged, FusaoDeConsumidores)
    assert isinstance(refused, ActNotAllowed)
    assert (merged_into(race.twin), race.case.audiencias.count()) == (race.stage.cast.ana, 0)
    assert list(wrong_reservations()) == []


@pytest.mark.django_db(transaction=True)
def test_booking_and_merging_at_the_same_moment_leave_nobody_in_two_places() -> None:
    """Ana has a hearing at ten; her twin is booked at ten while the two are merged: one of the two is refused."""
    stage = make_stage(make_cast())
    user = User.objects.create_user("iara", nome="Iara Auditora")
    Atribuicao.objects.create(user=user, unidade=stage.cast.unidade, papel=Papel.AUDITOR)
    stage.schedule("10:00")
    twins = [Consumidor.objects.create(nome=f"Ana {number}") for number in range(4)]
    cases = [make_case(stage.cast, 10 + number, consumidor=twin) for number, twin in enumerate(twins)]
    parties = [Reclamado.objects.create(atendimento=case, fornecedor=stage.cast.loja) for case in cases]
    start = threading.Barrier(2)

    def race(act: Callable[[], object]) -> bool:
        start.wait(60)
        try:
            act()
        except ActNotAllowed:
            return False
        finally:
            connection.close()
        return True

    for twin, case, party in zip(twins, cases, parties, strict=True):
        with ThreadPoolExecutor(2) as pool:
            booked = pool.submit(
                race,
                partial(
                    stage.schedule, "10:00", atendimento=case, reclamados=[party], sala=stage.outra_sala,
                    conciliador=stage.caio,
                ),
            )  # fmt: skip
            merged = pool.submit(race, partial(merge, stage, user, twin))
        assert (booked.result(), merged.result()) in {(True, False), (False, True)}
        assert list(wrong_reservations()) == []
        Audiencia.objects.filter(atendimento=case).update(status="cancelada")
        Reserva.objects.filter(audiencia__atendimento=case).delete()
