"""What waits for somebody, by papel: a count that never reads far, and the list behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse

from accounts.models import Papel, User
from cases.models import CIP, Acordo, Atendimento, Rascunho, Reclamacao
from hearings.models import Audiencia
from listing.pages import capped_count
from notifications.models import Mensagem
from parties.models import GrupoDeConsumidores, GrupoDeDuplicados

#: An open case in which nothing happened for so many days waits for whoever attends to it.
STILL = 15
#: Counts stop here: whoever has more than this needs the list, not the number.
CAP = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: in words, how many, and where they are listed."""

    nome: str
    total: str
    endereco: str
    icone: str


def waiting(user: User, *, at: datetime, today: date) -> list[Waiting]:
    """What waits for this person, without what is nothing; a fixed number of reads for the papéis held."""
    found = [*_for_counter(user, at, today), *_for_others(user, today), *_for_auditor(user)]
    return [item for item in found if item.total != "0"]


def _for_counter(user: User, at: datetime, today: date) -> Iterator[Waiting]:
    if not user.has_papel(Papel.ATENDENTE, Papel.COORDENADOR):
        return
    mine = Atendimento.objects.visible_to(user).filter(atendente=user)
    still = mine.standing_still(since=at - timedelta(days=STILL))
    yield _of(
        f"meus casos parados há mais de {STILL} dias", still, "fa-hourglass-half", parado=STILL, atendente=user.pk
    )
    back = mine.filter(status=Atendimento.Status.AGUARDA_CONSUMIDOR)
    yield _of(
        "meus casos que aguardam o consumidor", back, "fa-user-clock", status="aguarda_consumidor", atendente=user.pk
    )
    answered = CIP.objects.visible_to(user).filter(status__in=[CIP.Status.RESPONDIDA, CIP.Status.PRAZO_DECORRIDO])
    yield _of(
        "CIPs respondidas ou vencidas, a analisar", answered, "fa-envelope-open-text", status="aguarda_consumidor"
    )
    agreed = capped_count(Acordo.objects.visible_to(user).to_ask(today=today), CAP)
    address = f"{reverse('acordos')}?quando=a_conferir"
    yield Waiting("acordos a conferir com o consumidor", agreed, address, "fa-handshake")
    drafts = Rascunho.objects.visible_to(user)
    yield Waiting("rascunhos meus", capped_count(drafts, CAP), reverse("atendimento_novo"), "fa-pencil-alt")


def _for_others(user: User, today: date) -> Iterator[Waiting]:
    cases = Atendimento.objects.visible_to(user)
    if user.has_papel(Papel.COORDENADOR, Papel.ATENDENTE):
        failed = Mensagem.objects.visible_to(user).undelivered()
        address = f"{reverse('mensagens')}?situacao=nao_entregues"
        yield Waiting("mensagens que não chegaram", capped_count(failed, CAP), address, "fa-exclamation-triangle")
    if user.has_papel(Papel.COORDENADOR):
        late = cases.with_term(overdue_on=today)
        yield _of("casos com prazo vencido na unidade", late, "fa-calendar-times", prazo="vencido", ordem="antigos")
        closed = Audiencia.objects.visible_to(user).on_closed_days(since=today)
        address = reverse("audiencias_sem_expediente")
        yield Waiting("audiências em dia sem expediente", capped_count(closed, CAP), address, "fa-calendar-day")
    if user.has_papel(Papel.AUTORIDADE):
        ready = Reclamacao.objects.filter(status="em_analise", atendimento__in=cases)
        yield _of("reclamações em análise, a decidir", ready, "fa-gavel", status="em_reclamacao", ordem="antigos")


def _for_auditor(user: User) -> Iterator[Waiting]:
    if not user.has_papel(Papel.AUDITOR):
        return
    suppliers = GrupoDeDuplicados.objects.filter(decidido_em__isnull=True)
    yield Waiting("possíveis fornecedores duplicados", capped_count(suppliers, CAP), reverse("duplicados"), "fa-clone")
    people = GrupoDeConsumidores.objects.visible_to(user).filter(decidido_em__isnull=True)
    address = reverse("pessoas_duplicadas")
    yield Waiting("possíveis consumidores duplicados", capped_count(people, CAP), address, "fa-user-friends")


def _of(name: str, rows: models.QuerySet[models.Model], icon: str, **query: object) -> Waiting:
    return Waiting(name, capped_count(rows, CAP), f"{reverse('atendimentos')}?{urlencode(query)}", icon)
