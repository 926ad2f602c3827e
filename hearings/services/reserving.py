"""One booking or many: checked, written and reserved by a fixed number of statements, decided by the constraint.

Whoever calls holds the lock on every case's history. The reservations are taken in one fixed order, so that two
batches wait for each other and never in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from django.utils import timezone

from accounts.models import User
from cases.models import Atendimento
from hearings import acts
from hearings.models import Audiencia, Ausencia, Reserva
from hearings.services.checks import Proposal, check_case, check_content, ground_of
from hearings.services.offers import next_slots
from hearings.services.slots import consumer_key, person_key
from workflow.errors import ActNotAllowed, Refusal
from workflow.models import Evento
from workflow.services import event, record_many, require_papel

OFFERED = 3
#: How many of a batch's reasons a refusal tells.
TOLD = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One hearing to be booked: the case as it stands, its history locked, and the date proposed for it."""

    case: Atendimento
    proposal: Proposal
    anterior: Audiencia | None = None

    @property
    def resources(self) -> list[str]:
        """Whom the hearing takes, the consumer as who stood for them when the case was read."""
        return [*self._held, consumer_key(self.case.consumidor)] if self.case.consumidor else self._held

    @property
    def wanted(self) -> list[str]:
        """What to reserve: the consumer as the case names them, for the database knows who stands for them by now."""
        person = self.case.consumidor_id
        return [*self._held, f"consumidor:{person}"] if person else self._held

    @property
    def _held(self) -> list[str]:
        return [self.proposal.sala.recurso, person_key(self.proposal.conciliador)]


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
    made = Audiencia.objects.bulk_create([_row(item, at=at) for item in items])
    _reserve(list(zip(items, made, strict=True)))
    through = Audiencia.reclamados.through
    through.objects.bulk_create(
        [
            through(audiencia_id=row.pk, reclamado_id=party.pk)
            for item, row in zip(items, made, strict=True)
            for party in item.proposal.reclamados
        ]
    )
    record_many([_event(item, row, by=by, at=at) for item, row in zip(items, made, strict=True)])
    return made


def _check(items: Sequence[Item], *, by: User, at: datetime) -> None:
    unidade = items[0].case.unidade
    require_papel(by, unidade.pk, frozenset(acts.TABLE), "Marcar audiência")
    ground = ground_of(
        unidade,
        [item.case for item in items],
        sorted({key for item in items for key in item.resources}),
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


def _reserve(pairs: Sequence[tuple[Item, Audiencia]]) -> None:
    """By the order of who is held, whatever the cases call them, so that two batches never wait in a circle."""
    rows = [
        (held, row.inicio, row.fim, row.pk, key)
        for item, row in pairs
        for held, key in zip(item.resources, item.wanted, strict=True)
    ]
    taken = set(Reserva.objects.take([(pk, key, start, end) for _, start, end, pk, key in sorted(rows)]))
    if taken:
        whose = {row.pk: item for item, row in pairs}
        ranked = sorted(rows, key=itemgetter(3, 0))
        raise Taken([(whose[pk], held) for held, _, _, pk, key in ranked if (pk, key) in taken])


def _event(item: Item, row: Audiencia, *, by: User, at: datetime) -> Evento:
    asked = item.proposal
    return event(
        row,
        "AGENDAR",
        by=by,
        at=at,
        para=row.status,
        inicio=asked.inicio.isoformat(),
        fim=asked.fim.isoformat(),
        sala=str(asked.sala),
        conciliador=str(asked.conciliador),
        dispensa_antecedencia=asked.dispensa_antecedencia,
        anterior=item.anterior.pk if item.anterior else None,
    )


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
    return f"{names[key.partition(':')[0]]} nesse horário{seen}"


def listed(sentences: Sequence[str]) -> str:
    """The first of many reasons, and how many more there are."""
    more = f" E mais {len(sentences) - TOLD}." if len(sentences) > TOLD else ""
    return " ".join(sentences[:TOLD]) + more
