"""Giving a case a date, giving it another, and taking it away.

Every act here begins by locking the case's history, then reserves in a fixed order: two acts wait for each other, and
never in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.models import User
from cases.models import Atendimento, Reclamado
from hearings import acts
from hearings.models import Audiencia, Ausencia, Reserva, Sala
from hearings.services.checks import Proposal, check_case, check_content
from hearings.services.notices import call_off, issue_notices
from hearings.services.slots import agenda_rules, consumer_key, free_slots, person_key
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico
from workflow.services import advance, check_allowed, record, require_papel

DEADLOCK = "40P01"
OFFERED = 3
F = TypeVar("F", bound=Callable[..., Any])


class _Taken(Exception):  # noqa: N818  an answer of the database, not an error
    """Some of the resources are taken; carries their keys."""

    def __init__(self, resources: list[str]) -> None:
        super().__init__(resources)
        self.resources = resources


def tell_deadlock(service: F) -> F:
    """Turn a deadlock, should one ever happen, into a refusal: nothing was written, and trying again helps."""

    @wraps(service)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return service(*args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                raise
            raise ActNotAllowed(
                "Duas pessoas mexeram nos mesmos horários ao mesmo tempo, e nada foi gravado. Tente de novo."
            ) from error

    return cast("F", told)


#: What the letters print of a case.
PRINTED = (
    "unidade__regras_da_agenda",
    "consumidor",
    "historico",
    "assunto",
    "problema",
    "atendente",
    "orgao",
    "compra",
    "representante",
)


def locked_case(atendimento_id: int, related: tuple[str, ...] = PRINTED) -> Atendimento:
    """The case as it stands now, with its history locked: nobody else moves it until the commit."""
    Historico.objects.select_for_update(no_key=True).get(atendimento=atendimento_id)
    return Atendimento.objects.select_related(*related).get(pk=atendimento_id)


@tell_deadlock
def schedule(
    *,
    atendimento: Atendimento,
    reclamados: Sequence[Reclamado],
    sala: Sala,
    conciliador: User,
    inicio: datetime,
    fim: datetime | None = None,
    modalidade: str = Audiencia.Modalidade.PRESENCIAL,
    by: User,
    at: datetime,
    dispensa_antecedencia: str = "",
) -> Audiencia:
    """Give the case a hearing; reserve room, conciliator and consumer; issue notices and plan reminders.

    `fim` follows from the unidade's rules unless given. `dispensa_antecedencia` says how the parties waived the minimum
    lead. Raises ContentRefused where the date breaks a rule, ActNotAllowed where the case's state forbids it or
    somebody is taken; then the message names what is taken and offers the next free times.
    """
    proposal = Proposal(
        list(dict.fromkeys(reclamados)),
        sala,
        conciliador,
        inicio,
        fim or inicio + timedelta(minutes=agenda_rules(atendimento.unidade).duracao),
        modalidade,
        dispensa_antecedencia.strip(),
    )
    try:
        with transaction.atomic():
            return _book(locked_case(atendimento.pk), proposal, by=by, at=at)
    except _Taken as taken:
        raise _told(taken.resources, atendimento, proposal) from taken


@tell_deadlock
def reschedule(
    *,
    audiencia: Audiencia,
    sala: Sala,
    conciliador: User,
    inicio: datetime,
    fim: datetime | None = None,
    modalidade: str | None = None,
    reclamados: Sequence[Reclamado] | None = None,
    motivo: str,
    by: User,
    at: datetime,
    dispensa_antecedencia: str = "",
) -> Audiencia:
    """Give a hearing another date: a new row that names the old one, which loses its reservations and reminders.

    What is not given stays as it was. Raises as `schedule` does; then the old date stands untouched.
    """
    _need_reason(motivo, "Escreva por que a audiência muda de data.")
    proposal = Proposal(
        list(dict.fromkeys(reclamados if reclamados is not None else audiencia.reclamados.order_by("pk"))),
        sala,
        conciliador,
        inicio,
        fim or inicio + (audiencia.fim - audiencia.inicio),
        modalidade or audiencia.modalidade,
        dispensa_antecedencia.strip(),
    )
    try:
        with transaction.atomic():
            case = locked_case(audiencia.atendimento_id)
            old = _end(audiencia, case, acts.REDESIGNAR, motivo=motivo, by=by, at=at)
            call_off(old, motivo="A audiência foi redesignada.", at=at, tell=False)
            old.pedidos.filter(decidido_em=None).update(decidido_em=at, decidido_por=by, atendido=True)
            new = _book(case, proposal, by=by, at=at, anterior=old)
    except _Taken as taken:
        raise _told(taken.resources, audiencia.atendimento, proposal) from taken
    audiencia.status = old.status
    return new


@tell_deadlock
@transaction.atomic
def cancel(*, audiencia: Audiencia, motivo: str, by: User, at: datetime) -> Audiencia:
    """Take the date away: frees everybody, calls off what was to be sent, and tells the parties."""
    _need_reason(motivo, "Escreva por que a audiência é cancelada.")
    case = locked_case(audiencia.atendimento_id)
    old = _end(audiencia, case, acts.CANCELAR, motivo=motivo, by=by, at=at)
    call_off(old, motivo="A audiência foi cancelada.", at=at, tell=True)
    audiencia.status = old.status
    return audiencia


def cancel_of_closed_cases(*, by: User, at: datetime) -> int:
    """Cancel the pending hearings of cases that were closed before their date; returns how many. May run twice."""
    count = 0
    for audiencia in Audiencia.objects.of_closed_cases().order_by("pk"):
        try:
            cancel(audiencia=audiencia, motivo="O caso foi encerrado antes da audiência.", by=by, at=at)
        except ActNotAllowed:
            continue  # somebody was faster
        count += 1
    return count


def _book(
    case: Atendimento, proposal: Proposal, *, by: User, at: datetime, anterior: Audiencia | None = None
) -> Audiencia:
    require_papel(by, case.unidade_id, frozenset(acts.TABLE), "Marcar audiência")
    check_case(case)
    check_content(case, proposal, at=at)
    audiencia = Audiencia.objects.create(
        atendimento=case,
        sala=proposal.sala,
        conciliador=proposal.conciliador,
        modalidade=proposal.modalidade,
        inicio=proposal.inicio,
        fim=proposal.fim,
        dispensa_antecedencia=proposal.dispensa_antecedencia,
        anterior=anterior,
        primeira_id=(anterior.primeira_id or anterior.pk) if anterior else None,
        versao=anterior.versao + 1 if anterior else 0,
        agendada_em=at,
    )
    resources = [proposal.sala.recurso, person_key(proposal.conciliador)]
    if case.consumidor:
        resources.append(consumer_key(case.consumidor))
    taken = Reserva.objects.take(audiencia=audiencia.pk, resources=resources, start=proposal.inicio, end=proposal.fim)
    if taken:
        raise _Taken(taken)
    audiencia.reclamados.set(proposal.reclamados)
    record(
        audiencia,
        "AGENDAR",
        by=by,
        at=at,
        para=audiencia.status,
        inicio=proposal.inicio.isoformat(),
        fim=proposal.fim.isoformat(),
        sala=str(proposal.sala),
        conciliador=str(proposal.conciliador),
        dispensa_antecedencia=proposal.dispensa_antecedencia,
        anterior=anterior.pk if anterior else None,
    )
    issue_notices(audiencia, by=by, at=at)
    return audiencia


def _end(audiencia: Audiencia, case: Atendimento, act: Any, *, motivo: str, by: User, at: datetime) -> Audiencia:
    """Move the hearing out of the agenda and free what it held. Works on a fresh copy, in case all is rolled back."""
    old = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    old.atendimento = case
    check_allowed(old, act, by=by)
    advance(old, act, by=by, at=at, motivo=motivo)
    old.reservas.all().delete()
    return old


def _told(resources: list[str], atendimento: Atendimento, proposal: Proposal) -> ActNotAllowed:
    """The refusal: what is taken, at what time, and the next free times."""
    start, end = timezone.localtime(proposal.inicio), timezone.localtime(proposal.fim)
    names = {
        "sala": f"a sala {proposal.sala} está ocupada",
        "conciliador": f"{proposal.conciliador} já concilia outra audiência",
        "consumidor": "o consumidor já tem outra audiência",
    }
    away = {row.recurso: row for row in Ausencia.objects.standing().meeting(start, end).filter_resources(resources)}
    what = "; ".join(
        f"{away[key].quem} não está disponível ({away[key].motivo})" if key in away else names[key.partition(":")[0]]
        for key in resources
    )
    offers = free_slots(
        unidade=atendimento.unidade,
        start=start.date(),
        limit=OFFERED,
        after=proposal.inicio,
        modalidade=proposal.modalidade,
        consumidor=atendimento.consumidor,
        prioridade=atendimento.prioridade,
        length=proposal.fim - proposal.inicio,
    )
    free = "; ".join(str(slot) for slot in offers)
    advice = f"Próximos horários livres: {free}." if free else "Não há outro horário livre nos próximos 30 dias."
    return ActNotAllowed(
        f"Não foi possível marcar para {start:%d/%m/%Y}, das {start:%H:%M} às {end:%H:%M}: "
        f"{what} nesse horário. {advice}"
    )


def _need_reason(motivo: str, message: str) -> None:
    if not motivo.strip():
        raise ContentRefused(message, errors={"motivo": message})
