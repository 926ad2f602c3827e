"""What a booked hearing holds: its resources, its messages; and the words of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hearings.models import Audiencia
from hearings.services import schedule
from notifications.models import Mensagem
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment
from workflow.errors import ActNotAllowed


def booked(stage: Stage, clock: str = "10:00", **changes: Any) -> Audiencia:
    """A booking whose notices are still owed: the request was interrupted after its commit."""
    values: dict[str, Any] = {
        "atendimento": stage.caso, "reclamados": [stage.loja], "sala": stage.sala, "conciliador": stage.cast.carla,
        "inicio": moment(clock), "by": stage.cast.bruno, "at": NOW, **changes,
    }  # fmt: skip
    return schedule(**values)


def resources(audiencia: Audiencia) -> set[str]:
    return set(audiencia.reservas.values_list("recurso", flat=True))


def reminders(audiencia: Audiencia) -> dict[str, str]:
    prefix = f"{audiencia.referencia}:"
    rows = Mensagem.objects.filter(referencia=audiencia.referencia).values_list("chave", "situacao")
    return {chave.removeprefix(prefix): situacao for chave, situacao in rows}


def refusal_of(act: Callable[[], Any]) -> str:
    with pytest.raises(ActNotAllowed) as refusal:
        act()
    return refusal.value.message
