"""A termo that its hearing left unfinished: void with the act that ended the hearing, to be read, never continued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine

from hearings.models import AssinaturaDoTermo, Audiencia, Termo
from hearings.selfcheck import wrong_termos
from hearings.services import (
    begin_version,
    cancel,
    cancel_of_closed_cases,
    check_in,
    record_absence,
    reschedule,
    settle_termo,
)
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.at_the_table import SAID, all_sign, close, content, settled, sign, write
from tests.hearings.conftest import Stage, moment
from tests.hearings.test_pages import body
from tests.hearings.test_sessions import ana, held
from workflow.errors import ActNotAllowed
from workflow.models import Evento
from workflow.selfcheck import broken_links

LATER = moment("10:00", date(2026, 3, 30))


def moved(stage: Stage, audiencia: Audiencia) -> Audiencia:
    places = {"sala": stage.sala, "conciliador": stage.cast.carla, "inicio": LATER}
    return reschedule(audiencia=audiencia, motivo="Faltou luz.", by=stage.cast.dora, at=moment("10:40"), **places)


def called_off(stage: Stage, audiencia: Audiencia) -> None:
    cancel(audiencia=audiencia, motivo="Resolvido.", by=stage.cast.dora, at=moment("10:40"))


def told_by_form(stage: Stage, audiencia: Audiencia) -> None:
    held(stage, audiencia, resultado="sem_acordo")


ENDS: list[tuple[Callable[[Stage, Audiencia], object], str]] = [
    (called_off, "Cancelar: Resolvido."),
    (moved, "Redesignar: Faltou luz."),
    (told_by_form, "O resultado foi registrado sem este termo."),
]


@pytest.mark.parametrize(("ends", "reason"), ENDS, ids=["cancelled", "moved", "told by form"])
def test_the_act_that_ends_the_hearing_makes_its_termo_void(
    stage: Stage, table: Audiencia, ends: Callable[[Stage, Audiencia], object], reason: str
) -> None:
    termo = settled(stage, table)
    sign(stage, termo, table.presencas.all()[0])
    ends(stage, table)
    termo.refresh_from_db()
    assert (termo.status, termo.dados, termo.conteudo_sha256) == ("sem_efeito", {"relato": [SAID]}, "")
    assert list(AssinaturaDoTermo.objects.all()) == []
    told = Evento.objects.get(ato="ANULAR_TERMO")
    assert (told.de, told.para, told.motivo, told.dados) == ("em_redacao", "sem_efeito", reason, {"assinaturas": 1})
    assert (list(broken_links()), list(wrong_termos())) == ([], [])


def test_an_absence_makes_it_void_too(stage: Stage) -> None:
    audiencia = stage.schedule()
    check_in(audiencia=audiencia, presencas=[ana()], by=stage.cast.carla, at=moment("10:00"))
    write(stage, audiencia)
    told = {"resultado": "ausente_fornecedor", "by": stage.cast.carla, "at": moment("10:20")}
    record_absence(audiencia=audiencia, **told)
    assert Termo.objects.get().status == "sem_efeito"


def test_the_office_s_clock_may_do_it(stage: Stage, table: Audiencia) -> None:
    write(stage, table)
    type(stage.caso).objects.filter(pk=stage.caso.pk).update(
        status="encerrado", desfecho="desistencia", encerrado_em=NOW
    )
    assert cancel_of_closed_cases(by=stage.cast.sistema, at=moment("10:40")) == 1
    assert Termo.objects.get().status == "sem_efeito"


def test_a_hearing_without_termo_has_none_to_make_void(stage: Stage, table: Audiencia) -> None:
    called_off(stage, table)
    assert (Termo.objects.count(), Evento.objects.filter(ato="ANULAR_TERMO").count()) == (0, 0)


def test_a_closed_termo_stands_and_has_its_versions(stage: Stage, table: Audiencia) -> None:
    all_sign(stage, table, settled(stage, table))
    termo = close(stage, table)
    begin_version(audiencia=table, motivo="Nome errado.", by=stage.cast.carla, at=moment("11:00"))
    assert Termo.objects.get(pk=termo.pk).status == "fechado"
    assert list(Termo.objects.values_list("versao", "status")) == [(1, "fechado"), (2, "em_redacao")]


@pytest.mark.parametrize("ends", [called_off, moved])
def test_nobody_goes_on_with_it_and_is_told_who_ended_it(
    stage: Stage, table: Audiencia, ends: Callable[[Stage, Audiencia], object]
) -> None:
    write(stage, table)
    ends(stage, table)
    with pytest.raises(ActNotAllowed, match="Dora Coordenadora fez"):
        write(stage, table, "Mais.", edicao=1)
    with pytest.raises(ActNotAllowed, match="Dora Coordenadora fez"):
        settle_termo(audiencia=table, conteudo=content(stage), by=stage.cast.carla, at=moment("10:50"))
    with pytest.raises(ActNotAllowed, match="Não há termo em redação"):
        close(stage, table)


def test_what_was_typed_is_read_on_the_hearing_s_page(stage: Stage, table: Audiencia) -> None:
    shop = stage.loja.pk
    typed: dict[str, Any] = {
        "relato": [SAID],
        f"resultado_{shop}": ["acordo"],
        f"parcelas_{shop}": ["15/04/2026 100,00\n15/05/2026 100,00"],
        f"quantas_{shop}": ["2"],
    }
    write(stage, table)
    Termo.objects.update(dados=typed)
    new = moved(stage, table)
    with time_machine.travel(moment("11:00"), tick=False):
        carla = logged_in(stage.cast.carla)
        page = body(carla.get(f"/audiencias/{table.pk}/"))
        answer = carla.get(f"/audiencias/{table.pk}/termo/sem-efeito/")
        gone = carla.get(f"/audiencias/{table.pk}/termo/")
    assert (f'href="/audiencias/{table.pk}/termo/sem-efeito/"' in page, "Continuar" in page) == (True, False)
    assert answer.context["partes"] == [
        ("O que foi dito", [("O que foi dito", SAID)]),
        ("Loja Modelo Ltda", [("Resultado", "Acordo"), ("Parcelas", "15/04/2026 100,00\n15/05/2026 100,00")]),
    ]
    assert f'href="/audiencias/{new.pk}/"' in body(answer)
    assert gone.status_code == 409


def test_there_is_no_such_page_without_it_nor_for_eva(stage: Stage, table: Audiencia) -> None:
    address = f"/audiencias/{table.pk}/termo/sem-efeito/"
    write(stage, table)
    assert logged_in(stage.cast.carla).get(address).status_code == 404
    called_off(stage, table)
    assert logged_in(stage.cast.eva).get(address).status_code == 404
