"""The second of two at one hearing: told who did what, when, and the new date; what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from hearings.models import Audiencia
from hearings.services import cancel, reschedule
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment
from tests.hearings.test_pages import body, typed
from tests.hearings.test_sessions import ana, held, preposto
from workflow.errors import ActNotAllowed

DORA_MOVED = "Dora Coordenadora fez «Redesignar» em 04/03/2026 às"
DORA_CANCELLED = "Dora Coordenadora fez «Cancelar» em 04/03/2026 às"
NEW_DATE = "A nova data é 17/03/2026, às 10:00."


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bruno(stage: Stage) -> Client:
    return logged_in(stage.cast.bruno)


def moved(stage: Stage, audiencia: Audiencia, by: Any = None) -> Audiencia:
    when = moment("10:00", date(2026, 3, 17))
    places = {"sala": stage.sala, "conciliador": stage.cast.carla, "inicio": when}
    current = Audiencia.objects.get(pk=audiencia.pk)
    return reschedule(audiencia=current, motivo="Reforma.", by=by or stage.cast.dora, at=NOW, **places)


def test_who_redesignates_second_is_told_the_new_date_and_keeps_the_words(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    new = moved(stage, audiencia)
    answer = bruno.post(f"/audiencias/{audiencia.pk}/redesignar/", typed(stage, motivo="Doença."))
    page = body(answer)
    assert answer.status_code == 409
    assert DORA_MOVED in page
    assert NEW_DATE in page
    assert f'href="/audiencias/{new.pk}/"' in page
    told = dict(answer.context["digitado"])
    assert (told["Motivo da redesignação"], told["Sala"]) == ("Doença.", "Sala 2")
    assert Audiencia.objects.count() == 2


def test_the_form_of_a_hearing_that_was_moved_is_not_opened(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    moved(stage, audiencia)
    answer = bruno.get(f"/audiencias/{audiencia.pk}/redesignar/")
    assert (answer.status_code, DORA_MOVED in body(answer), answer.context["digitado"]) == (409, True, [])


def test_who_cancels_second_is_told_and_keeps_the_words(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    moved(stage, audiencia)
    answer = bruno.post(f"/audiencias/{audiencia.pk}/cancelar/", {"motivo": "Desistência."})
    assert (answer.status_code, answer.context["digitado"]) == (409, [("Motivo do cancelamento", "Desistência.")])
    assert DORA_MOVED in body(answer)
    assert NEW_DATE in body(answer)


def test_the_other_tab_is_told_as_one_s_own(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    moved(stage, audiencia, by=stage.cast.bruno)
    page = body(bruno.post(f"/audiencias/{audiencia.pk}/cancelar/", {"motivo": "Desistência."}))
    assert "Você mesmo, talvez em outra aba, fez «Redesignar»" in page


def test_a_result_for_what_was_cancelled_is_told_and_keeps_the_words(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    cancel(audiencia=Audiencia.objects.get(pk=audiencia.pk), motivo="Resolvido.", by=stage.cast.dora, at=NOW)
    answer = bruno.post(f"/audiencias/{audiencia.pk}/resultado/", {"observacao": "Ninguém veio."})
    assert answer.status_code == 409
    assert DORA_CANCELLED in body(answer)
    assert "Ninguém veio." in [text for _, text in answer.context["digitado"]]


def test_an_arrival_at_what_was_cancelled_is_told_and_keeps_the_names(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    cancel(audiencia=Audiencia.objects.get(pk=audiencia.pk), motivo="Resolvido.", by=stage.cast.dora, at=NOW)
    row = {"qualidade": "preposto", "nome": "Pedro", "chegada": "09:50", "reclamado": str(stage.loja.pk)}
    data = {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", **{f"p-0-{name}": value for name, value in row.items()}}
    with time_machine.travel(moment("10:05"), tick=False):
        answer = bruno.post(f"/audiencias/{audiencia.pk}/chegadas/", data)
    assert (answer.status_code, DORA_CANCELLED in body(answer)) == (409, True)
    assert "Pedro" in [text for _, text in answer.context["digitado"]]


def test_a_refusal_whose_form_is_still_there_is_told_in_the_form(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    answer = bruno.post(f"/audiencias/{audiencia.pk}/resultado/", {"observacao": "Ninguém veio."})
    assert (answer.status_code, answer.context["recusada"], answer.context["digitado"]) == (409, False, [])
    assert body(answer).count("Ninguém veio.") == 1


def test_a_notice_of_what_was_moved_is_told_and_keeps_the_code(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    moved(stage, audiencia)
    data = {"parte": f"fornecedor:{stage.cast.loja.pk}", "meio": "ar", "on": "2026-03-04", "rastreio": "AR123"}
    answer = bruno.post(f"/audiencias/{audiencia.pk}/notificacoes/", data)
    assert (answer.status_code, body(answer).count(DORA_MOVED)) == (409, 1)
    assert "AR123" in [text for _, text in answer.context["digitado"]]


def again(stage: Stage, audiencia: Audiencia) -> None:
    cancel(audiencia=audiencia, motivo="Resolvido.", by=stage.cast.bruno, at=moment("11:00"))


@pytest.mark.parametrize("act", [moved, again])
def test_the_services_name_who_was_faster(stage: Stage, act: Callable[[Stage, Audiencia], object]) -> None:
    audiencia = stage.schedule()
    held(stage, Audiencia.objects.get(pk=audiencia.pk), ana(), preposto())
    with pytest.raises(ActNotAllowed, match="Carla Conciliadora fez «Registrar audiência realizada» em 16/03/2026"):
        act(stage, audiencia)
