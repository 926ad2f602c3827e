"""A consumer follows a case with its protocol and key: opening it, its next dates, and the word on an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import CIP, Atendimento, Canal, Manifestacao
from cases.services import record_manifestation
from cases.services.manifestation import ANSWERED, RESULTADO_BY_ESPECIE
from cases.services.returning import LAST_NOTICE, RETURN, RUNNING
from deadlines.models import Prazo
from hearings.models import Audiencia
from hearings.services import party_key
from parties.models import Consumidor
from portal.tracking import hash_key, key_matches, new_key
from workflow.errors import ActNotAllowed
from workflow.integrity import whole
from workflow.services import record

#: What is recorded when the counter gives the consumer a key.
GIVE_KEY = "ENTREGAR_CHAVE"
_TICKET, _PERSON = "portal.acompanhamento", "portal.consumidor"
#: In a ticket's place for the key: its bearer is the consumer, by gov.br. No key begins so.
_IDENTIFIED = "gov.br"


@dataclass(frozen=True, slots=True)
class Due:
    """One of the case's next dates, in words for the consumer."""

    dia: date
    texto: str
    do_consumidor: bool = False


def case_by_key(*, protocolo: str, chave: str) -> Atendimento | None:
    """The case that protocol and key open; a wrong key and an unknown protocol are the same work and the same None."""
    case = Atendimento.objects.filter(protocolo=protocolo).first()
    opened = key_matches(chave, case.chave_hash if case else "")
    return case if opened else None


def ticket_of(case: Atendimento) -> str:
    """What the browser that opened a case keeps: signed, names nobody, and void once the case has another key."""
    return signing.dumps([case.pk, case.chave_hash[:16]], salt=_TICKET)


def ticket_of_case(case: Atendimento) -> str:
    """The same for the case's own consumer, who came in by gov.br and needs no key."""
    return signing.dumps([case.pk, _IDENTIFIED], salt=_TICKET)


def case_of_ticket(ticket: str, *, lasts: int) -> Atendimento | None:
    """The case behind a ticket of at most `lasts` seconds."""
    try:
        pk, mark = signing.loads(ticket, salt=_TICKET, max_age=lasts)
    except (signing.BadSignature, ValueError):
        return None
    if mark == _IDENTIFIED:
        return Atendimento.objects.filter(pk=pk).first()
    return Atendimento.objects.filter(pk=pk, chave_hash__startswith=mark).exclude(chave_hash="").first()


def ticket_of_person(person: Consumidor) -> str:
    """What the browser of who came in by gov.br keeps: signed, names nobody."""
    return signing.dumps(person.pk, salt=_PERSON)


def person_of_ticket(ticket: str, *, lasts: int) -> Consumidor | None:
    """The person behind a ticket of at most `lasts` seconds."""
    try:
        pk = signing.loads(ticket, salt=_PERSON, max_age=lasts)
    except (signing.BadSignature, ValueError):
        return None
    return Consumidor.objects.standing().filter(pk=pk).first()


def cases_of(person: Consumidor) -> QuerySet[Atendimento]:
    """The cases of this person, whichever of their registrations they were opened with."""
    return Atendimento.objects.filter(Q(consumidor=person) | Q(consumidor__fundido_em=person))


@whole
def give_key(*, atendimento: Atendimento, by: User, at: datetime) -> str:
    """Make the case's tracking key, which exists in clear only here; an earlier key opens no more.

    Raises ActNotAllowed for somebody who does not attend in the case's unidade.
    """
    require_giver(atendimento, by)
    key = new_key()
    Atendimento.objects.filter(pk=atendimento.pk).update(chave_hash=hash_key(key))
    record(atendimento, GIVE_KEY, by=by, at=at, nova=bool(atendimento.chave_hash))
    return key


def require_giver(case: Atendimento, by: User) -> None:
    """Refuse who hands out no keys in the case's unidade."""
    if not by.papeis_em(case.unidade_id) & set(acts.COUNTER):
        raise ActNotAllowed("A chave é entregue pelo atendente ou pelo coordenador da unidade. Peça a um deles.")


def answers_of(case: Atendimento) -> QuerySet[CIP]:
    """The suppliers' answers to the letters of this case, oldest first."""
    answered = CIP.objects.filter(reclamado__atendimento=case, respondida_em__isnull=False)
    return answered.select_related("reclamado__fornecedor", "manifestacao").order_by("respondida_em", "pk")


def awaits_word(cip: CIP) -> bool:
    """Whether the consumer may still say what they think of this answer."""
    return cip.status in ANSWERED and not hasattr(cip, "manifestacao")


def may_accept(cip: CIP) -> bool:
    """A refusal holds nothing to accept."""
    return cip.especie in RESULTADO_BY_ESPECIE


def say_word(*, cip: CIP, aceita: bool, texto: str, at: datetime) -> Manifestacao:
    """Record the consumer's word on an answer, given on the public page. Refusals as `record_manifestation`."""
    by = User.objects.system()
    return record_manifestation(cip=cip, aceita=aceita, texto=texto, canal=Canal.PORTAL, by=by, at=at)


def hearings_of(case: Atendimento, *, at: datetime) -> list[tuple[Audiencia, str]]:
    """The hearings still to come, each with the signed name of the consumer's own page about it."""
    found = Audiencia.objects.filter(atendimento=case, inicio__gt=at).pending().with_everything().order_by("inicio")
    return [(one, party_key(one, f"consumidor:{case.consumidor_id}")) for one in found]


def next_dates(case: Atendimento, *, at: datetime) -> list[Due]:
    """The terms that run and are the consumer's to know, soonest first."""
    today = timezone.localdate(at)
    letters = CIP.objects.filter(reclamado__atendimento=case, status__in=RUNNING, prazo__isnull=False)
    found = [
        Due(cip.prazo.vence_em, f"{cip.reclamado.fornecedor} tem até este dia para responder.")
        for cip in letters.select_related("prazo", "reclamado__fornecedor")
        if cip.prazo
    ]
    waiting = Prazo.objects.running().filter(historico=case.historico_id, regra__nome__in=[RETURN, LAST_NOTICE])
    last = "Último dia para dizer ao Procon como quer continuar; depois, o caso é arquivado."
    first = "Até este dia, diga se aceita a resposta ou como quer continuar."
    found += [
        Due(term.vence_em, last if term.regra.nome == LAST_NOTICE else first, do_consumidor=True)
        for term in waiting.select_related("regra")
    ]
    return sorted((due for due in found if due.dia >= today), key=lambda due: due.dia)
