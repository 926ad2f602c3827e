"""Giving a case a date, giving it another, and taking it away.

Every act here begins by locking the case's history, then reserves in a fixed order: two acts wait for each other, and
never in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import OperationalError, transaction

from accounts.models import User
from cases.models import Atendimento, Reclamado
from hearings import acts
from hearings.models import Audiencia, Sala
from hearings.services.checks import Proposal
from hearings.services.ground import hold_cases
from hearings.services.notices import call_off
from hearings.services.reserving import Item, Taken, book, told
from hearings.services.slots import agenda_rules
from hearings.services.stale import check_live
from hearings.services.unfinished import void_termo
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico
from workflow.services import advance

DEADLOCK = "40P01"
F = TypeVar("F", bound=Callable[..., Any])


def tell_deadlock(service: F) -> F:
    """Turn a deadlock, should one ever happen, into a refusal: nothing was written, and trying again helps."""

    @wraps(service)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return service(*args, **kwargs)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                raise
            raise ActNotAllowed(
                "Duas pessoas mexeram nos mesmos horários ao mesmo tempo, e nada foi gravado. Tente de novo."
            ) from error

    return cast("F", guarded)


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
    Historico.objects.select_for_update(no_key=True).values_list("pk").get(atendimento=atendimento_id)
    return Atendimento.objects.select_related(*related).get(pk=atendimento_id)


def locked_cases(keys: Collection[int], related: tuple[str, ...] = PRINTED) -> dict[int, Atendimento]:
    """Many cases as they stand now, by key, their histories locked in one order."""
    histories = Historico.objects.select_for_update(no_key=True).filter(atendimento__in=keys)
    list(histories.order_by("pk").values_list("pk", flat=True))
    return {case.pk: case for case in Atendimento.objects.select_related(*related).filter(pk__in=keys)}


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
    """Give the case a hearing; reserve room, conciliator and consumer. `announce` then makes the notices.

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
            return book([Item(hold_cases([atendimento.pk])[atendimento.pk], proposal)], by=by, at=at)[0]
    except Taken as taken:
        raise told(taken, by=by) from taken


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

    `announce` then makes the notices of the new one. What is not given stays as it was. Raises as `schedule` does; then
    the old date stands untouched.
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
            held = hold_cases([audiencia.atendimento_id])[audiencia.atendimento_id]
            old = _end(audiencia, held.case, acts.REDESIGNAR, motivo=motivo, by=by, at=at)
            call_off(old, motivo="A audiência foi redesignada.", at=at, tell=False)
            old.pedidos.filter(decidido_em=None).update(decidido_em=at, decidido_por=by, atendido=True)
            new = book([Item(held, proposal, old)], by=by, at=at)[0]
    except Taken as taken:
        raise told(taken, by=by) from taken
    audiencia.status = old.status
    return new


@tell_deadlock
@transaction.atomic
def cancel(*, audiencia: Audiencia, motivo: str, by: User, at: datetime) -> Audiencia:
    """Take the date away: frees everybody, calls off what was to be sent, and tells the parties who knew of one."""
    _need_reason(motivo, "Escreva por que a audiência é cancelada.")
    case = locked_case(audiencia.atendimento_id)
    old = _end(audiencia, case, acts.CANCELAR, motivo=motivo, by=by, at=at)
    call_off(old, motivo="A audiência foi cancelada.", at=at, tell=bool(old.avisada_em or old.anterior_id))
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


def _end(audiencia: Audiencia, case: Atendimento, act: Any, *, motivo: str, by: User, at: datetime) -> Audiencia:
    """Move the hearing out of the agenda and free what it held. Works on a fresh copy, in case all is rolled back."""
    old = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    old.atendimento = case
    check_live(old, act, by=by)
    advance(old, act, by=by, at=at, motivo=motivo)
    void_termo(old, motivo=f"{act.label}: {motivo.strip()}", by=by, at=at)
    old.reservas.all().delete()
    return old


def _need_reason(motivo: str, message: str) -> None:
    if not motivo.strip():
        raise ContentRefused(message, errors={"motivo": message})
