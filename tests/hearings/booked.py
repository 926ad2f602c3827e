"""What a booked hearing holds: its resources, its messages; and the words of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hearings.models import Audiencia
from notifications.models import Mensagem
from workflow.errors import ActNotAllowed


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
