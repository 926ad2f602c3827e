"""A hearing's new date, and its cancellation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hearings.models import Audiencia
from hearings.services import cancel, cancel_of_closed_cases, reschedule
from notifications.models import Mensagem
from tests.conftest import NOW
from tests.hearings.booked import refusal_of, reminders, resources
from tests.hearings.conftest import Stage, moment, told
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

# ---- a new date ----


def move(stage: Stage, audiencia: Audiencia, clock: str = "14:00", **changes: Any) -> Audiencia:
    values: dict[str, Any] = {
        "sala": stage.sala,
        "conciliador": stage.cast.carla,
        "inicio": moment(clock),
        "motivo": "O preposto pediu.",
        "by": stage.cast.bruno,
        "at": NOW,
        **changes,
    }
    return told(reschedule(audiencia=audiencia, **values), by=values["by"], at=values["at"])


def test_a_new_date_names_the_old_one_and_takes_its_place(stage: Stage) -> None:
    old = stage.schedule(reclamados=[stage.loja, stage.banco])
    new = move(stage, old)

    old.refresh_from_db()
    assert (old.status, resources(old), new.anterior) == ("redesignada", set(), old)
    assert (new.status, new.fim, new.modalidade) == ("agendada", moment("14:30"), "presencial")
    assert set(new.reclamados.all()) == {stage.loja, stage.banco}
    assert set(reminders(old).values()) == {"cancelada", "pulada"}
    assert (
        "redesignada para 16/03/2026 às 14:00"
        in Mensagem.objects.get(referencia=new.referencia, tipo="aviso_audiencia", endereco="ana@example.org").assunto
    )
    assert list(Evento.objects.order_by("sequencia").values_list("ato", "motivo")) == [
        ("AGENDAR", ""),
        ("REDESIGNAR", "O preposto pediu."),
        ("AGENDAR", ""),
    ]


def test_a_new_date_supersedes_the_old_letters(stage: Stage) -> None:
    new = move(stage, stage.schedule())

    valid = stage.caso.historico.documentos.filter(substituido_por=None)
    assert {letter.dados["dados"]["audiencia"]["id"] for letter in valid} == {new.pk}
    assert stage.caso.historico.documentos.count() == 4


def test_a_new_date_may_overlap_the_old_one(stage: Stage) -> None:
    assert move(stage, stage.schedule(), "10:15").inicio == moment("10:15")


def test_a_new_date_over_month_s_end(stage: Stage) -> None:
    # Tuesday 31 March to Wednesday 1 April
    old = stage.schedule(inicio=moment("16:30", date(2026, 3, 31)))
    new = move(stage, old, inicio=moment("09:00", date(2026, 4, 1)))

    assert list(Audiencia.objects.on_day(date(2026, 3, 31))) == [old]
    assert list(Audiencia.objects.on_day(date(2026, 4, 1))) == [new]


def test_a_new_date_that_is_taken_leaves_the_old_one_untouched(stage: Stage, another_case: Callable[..., Any]) -> None:
    case, shop = another_case()
    stage.schedule("14:00", atendimento=case, reclamados=[shop])
    old = stage.schedule()
    before = reminders(old)

    assert "a sala Sala 1 está ocupada" in refusal_of(lambda: move(stage, old))
    old.refresh_from_db()
    assert (old.status, len(resources(old)), reminders(old)) == ("agendada", 3, before)
    assert Evento.objects.filter(ato="REDESIGNAR").count() == 0


def test_refuses_a_new_date_without_a_reason(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="por que a audiência muda de data"):
        move(stage, stage.schedule(), motivo=" ")


def test_refuses_a_second_new_date_of_the_same_hearing(stage: Stage) -> None:
    old = stage.schedule()
    move(stage, Audiencia.objects.get(pk=old.pk))
    with pytest.raises(ActNotAllowed, match="«Redesignada»"):
        move(stage, old, "15:00")


def test_a_new_date_keeps_the_lead(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="10 dias corridos"):
        move(stage, stage.schedule(), at=moment("09:00", date(2026, 3, 12)))


# ---- cancelling ----


def test_cancelling_frees_everybody_and_tells_the_parties(stage: Stage) -> None:
    audiencia = stage.schedule()
    cancel(audiencia=audiencia, motivo="Acordo por telefone.", by=stage.cast.bruno, at=NOW)

    audiencia.refresh_from_db()
    assert (audiencia.status, resources(audiencia)) == ("cancelada", set())
    assert {key: value for key, value in reminders(audiencia).items() if value != "cancelada"} == {
        f"cancelamento:consumidor:{stage.cast.ana.pk}:email": "pendente",
        f"cancelamento:fornecedor:{stage.cast.loja.pk}:email": "pendente",
    }
    assert stage.schedule().status == "agendada"


def test_refuses_to_cancel_without_a_reason(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="por que a audiência é cancelada"):
        cancel(audiencia=stage.schedule(), motivo="", by=stage.cast.bruno, at=NOW)


def test_refuses_to_cancel_twice(stage: Stage) -> None:
    audiencia = stage.schedule()
    stale = Audiencia.objects.get(pk=audiencia.pk)
    cancel(audiencia=audiencia, motivo="Sim.", by=stage.cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="«Cancelada»"):
        cancel(audiencia=stale, motivo="Sim.", by=stage.cast.bruno, at=NOW)


def test_the_hearings_of_a_closed_case_are_cancelled(stage: Stage, another_case: Callable[..., Any]) -> None:
    audiencia = stage.schedule()
    case, shop = another_case()
    other = stage.schedule("11:00", atendimento=case, reclamados=[shop])
    type(stage.caso).objects.filter(pk=stage.caso.pk).update(status="encerrado", desfecho="acordo", encerrado_em=NOW)

    assert cancel_of_closed_cases(by=stage.cast.sistema, at=NOW) == 1
    assert cancel_of_closed_cases(by=stage.cast.sistema, at=NOW) == 0
    assert dict(Audiencia.objects.values_list("pk", "status")) == {audiencia.pk: "cancelada", other.pk: "agendada"}
