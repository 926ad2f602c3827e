"""One booking or many: checked, written and reserved by a fixed number of statements, decided by the constraint.

Whoever calls holds the lock on every case's history. The reservations are taken in one fixed order, so that two
batches wait for each other and never in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases.models import Atendimento
from hearings import acts
from hearings.models import Audiencia, Ausencia
from hearings.services.checks import Proposal, check_case, check_content
from hearings.services.ground import Held, ground_of
from hearings.services.offers import next_slots
from hearings.services.slots import kind_of, person_key
from workflow.errors import ActNotAllowed, Refusal
from workflow.services import require_papel

BOOKERS = frozenset(acts.TABLE)
OFFERED = 3
#: How many of a batch's reasons a refusal tells.
TOLD = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One hearing to be booked: the case as it stands, its history locked, and the date proposed for it."""

    held: Held
    proposal: Proposal
    anterior: Audiencia | None = None

    @property
    def case(self) -> Atendimento:
        """Whose hearing it is."""
        return self.held.case

    @property
    def means(self) -> list[str]:
        """The room and the conciliator."""
        return [self.proposal.sala.recurso, person_key(self.proposal.conciliador)]

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """Whom the hearing takes: as who is held, and as what to ask of the database.

        The consumer is held as who stood for them when the case was read, and asked for as the case names them: the
        database knows who stands for them by now.
        """
        both = [(key, key) for key in self.means]
        person = self.case.consumidor_id
        return [*both, (f"consumidor:{self.held.consumer}", f"consumidor:{person}")] if person else both


class Taken(Exception):  # noqa: N818  an answer of the database, not an error
    """Some of the resources are taken; carries whose hearing wanted them, and their keys."""

    def __init__(self, found: list[tuple[Item, str]]) -> None:
        super().__init__(found)
        self.found = found


def book(items: Sequence[Item], *, by: User, at: datetime) -> list[Audiencia]:
    """Book all of these hearings of one unidade, or none: reserve and record. They owe their notices (see `announce`).

    Raises a refusal where a date breaks a rule, Taken where somebody is taken; then the caller rolls back.
    """
    _check(items, by=by, at=at)
    made = [_row(item, at=at) for item in items]
    _write(items, made, by=by)
    return made


def _check(items: Sequence[Item], *, by: User, at: datetime) -> None:
    require_papel(by, items[0].case.unidade_id, BOOKERS, "Marcar audiência")
    ground = ground_of(
        [item.held for item in items],
        sorted({key for item in items for key in item.means}),
        [timezone.localdate(item.proposal.inicio) for item in items],
        at=at,
    )
    refused: list[tuple[Item, Refusal]] = []
    for item in items:
        try:
            check_case(item.case)
            check_content(item.case, item.proposal, ground)
        except Refusal as refusal:
            if len(items) == 1:
                raise
            refused.append((item, refusal))
    if refused:
        told = [f"{item.case.protocolo}: {refusal.message}" for item, refusal in refused]
        raise ActNotAllowed(f"Nada foi marcado. {listed(told)}")


def _row(item: Item, *, at: datetime) -> Audiencia:
    asked, before = item.proposal, item.anterior
    return Audiencia(
        atendimento=item.case,
        sala=asked.sala,
        conciliador=asked.conciliador,
        modalidade=asked.modalidade,
        inicio=asked.inicio,
        fim=asked.fim,
        dispensa_antecedencia=asked.dispensa_antecedencia,
        anterior=before,
        primeira_id=(before.primeira_id or before.pk) if before else None,
        versao=before.versao + 1 if before else 0,
        agendada_em=at,
    )


def _write(items: Sequence[Item], made: Sequence[Audiencia], *, by: User) -> None:
    """Reserve by the order of who is held, whatever the cases call them, so that two batches never wait in a circle."""
    rows = sorted(
        (held, item.proposal.inicio, item.proposal.fim, place, key)
        for place, item in enumerate(items)
        for held, key in item.wanted
    )
    facts = [
        {
            "called": [party.pk for party in item.proposal.reclamados],
            "historico_id": item.case.historico_id,
            "autor_id": by.pk,
            "dados": _told(item),
        }
        for item in items
    ]
    got = Audiencia.objects.book(made, facts, [(place, key) for *_, place, key in rows])
    if taken := sorted((place, held) for held, *_, place, _ in rows if kind_of(held) not in got[place]):
        raise Taken([(items[place], held) for place, held in taken])


def _told(item: Item) -> dict[str, Any]:
    """What the event of a booking says."""
    asked = item.proposal
    return {
        "inicio": asked.inicio.isoformat(),
        "fim": asked.fim.isoformat(),
        "sala": str(asked.sala),
        "conciliador": str(asked.conciliador),
        "dispensa_antecedencia": asked.dispensa_antecedencia,
        "anterior": item.anterior.pk if item.anterior else None,
    }


def told(taken: Taken, *, by: User) -> ActNotAllowed:
    """The refusal of one booking: what is taken, by what where `by` may see it, and the next free times."""
    item = taken.found[0][0]
    start, end = timezone.localtime(item.proposal.inicio), timezone.localtime(item.proposal.fim)
    what = "; ".join(reasons(taken.found, by=by))
    offers = next_slots(
        atendimento=item.case,
        start=start.date(),
        limit=OFFERED,
        after=item.proposal.inicio,
        modalidade=item.proposal.modalidade,
        reclamados=item.proposal.reclamados,
        length=item.proposal.fim - item.proposal.inicio,
    )
    free = "; ".join(str(slot) for slot in offers)
    advice = f"Próximos horários livres: {free}." if free else "Não há outro horário livre nos próximos doze meses."
    return ActNotAllowed(
        f"Não foi possível marcar para {start:%d/%m/%Y}, das {start:%H:%M} às {end:%H:%M}: {what}. {advice}"
    )


def reasons(found: Sequence[tuple[Item, str]], *, by: User) -> list[str]:
    """For each resource why it cannot be had: away, or held by which hearing, where `by` may read that one."""
    return [_reason(item, key, by=by) for item, key in found]


def _reason(item: Item, key: str, *, by: User) -> str:
    start, end = item.proposal.inicio, item.proposal.fim
    away = Ausencia.objects.standing().meeting(start, end).filter_resources([key]).first()
    if away:
        return f"{away.quem} não está disponível ({away.motivo}) nesse horário"
    names = {
        "sala": f"a sala {item.proposal.sala} está ocupada",
        "conciliador": f"{item.proposal.conciliador} já concilia outra audiência",
        "consumidor": "o consumidor já tem outra audiência",
    }
    held = Audiencia.objects.visible_to(by).filter(reservas__recurso=key, reservas__durante__overlap=(start, end))
    row = held.select_related("atendimento").order_by("inicio", "pk").first()
    seen = ""
    if row:
        since, until = timezone.localtime(row.inicio), timezone.localtime(row.fim)
        seen = f" (caso {row.atendimento.protocolo}, das {since:%H:%M} às {until:%H:%M})"
    return f"{names[kind_of(key)]} nesse horário{seen}"


def listed(sentences: Sequence[str]) -> str:
    """The first of many reasons, and how many more there are."""
    more = f" E mais {len(sentences) - TOLD}." if len(sentences) > TOLD else ""
    return " ".join(sentences[:TOLD]) + more
