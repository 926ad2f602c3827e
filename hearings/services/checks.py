"""What the law and the office ask of a date before it is offered to the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from cases.models import Atendimento, Reclamado
from deadlines.calendar import Calendar, OutsideCalendarError, weekday_name
from deadlines.services import preview
from hearings.models import Audiencia, Impedimento, Sala
from hearings.services.ground import Ground
from hearings.services.slots import outside, person_key
from workflow.errors import ActNotAllowed, ContentRefused

CASE_STATES = (Atendimento.Status.AGUARDA_CONSUMIDOR, Atendimento.Status.EM_RECLAMACAO)
FROM_AFAR = (Audiencia.Modalidade.VIRTUAL, Audiencia.Modalidade.HIBRIDA)
LEAD_RULE, ABSENCE_RULE = "antecedencia_audiencia", "justificativa_ausencia"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A date as somebody proposes it; `inicio` and `fim` are aware and half-open."""

    reclamados: Sequence[Reclamado]
    sala: Sala
    conciliador: User
    inicio: datetime
    fim: datetime
    modalidade: str
    dispensa_antecedencia: str


def in_the_way(
    impediments: Sequence[Impedimento], reclamados: Sequence[Reclamado], start: datetime, end: datetime
) -> Impedimento | None:
    """The first impediment of the consumer, or of a supplier that is called, which meets this local time."""
    called = {item.pk for item in reclamados}
    return next(
        (
            row
            for row in impediments
            if (row.reclamado_id is None or row.reclamado_id in called) and row.rule.meets(start, end)
        ),
        None,
    )


def check_case(atendimento: Atendimento) -> None:
    """A hearing needs an answer, a lapsed term or a reclamação behind it."""
    if atendimento.status not in CASE_STATES:
        wanted = " ou ".join(f"«{state.label}»" for state in CASE_STATES)
        raise ActNotAllowed(
            f"Não se marca audiência em caso «{atendimento.get_status_display()}»: o caso precisa estar em {wanted}. "
            "Registre antes a resposta do fornecedor, o decurso do prazo ou a abertura da reclamação."
        )


def first_day(*, today: date) -> date:
    """The first day on which a hearing announced today may be, by the rule of the minimum lead."""
    return preview(LEAD_RULE, start=today).ends


def check_content(atendimento: Atendimento, proposal: Proposal, ground: Ground) -> None:
    """Raise ContentRefused with every reason why this date cannot be, by field."""
    found = {
        "reclamados": _reclamados(atendimento, proposal.reclamados),
        "sala": _room(atendimento, proposal),
        "conciliador": _conciliator(proposal.conciliador, ground),
        "modalidade": "" if proposal.modalidade in Audiencia.Modalidade.values else "Escolha a modalidade da lista.",
        "inicio": _start(atendimento, proposal, ground),
        "fim": "" if proposal.fim > proposal.inicio else "O fim vem depois do início. Corrija o horário.",
    }
    errors = {field: message for field, message in found.items() if message}
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)


def _reclamados(atendimento: Atendimento, reclamados: Sequence[Reclamado]) -> str:
    if not reclamados:
        return "Escolha ao menos um fornecedor: sem ele não há com quem conciliar."
    if any(item.atendimento_id != atendimento.pk for item in reclamados):
        return "Um dos fornecedores não é parte deste caso. Escolha entre os reclamados do caso."
    return ""


def _room(atendimento: Atendimento, proposal: Proposal) -> str:
    room = proposal.sala
    if room.unidade_id != atendimento.unidade_id:
        return f"A sala {room} é de outra unidade. Escolha uma sala da unidade do caso."
    if not room.ativa:
        return f"A sala {room} está desativada. Escolha outra."
    if proposal.modalidade in FROM_AFAR and not room.link:
        return (
            f"A sala {room} não tem link, e esta modalidade precisa de um. "
            "Escolha uma sala com link ou peça ao administrador que o cadastre."
        )
    return ""


def _conciliator(person: User, ground: Ground) -> str:
    if not person.is_active or person.pk not in ground.conciliators:
        return f"{person} não é conciliador nesta unidade. Escolha um conciliador da lista."
    return ""


def _start(atendimento: Atendimento, proposal: Proposal, ground: Ground) -> str:
    if proposal.inicio <= ground.at:
        return "A data e a hora já passaram. Escolha um momento futuro."
    start, end = timezone.localtime(proposal.inicio), timezone.localtime(proposal.fim)
    return (
        _day(start.date(), ground.law.calendar)
        or _hours(start, end, ground)
        or _windows(proposal, start, end, ground)
        or _lead(start.date(), proposal, ground)
        or _parties(atendimento, proposal, start, end, ground)
    )


def _day(day: date, calendar: Calendar) -> str:
    try:
        if calendar.is_working_day(day):
            return ""
    except OutsideCalendarError:
        return (
            f"Os feriados de {day.year} ainda não estão no calendário. "
            "Escolha outra data ou peça ao administrador que os carregue."
        )
    name = calendar.name_of(day) or weekday_name(day)
    return f"Em {day:%d/%m/%Y} o Procon não funciona ({name}). Escolha um dia útil."


def _hours(start: datetime, end: datetime, ground: Ground) -> str:
    inside = ground.opens <= start.time() and end.time() <= ground.closes and start.date() == end.date()
    if inside or end <= start:
        return ""
    return (
        f"O horário das {start:%H:%M} às {end:%H:%M} sai do expediente, que é das {ground.opens:%H:%M} "
        f"às {ground.closes:%H:%M}. Escolha um horário dentro dele."
    )


def _windows(proposal: Proposal, start: datetime, end: datetime, ground: Ground) -> str:
    named = {proposal.sala.recurso: proposal.sala, person_key(proposal.conciliador): proposal.conciliador}
    for resource, name in named.items():
        if windows := outside(ground.windows.get(resource, ()), start, end):
            hours = "; ".join(
                f"{row.get_dia_da_semana_display()} das {row.das:%H:%M} às {row.ate:%H:%M}" for row in windows
            )
            return f"{name} só atende em: {hours}. Escolha um desses horários, ou outra sala ou conciliador."
    return ""


def _lead(day: date, proposal: Proposal, ground: Ground) -> str:
    today = timezone.localdate(ground.at)
    first = ground.law.ends(LEAD_RULE, start=today)
    if proposal.dispensa_antecedencia.strip() or day >= first:
        return ""
    rule = ground.law.rule(LEAD_RULE, on=today)
    return (
        f"Entre a notificação e a audiência são precisos {rule.dias} {rule.get_contagem_display().lower()} "
        f"({rule.fonte}): a primeira data possível é {first:%d/%m/%Y}. "
        "Escolha outra data, ou registre como as partes dispensaram a antecedência."
    )


def _parties(atendimento: Atendimento, proposal: Proposal, start: datetime, end: datetime, ground: Ground) -> str:
    row = in_the_way(ground.impediments.get(atendimento.pk, ()), proposal.reclamados, start, end)
    if row is None:
        return ""
    return (
        f"Nesse horário {row.quem} não pode ({row.quando}). "
        "Escolha outro, ou retire o impedimento se ele não vale mais."
    )
