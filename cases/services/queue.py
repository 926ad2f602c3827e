"""The walk-in queue: tickets issued, called, taken up, ended. The database decides who gets whom."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from cases.models import Atendimento, Senha
from cases.rules.queue import PREFIXES
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import require_papel

COUNTER = frozenset({Papel.ATENDENTE, Papel.COORDENADOR})
_NEXT = """
    INSERT INTO cases_sequenciadesenha AS s (unidade_id, dia, ultimo) VALUES (%s, %s, 1)
    ON CONFLICT (unidade_id, dia) DO UPDATE SET ultimo = s.ultimo + 1
    RETURNING ultimo
"""


@whole
def issue_ticket(*, unidade: Unidade, ordem: int, by: User, at: datetime, primeiro_nome: str = "") -> Senha:
    """Give out the next ticket of this unidade and day. Numbers have no gaps, whoever asks at once."""
    require_papel(by, unidade.pk, COUNTER, "emitir senha")
    if ordem not in PREFIXES:
        raise ContentRefused("Escolha a prioridade na lista.", errors={"ordem": "Escolha na lista."})
    day = timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [unidade.pk, day])
        (number,) = cursor.fetchone()
    first = (primeiro_nome.split() or [""])[0][:40]
    return Senha.objects.create(
        unidade=unidade, dia=day, numero=number, ordem=ordem, primeiro_nome=first, emitida_em=at
    )


@whole
def call_next(*, unidade: Unidade, guiche: str, by: User, at: datetime) -> Senha | None:
    """Call whom the law puts first among those who wait; None where nobody does.

    Two clerks who press at once get two different tickets: a row that one is taking is skipped by the other.
    One person has one ticket at a time (a constraint, so that a double press takes nobody from the queue).
    """
    require_papel(by, unidade.pk, COUNTER, "chamar senha")
    if not guiche.strip():
        raise ContentRefused("Diga em que guichê você está.", errors={"guiche": "Escreva o guichê."})
    waiting = Senha.objects.filter(unidade=unidade).on_day(timezone.localdate(at)).waiting()
    ticket = waiting.select_for_update(skip_locked=True).first()
    if ticket is None:
        return None
    ticket.chamada_em = ticket.ultima_chamada_em = at
    ticket.chamadas, ticket.guiche, ticket.por = 1, guiche.strip()[:20], by
    with refusals_from(Senha):
        ticket.save(update_fields=["chamada_em", "ultima_chamada_em", "chamadas", "guiche", "por"])
    return ticket


@whole
def call_again(*, senha: Senha, by: User, at: datetime) -> Senha:
    """Call the same ticket once more; the panel shows it on top again."""
    ticket = _mine(senha, by, "chamar de novo")
    if ticket.atendida_em:
        raise ActNotAllowed(f"A senha {ticket} já está sendo atendida.")
    ticket.ultima_chamada_em, ticket.chamadas = at, ticket.chamadas + 1
    ticket.save(update_fields=["ultima_chamada_em", "chamadas"])
    return ticket


@whole
def mark_absent(*, senha: Senha, by: User, at: datetime) -> Senha:
    """Whoever was called did not come. Who comes back later gets a new ticket."""
    ticket = _mine(senha, by, "registrar a ausência")
    if ticket.atendida_em:
        raise ActNotAllowed(f"A senha {ticket} já está sendo atendida. Conclua o atendimento.")
    ticket.desistiu_em = at
    ticket.save(update_fields=["desistiu_em"])
    return ticket


@whole
def start(*, senha: Senha, by: User, at: datetime) -> Senha:
    """Whoever was called is at the counter."""
    ticket = _mine(senha, by, "iniciar o atendimento")
    if ticket.atendida_em is None:
        ticket.atendida_em = at
        ticket.save(update_fields=["atendida_em"])
    return ticket


@whole
def finish(*, senha: Senha, by: User, at: datetime) -> Senha:
    """The counter is free again."""
    ticket = _mine(senha, by, "concluir")
    if ticket.atendida_em is None:
        raise ActNotAllowed(
            f"A senha {ticket} foi chamada, mas o atendimento não começou. Inicie-o, ou registre a ausência."
        )
    ticket.concluida_em = at
    ticket.save(update_fields=["concluida_em"])
    return ticket


@whole
def lead_to(*, senha: Senha, atendimento: Atendimento, by: User, at: datetime) -> Senha:
    """The case that came of it is registered: the ticket says which, and the counter is free again."""
    ticket = _mine(senha, by, "registrar o atendimento")
    ticket.atendida_em = ticket.atendida_em or at
    ticket.concluida_em, ticket.atendimento = at, atendimento
    ticket.save(update_fields=["atendida_em", "concluida_em", "atendimento"])
    return ticket


def _mine(senha: Senha, by: User, label: str) -> Senha:
    """The ticket as it stands now, locked: called by this person, and not ended."""
    ticket = Senha.objects.select_for_update().get(pk=senha.pk)
    if ticket.por_id != by.pk:
        raise ActNotAllowed(f"Só quem chamou a senha {ticket} pode «{label}». Atualize a página.")
    if ticket.desistiu_em or ticket.concluida_em:
        raise ActNotAllowed(f"A senha {ticket} já foi encerrada. Chame a próxima.")
    return ticket


def forget_first_names(*, today: date) -> int:
    """Take the first names off the tickets of past days: they served to call somebody. How many; may run twice."""
    return Senha.objects.filter(dia__lt=today).exclude(primeiro_nome="").update(primeiro_nome="")
