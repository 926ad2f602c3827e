"""A hearing of a case that the city portal registered, beside one of the counter's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.models import Atendimento, Reclamado
from hearings.models import Audiencia
from hearings.services import reschedule
from portal.tracking import hash_key
from tests.conftest import NOW, Cast
from tests.hearings.conftest import Stage, make_case, make_stage, moment
from tests.portal.conftest import Program

KEY = "7K2QM-4D8TV-XW0NC-9HJ3R"
#: A Tuesday.
NEXT_DAY = date(2026, 3, 17)


@dataclass
class Scene:
    """The stage, the city's case, and ways to give it hearings."""

    stage: Stage
    case: Atendimento
    called: Reclamado

    def schedule(self, clock: str = "10:00", **changes: Any) -> Audiencia:
        """A hearing of the city's case, told to its parties."""
        return self.stage.schedule(clock, **({"atendimento": self.case, "reclamados": [self.called]} | changes))

    def move(self, hearing: Audiencia) -> Audiencia:
        """The same hearing on Tuesday at two."""
        return reschedule(
            audiencia=hearing, sala=self.stage.sala, conciliador=self.stage.cast.carla,
            inicio=moment("14:00", NEXT_DAY), motivo="A pedido.", by=self.stage.cast.bruno, at=NOW,
        )  # fmt: skip


def make_scene(cast: Cast, cidade: Program) -> Scene:
    """Write the scene: the counter's case is number 1, the city's number 2, with its tracking key."""
    stage = make_stage(cast)
    case = make_case(cast, 2, canal="portal", atendente=cidade.user, integracao=cidade.user, chave_hash=hash_key(KEY))
    return Scene(stage, case, Reclamado.objects.create(atendimento=case, fornecedor=cast.loja))


Follow = Callable[[str], Any]


def link_of(address: str) -> str:
    """A link of an answer, as the test client asks for it."""
    return address.removeprefix("http://testserver/api/v1")
