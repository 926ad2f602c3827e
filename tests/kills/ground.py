"""What scenes are made of: an office with its cast, cases that wait for a task, and what holds a task up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cases.models import CIP, Assunto, Atendimento, Reclamado
from cases.services import issue_cip, register, send_cip
from hearings.models import Audiencia, Sala
from parties.models import Fornecedor
from tests.conftest import NOW, Cast
from tests.hearings.conftest import make_case
from tests.kills.office import Office
from tests.kills.outside import Pause
from workflow.models import Evento


@dataclass
class Scene:
    """Why the task cannot go on, how that is seen, and what `look` finds at the kill and in the end."""

    look: Callable[[], Any]
    middle: Any
    after: Any
    held: Sequence[str] = ()
    pause: Pause | None = None


@dataclass
class Ground:
    """The office as the scenes find it."""

    office: Office
    cast: Cast
    outside: dict[str, Any]
    now: datetime
    numbers: list[int] = field(default_factory=lambda: list(range(900_001, 900_050)))

    def supplier(self, name: str) -> Fornecedor:
        """One of its own, with an address."""
        return Fornecedor.objects.create(razao_social=name, email="fornecedor@example.org")

    def cases(self, name: str, *suppliers: Fornecedor) -> list[Atendimento]:
        """Two cases of Ana's against a supplier of their own."""
        subject, _ = Assunto.objects.get_or_create(codigo=187, defaults={"area": "Serviços", "descricao": "Telefonia"})
        told = {"by": self.cast.bruno, "at": NOW, "unidade": self.cast.unidade, "assunto": subject, "relato": name}
        told |= {"tipo": "atendimento_preliminar", "canal": "pessoal", "consumidor": self.cast.ana, "pedido": "Troca."}
        against = suppliers or (self.supplier(name),)
        return [register(fornecedores=against, **told) for _ in range(2)]

    def cips(self, name: str, meio: str, *suppliers: Fornecedor) -> list[CIP]:
        """Two CIPs that were sent."""
        parties = [case.reclamados.get() for case in self.cases(name, *suppliers)]
        made = [issue_cip(reclamado=party, by=self.cast.bruno, at=NOW) for party in parties]
        return [send_cip(cip=cip, meio=meio, by=self.cast.bruno, at=NOW) for cip in made]

    def bare_case(self, **fields: Any) -> Atendimento:
        """A case written as the acts leave it."""
        return make_case(self.cast, self.numbers.pop(), **fields)

    def hearings(self, **fields: Any) -> list[Audiencia]:
        """Two dates ten days from now, each of a case of its own."""
        room = Sala.objects.create(unidade=self.cast.unidade, nome=f"Sala {uuid4().hex[:6]}")
        start = timezone.localtime(self.now).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=10)
        about = {key: fields.pop(key) for key in ("status", "desfecho", "encerrado_em") if key in fields}
        made = []
        for place in range(2):
            begins, case = start + timedelta(hours=place), self.bare_case(**about)
            row = Audiencia.objects.create(
                atendimento=case, sala=room, conciliador=self.cast.carla, inicio=begins,
                fim=begins + timedelta(minutes=30), agendada_em=NOW, **fields,
            )  # fmt: skip
            row.reclamados.add(Reclamado.objects.create(atendimento=case, fornecedor=self.cast.loja))
            made.append(row)
        return made


def row(table: str, key: object, column: str = "id") -> tuple[str]:
    """What holds one row."""
    return (f"SELECT FROM {table} WHERE {column} = '{key}' FOR UPDATE",)


def history(case: Atendimento) -> tuple[str]:
    """What lets nothing be written into the case's history: every act ends there."""
    return row("workflow_historico", case.historico_id)


def table(name: str, mode: str = "SHARE") -> tuple[str]:
    """What lets nobody write into this table."""
    return (f"LOCK TABLE {name} IN {mode} MODE",)


def acts(name: str, cases: Sequence[Atendimento]) -> Callable[[], list[int]]:
    """How often each case has this act in its history."""
    return lambda: [Evento.objects.filter(historico=case.historico_id, ato=name).count() for case in cases]


def once(name: str, cases: Sequence[Atendimento]) -> Scene:
    """Each case gets this act once; at the kill the first has it."""
    return Scene(acts(name, cases), [1, 0], [1, 1], history(cases[1]))


def of(cips: Sequence[CIP]) -> list[Atendimento]:
    """Their cases."""
    return [cip.reclamado.atendimento for cip in cips]
