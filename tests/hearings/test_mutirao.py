"""A mutirão: what goes where, who finds no place and why, all or none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.models import Atendimento
from hearings.models import Audiencia, Reserva
from hearings.selfcheck import wrong_reservations
from hearings.services import (
    block,
    book_batch,
    cancel,
    note_impediment,
    plan_batch,
    ready_cases,
    set_agenda_rules,
    suppliers_with,
)
from notifications.models import Mensagem
from parties.models import Fornecedor, GrupoEconomico
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from tests.hearings.mutirao import FRIDAY, book, cases_of, plan, told, wanted
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento


def test_hearings_follow_each_other_in_the_order_of_the_law(stage: Stage) -> None:
    cases = cases_of(stage, 3)
    Atendimento.objects.filter(pk=cases[2].pk).update(prioridade=0)

    assert told(plan(stage, cases)) == [
        "102 16 09:00 Sala 1 Carla Conciliadora",
        "100 16 09:30 Sala 1 Carla Conciliadora",
        "101 16 10:00 Sala 1 Carla Conciliadora",
    ]
    assert Audiencia.objects.count() == 0


def test_two_rooms_run_side_by_side_and_a_pair_stays_together(stage: Stage) -> None:
    cases = cases_of(stage, 4)
    made = plan(stage, cases, salas=[stage.sala, stage.outra_sala], conciliadores=[stage.cast.carla, stage.caio])

    assert told(made) == [
        "100 16 09:00 Sala 1 Carla Conciliadora",
        "101 16 09:00 Sala 2 Caio Conciliador",
        "102 16 09:30 Sala 1 Carla Conciliadora",
        "103 16 09:30 Sala 2 Caio Conciliador",
    ]


def test_ninety_hearings_over_a_month(stage: Stage) -> None:
    made = plan(stage, cases_of(stage, 90), ate=date(2026, 4, 15), das=moment("13:00").time())

    # 8 an afternoon, from Monday 16 March; the twelfth afternoon is Tuesday 31
    assert (len(made.placed), made.left) == (90, [])
    assert made.placed[-1].inicio == moment("13:30", date(2026, 3, 31))
    assert {one.inicio.hour >= 13 for one in made.placed} == {True}
    assert len(book(stage, made)) == 90
    assert (Reserva.objects.count(), list(wrong_reservations())) == (270, [])


def test_what_is_taken_is_left_out(stage: Stage) -> None:
    stage.schedule("09:00")
    block(
        unidade=stage.cast.unidade, conciliador=stage.cast.carla, inicio=moment("09:30"), fim=moment("11:00"),
        motivo="Curso", by=stage.cast.dora, at=NOW,
    )  # fmt: skip

    assert told(plan(stage, cases_of(stage, 1))) == ["100 16 11:00 Sala 1 Carla Conciliadora"]


def test_who_cannot_come_then_comes_later_and_another_takes_the_time(stage: Stage) -> None:
    cases = cases_of(stage, 2)
    note_impediment(atendimento=cases[0], ate_as=moment("12:00").time(), by=stage.cast.bruno, at=NOW)

    assert told(plan(stage, cases)) == [
        "101 16 09:00 Sala 1 Carla Conciliadora",
        "100 16 12:00 Sala 1 Carla Conciliadora",
    ]


def test_one_consumer_is_not_in_two_places(stage: Stage) -> None:
    cases = cases_of(stage, 2, consumidor=stage.cast.ana)
    made = plan(stage, cases, salas=[stage.sala, stage.outra_sala], conciliadores=[stage.cast.carla, stage.caio])

    assert [f"{one.inicio:%H:%M}" for one in made.placed] == ["09:00", "09:30"]
    assert len(book(stage, made)) == 2


def test_who_finds_no_place_is_told_why(stage: Stage) -> None:
    cases = cases_of(stage, 4)
    note_impediment(atendimento=cases[1], de=DAY, ate=FRIDAY, by=stage.cast.bruno, at=NOW)
    Atendimento.objects.filter(pk=cases[2].pk).update(status="aberto")
    shop = cases[3].reclamados.get()
    stage.schedule("16:00", atendimento=cases[3], reclamados=[shop])
    more = [*cases, stage.caso]
    made = plan(stage, more, das=moment("09:00").time(), ate_as=moment("09:30").time(), ate=DAY)

    assert told(made) == ["001 16 09:00 Sala 1 Carla Conciliadora"]
    reasons = {case.protocolo[-3:]: reason for case, reason in made.left}
    assert reasons["100"] == "Os horários do período acabaram antes."
    assert reasons["101"].startswith("Nenhum horário do período serve")
    assert reasons["102"].startswith("Não se marca audiência em caso «Aberto»")
    assert reasons["103"] == "Já tem audiência marcada com este fornecedor."


def test_the_first_times_stay_with_those_whom_the_law_puts_first(stage: Stage) -> None:
    set_agenda_rules(
        unidade=stage.cast.unidade, duracao=30, intervalo=10, tolerancia=15, prioritarias=1, by=stage.cast.dora
    )
    stage.cast.unidade.refresh_from_db()
    cases = cases_of(stage, 2)

    assert told(plan(stage, cases))[0] == "100 16 09:40 Sala 1 Carla Conciliadora"
    Atendimento.objects.filter(pk=cases[1].pk).update(prioridade=1)
    assert [line[:12] for line in told(plan(stage, cases))] == ["101 16 09:00", "100 16 09:40"]


def test_the_minimum_lead_is_kept(stage: Stage) -> None:
    # notice on Wednesday 4 March: the first day is Saturday 14, so Monday 16
    made = plan(stage, cases_of(stage, 1), de=date(2026, 3, 5))

    assert [one.inicio for one in made.placed] == [moment("09:00")]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"casos": []}, "casos", "Marque de um a 300 casos"),
        ({"casos": range(301)}, "casos", "Marque de um a 300 casos"),
        ({"salas": []}, "salas", "ao menos uma sala"),
        ({"modalidade": "virtual"}, "salas", "Sem link, e a modalidade precisa de um: Sala 1"),
        ({"conciliadores": []}, "conciliadores", "ao menos um conciliador"),
        ({"de": FRIDAY, "ate": DAY}, "ate", "termina antes de começar"),
        ({"de": date(2026, 3, 5), "ate": date(2026, 3, 13)}, "ate", "a primeira data possível é 14/03/2026"),
        ({"ate": date(2026, 7, 1)}, "ate", "até 92 dias"),
        ({"duracao": 4}, "duracao", "entre 5 e 240"),
    ],
)
def test_refuses_a_plan_that_cannot_be(stage: Stage, changes: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence) as refusal:
        plan(stage, [stage.caso], **changes)
    assert list(refusal.value.errors) == [field]


def test_refuses_who_does_not_book(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="marcar mutirão"):
        plan_batch(wanted=wanted(stage, [stage.caso]), by=stage.cast.edu, at=NOW)


def test_each_hearing_is_written_as_a_single_one(stage: Stage) -> None:
    cases = cases_of(stage, 2)
    alone = stage.schedule("16:00")
    made = book(stage, plan(stage, cases))

    def facts(hearing: Audiencia) -> tuple[int, ...]:
        told = Mensagem.objects.filter(referencia=hearing.referencia)
        letters = hearing.atendimento.historico.documentos.filter(dados__dados__audiencia__id=hearing.pk)
        events = Evento.objects.filter(objeto="hearings.audiencia", objeto_id=hearing.pk, ato="AGENDAR")
        return told.count(), letters.count(), events.count(), hearing.reservas.count(), hearing.reclamados.count()

    assert [facts(one) for one in [alone, *made]] == [(8, 2, 1, 3, 1)] * 3
    assert list(wrong_reservations()) == []


def test_all_or_none_when_a_time_was_taken_meanwhile(stage: Stage) -> None:
    cases = cases_of(stage, 3)
    made = plan(stage, cases)
    stage.schedule("09:30")
    before = (Audiencia.objects.count(), Mensagem.objects.count(), Reserva.objects.count())

    with pytest.raises(ActNotAllowed) as refusal:
        book(stage, made)
    assert refusal.value.message.startswith("Nada foi marcado: alguém ocupou horários desta prévia.")
    assert (
        "35.001.001.26-0000101, 16/03/2026 às 09:30: a sala Sala 1 está ocupada nesse horário "
        "(caso 35.001.001.26-0000001, das 09:30 às 10:00)." in refusal.value.message
    )
    assert (Audiencia.objects.count(), Mensagem.objects.count(), Reserva.objects.count()) == before
    assert [line[:12] for line in told(plan(stage, cases))] == ["100 16 09:00", "101 16 10:00", "102 16 10:30"]


def test_none_when_a_case_changed_meanwhile(stage: Stage) -> None:
    cases = cases_of(stage, 2)
    made = plan(stage, cases)
    Atendimento.objects.filter(pk=cases[1].pk).update(status="aberto")

    with pytest.raises(ActNotAllowed, match=r"Nada foi marcado. 35.001.001.26-0000101: Não se marca audiência"):
        book(stage, made)
    assert Audiencia.objects.count() == 0


def test_the_same_plan_is_not_booked_twice(stage: Stage) -> None:
    made = plan(stage, cases_of(stage, 1))
    book(stage, made)

    with pytest.raises(ActNotAllowed, match="Já tem audiência marcada com este fornecedor"):
        book(stage, made)


def test_the_supplier_its_root_and_its_group(stage: Stage) -> None:
    group = GrupoEconomico.objects.create(nome="Grupo Modelo")
    shop = stage.cast.loja
    branch = Fornecedor.objects.create(razao_social="Loja Modelo Filial", cnpj="12ABC345000288")
    Fornecedor.objects.filter(pk__in=[shop.pk, stage.cast.banco.pk]).update(grupo=group)
    shop.refresh_from_db()

    assert suppliers_with(shop, "so") == {shop.pk}
    assert suppliers_with(shop, "radical") == {shop.pk, branch.pk}
    assert suppliers_with(shop, "grupo") == {shop.pk, stage.cast.banco.pk}


def test_cases_that_are_ready(stage: Stage) -> None:
    hearing = stage.schedule()
    cases = cases_of(stage, 2)
    Atendimento.objects.filter(pk=cases[0].pk).update(status="aberto")

    assert list(ready_cases(stage.cast.unidade, {stage.cast.loja.pk})) == [cases[1]]
    cancel(audiencia=hearing, motivo="Não vem.", by=stage.cast.bruno, at=NOW)
    assert list(ready_cases(stage.cast.unidade, {stage.cast.loja.pk})) == [stage.caso, cases[1]]


@pytest.mark.parametrize("many", [1, 3])
def test_cost_in_queries(stage: Stage, many: int, django_assert_num_queries: Any) -> None:
    cases = cases_of(stage, many)
    with django_assert_num_queries(13):
        made = plan(stage, cases)
    with django_assert_num_queries(9):
        book_batch(placements=made.placed, modalidade="presencial", by=stage.cast.bruno, at=NOW)
