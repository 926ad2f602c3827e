"""Rooms, a case ready for a hearing, and a date that the law allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Atribuicao, Papel, User
from cases.models import Atendimento, Reclamado
from hearings.models import Audiencia, Sala
from hearings.services import announce, check_in, schedule
from tests.conftest import NOW, SAO_PAULO, Cast, load_law
from workflow.services import open_history

#: A Monday, twelve days after the Wednesday on which the tests take place.
DAY = date(2026, 3, 16)


def moment(clock: str, day: date = DAY) -> datetime:
    """A local time, as in moment("10:30")."""
    return datetime.combine(day, time.fromisoformat(clock), SAO_PAULO)


def told(audiencia: Audiencia, *, by: User, at: datetime) -> Audiencia:
    """The hearing with its notices, as the page makes both."""
    assert announce(audiencias=[audiencia], by=by, at=at)
    return audiencia


@dataclass
class Stage:
    """What a hearing needs, and a way to schedule one."""

    cast: Cast
    sala: Sala
    outra_sala: Sala
    caso: Atendimento
    loja: Reclamado
    banco: Reclamado
    caio: User

    def schedule(self, clock: str = "10:00", **changes: Any) -> Audiencia:
        """Schedule Ana's hearing with the shop, with Carla in room 1, unless told otherwise, and tell the parties."""
        values: dict[str, Any] = {
            "atendimento": self.caso,
            "reclamados": [self.loja],
            "sala": self.sala,
            "conciliador": self.cast.carla,
            "inicio": moment(clock),
            "modalidade": "presencial",
            "by": self.cast.bruno,
            "at": NOW,
            **changes,
        }
        return told(schedule(**values), by=values["by"], at=values["at"])


def make_case(cast: Cast, number: int, **fields: Any) -> Atendimento:
    """A case that waits for the consumer, written as the acts leave it."""
    values: dict[str, Any] = {
        "unidade": cast.unidade,
        "tipo": "atendimento_preliminar",
        "canal": "pessoal",
        "status": "aguarda_consumidor",
        "consumidor": cast.ana,
        "aberto_em": NOW,
        "atendente": cast.bruno,
        **fields,
    }
    unidade = values["unidade"]
    return Atendimento.objects.create(protocolo=f"{unidade.codigo}.26-{number:07d}", historico=open_history(), **values)


def make_stage(cast: Cast) -> Stage:
    """Write the stage into the database."""
    load_law()
    case = make_case(cast, 1)
    caio = User.objects.create_user("caio", nome="Caio Conciliador")
    Atribuicao.objects.create(user=caio, unidade=cast.unidade, papel=Papel.CONCILIADOR)
    return Stage(
        cast=cast,
        sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"),
        outra_sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 2", link="https://reuniao.example.org/sala-2"),
        caso=case,
        loja=Reclamado.objects.create(atendimento=case, fornecedor=cast.loja),
        banco=Reclamado.objects.create(atendimento=case, fornecedor=cast.banco),
        caio=caio,
    )


@pytest.fixture(autouse=True)
def _letters_apart(settings: Any, tmp_path: Path) -> None:
    """Each test's letters in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """The stage, in a database that is rolled back."""
    return make_stage(cast)


@pytest.fixture
def table(stage: Stage) -> Audiencia:
    """A hearing with shop and bank, all at the table."""
    from tests.hearings.test_sessions import ana, preposto  # it imports this file

    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    people = [ana(), preposto(reclamado=stage.loja), preposto(nome="Bia Banco", reclamado=stage.banco)]
    check_in(audiencia=audiencia, presencas=people, by=stage.cast.carla, at=moment("10:00"))
    return audiencia


@pytest.fixture
def another_case(cast: Cast) -> Callable[..., tuple[Atendimento, Reclamado]]:
    """Make one more case, of nobody unless told otherwise, with the shop complained against."""

    def make(number: int = 2, **fields: Any) -> tuple[Atendimento, Reclamado]:
        case = make_case(cast, number, **{"consumidor": None, **fields})
        return case, Reclamado.objects.create(atendimento=case, fornecedor=cast.loja)

    return make
