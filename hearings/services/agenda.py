"""When rooms and conciliators can be had: the unidade's rules, weekly windows, absences."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from hearings.models import Audiencia, Ausencia, Disponibilidade, RegrasDaAgenda, Reserva, Sala
from hearings.services.slots import conciliators_of
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from
from workflow.services import require_papel

SETTERS = frozenset({Papel.COORDENADOR, Papel.ADMINISTRADOR})
#: How many of the hearings in the way a refusal names.
NAMED = 5


@transaction.atomic
def set_agenda_rules(
    *, unidade: Unidade, duracao: int, intervalo: int, tolerancia: int, prioritarias: int, by: User
) -> RegrasDaAgenda:
    """Say how the unidade cuts its day, in minutes; hearings already booked stay as they are."""
    require_papel(by, unidade.pk, SETTERS, "mudar as regras da agenda")
    values = {"duracao": duracao, "intervalo": intervalo, "tolerancia": tolerancia, "prioritarias": prioritarias}
    with refusals_from(RegrasDaAgenda):
        rules, _ = RegrasDaAgenda.objects.update_or_create(unidade=unidade, defaults=values)
    return rules


@transaction.atomic
def save_room(*, unidade: Unidade, nome: str, link: str, ativa: bool, by: User, sala: Sala | None = None) -> Sala:
    """Add a room, or correct `sala`. A room that is no longer in use keeps its past and takes no new hearing."""
    require_papel(by, unidade.pk, SETTERS, "mudar as salas")
    room = sala or Sala(unidade=unidade)
    room.nome, room.link, room.ativa = nome.strip(), link, ativa
    with refusals_from(Sala):
        room.save()
    return room


@transaction.atomic
def open_window(
    *,
    unidade: Unidade,
    dia_da_semana: int,
    das: time,
    ate: time,
    vigente_de: date,
    by: User,
    vigente_ate: date | None = None,
    sala: Sala | None = None,
    conciliador: User | None = None,
) -> Disponibilidade:
    """Add a weekly window of a room or a conciliator; from then on they are offered only inside their windows."""
    require_papel(by, unidade.pk, SETTERS, "mudar a disponibilidade")
    check_resource(unidade, sala, conciliador)
    with refusals_from(Disponibilidade):
        return Disponibilidade.objects.create(
            unidade=unidade,
            sala=sala,
            conciliador=conciliador,
            dia_da_semana=dia_da_semana,
            das=das,
            ate=ate,
            vigente_de=vigente_de,
            vigente_ate=vigente_ate,
        )


@transaction.atomic
def close_window(*, disponibilidade: Disponibilidade, on: date, by: User) -> None:
    """End a weekly window with the day before `on`; one that has not begun by then is taken away."""
    require_papel(by, disponibilidade.unidade_id, SETTERS, "mudar a disponibilidade")
    if disponibilidade.vigente_de >= on:
        disponibilidade.delete()
        return
    last = date.fromordinal(on.toordinal() - 1)
    Disponibilidade.objects.filter(pk=disponibilidade.pk).update(vigente_ate=last)


@transaction.atomic
def block(
    *,
    unidade: Unidade,
    inicio: datetime,
    fim: datetime,
    motivo: str,
    by: User,
    at: datetime,
    sala: Sala | None = None,
    conciliador: User | None = None,
) -> Ausencia:
    """Take a room or a conciliator out of the agenda for a time; a conciliator may do so for themself.

    Decided by the same constraint as bookings: refused, naming them, while hearings stand in that time.
    """
    if conciliador != by or Papel.CONCILIADOR not in by.papeis_em(unidade.pk):
        require_papel(by, unidade.pk, SETTERS, "registrar ausência na agenda")
    check_resource(unidade, sala, conciliador)
    if not motivo.strip():
        raise ContentRefused("Escreva o motivo da ausência.", errors={"motivo": "Escreva o motivo."})
    if not inicio < fim:
        raise ContentRefused("O fim vem depois do início.", errors={"fim": "O fim vem depois do início."})
    away = Ausencia.objects.create(
        unidade=unidade,
        sala=sala,
        conciliador=conciliador,
        durante=(inicio, fim),
        motivo=motivo.strip(),
        registrada_por=by,
        registrada_em=at,
    )
    if not Reserva.objects.take_away(ausencia=away.pk, resource=away.recurso, start=inicio, end=fim):
        raise ActNotAllowed(_in_the_way(away.recurso, inicio, fim))
    return away


@transaction.atomic
def unblock(*, ausencia: Ausencia, by: User, at: datetime) -> Ausencia:
    """Give a room or a conciliator back to the agenda; the absence stays on record as undone."""
    if ausencia.conciliador_id != by.pk:
        require_papel(by, ausencia.unidade_id, SETTERS, "desfazer a ausência")
    standing = Ausencia.objects.standing().filter(pk=ausencia.pk)
    if not standing.update(desfeita_em=at, desfeita_por=by):
        raise ActNotAllowed("Esta ausência já foi desfeita. Atualize a página.")
    Reserva.objects.filter(ausencia=ausencia).delete()
    ausencia.desfeita_em, ausencia.desfeita_por = at, by
    return ausencia


def check_resource(unidade: Unidade, sala: Sala | None, conciliador: User | None) -> None:
    """Refuse anything but one room or one conciliator of this unidade."""
    if (sala is None) == (conciliador is None):
        message = "Escolha uma sala ou um conciliador, não os dois."
        raise ContentRefused(message, errors={"recurso": message})
    if sala and sala.unidade_id != unidade.pk:
        message = f"A sala {sala} é de outra unidade."
        raise ContentRefused(message, errors={"recurso": message})
    if conciliador and not conciliators_of(unidade).filter(pk=conciliador.pk).exists():
        message = f"{conciliador} não é conciliador nesta unidade."
        raise ContentRefused(message, errors={"recurso": message})


def _in_the_way(resource: str, start: datetime, end: datetime) -> str:
    held = Reserva.objects.meeting(start, end).filter(recurso=resource)
    hearings = Audiencia.objects.filter(reservas__in=held).select_related("atendimento").order_by("inicio", "pk")
    names = [
        f"{timezone.localtime(row.inicio):%d/%m/%Y às %H:%M} ({row.atendimento.protocolo})"
        for row in hearings[: NAMED + 1]
    ]
    if not names:
        return "Já há uma ausência registrada nesse período. Desfaça-a antes, ou escolha outro período."
    more = " e outras" if len(names) > NAMED else ""
    return (
        f"Há audiências marcadas nesse período: {'; '.join(names[:NAMED])}{more}. "
        "Redesigne-as ou cancele-as antes de registrar a ausência."
    )
