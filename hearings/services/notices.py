"""What the parties are told about a hearing: letters, e-mails and reminders, all written with the act itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.models import Reclamado
from cases.services.letters import case_data, supplier_data, term_data
from documents.models import Documento
from documents.services import issue
from hearings.models import Audiencia
from hearings.render import invitation
from hearings.rules import Reminder, parse_reminders
from hearings.services.checks import ABSENCE_RULE, LEAD_RULE
from hearings.services.slots import agenda_rules
from notifications.services import cancel, enqueue, skip

NOTICE, REMINDER, CALLED_OFF = "aviso_audiencia", "lembrete_audiencia", "cancelamento_audiencia"
LINK_SALT = "hearings.parte"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is told: `key` is "consumidor:5" or "fornecedor:9"."""

    key: str
    nome: str
    email: str
    bring: str
    reclamado: Reclamado | None = None


def parties_of(audiencia: Audiencia) -> Iterator[Party]:
    """The consumer, where the case has one, and the suppliers called to this hearing."""
    person = audiencia.atendimento.consumidor
    if person:
        bring = "documento com foto (RG ou CPF) e os papéis da reclamação"
        yield Party(f"consumidor:{person.pk}", str(person), person.aviso_email, bring)
    for reclamado in audiencia.reclamados.select_related("fornecedor").order_by("pk"):
        supplier = reclamado.fornecedor
        bring = "ato constitutivo, carta de preposição e, se for o caso, procuração"
        address = supplier.notice_email("audiencia")
        yield Party(f"fornecedor:{supplier.pk}", supplier.razao_social, address, bring, reclamado)


def party_key(audiencia: Audiencia, parte: str) -> str:
    """What stands in the link: the hearing and the party, signed; no name, and no use for any other date."""
    return signing.dumps([audiencia.pk, parte], salt=LINK_SALT)


def issue_notices(audiencia: Audiencia, *, by: User, at: datetime) -> None:
    """Issue each party's letter and write its e-mail and its reminders into the outbox."""
    for party in parties_of(audiencia):
        _issue_letter(audiencia, party, by=by, at=at)
        subject = f"Audiência de conciliação em {when(audiencia)}"
        if audiencia.anterior:
            subject = f"Audiência redesignada para {when(audiencia)}"
        _enqueue(audiencia, party, chave=f"aviso:{party.key}", tipo=NOTICE, subject=subject, due=at, at=at)
        if party.email:
            for reminder in parse_reminders(settings.PROCON["LEMBRETES"]):
                _remind(audiencia, party, reminder, at=at)


def call_off(audiencia: Audiencia, *, motivo: str, at: datetime, tell: bool) -> None:
    """Cancel what has not gone out about this date; with `tell`, say to the parties that there is no hearing."""
    cancel(referencia=audiencia.referencia, motivo=motivo)
    if not tell or audiencia.inicio <= at:
        return
    for party in parties_of(audiencia):
        _enqueue(
            audiencia,
            party,
            chave=f"cancelamento:{party.key}",
            tipo=CALLED_OFF,
            subject=f"Cancelada a audiência de {when(audiencia)}",
            due=at,
            at=at,
        )


def hearing_data(audiencia: Audiencia) -> dict[str, Any]:
    """The hearing as every letter prints it."""
    return {
        "id": audiencia.pk,
        "inicio": timezone.localtime(audiencia.inicio).isoformat(),
        "fim": timezone.localtime(audiencia.fim).isoformat(),
        "sala": audiencia.sala.nome,
        "link": _link(audiencia),
        "endereco": settings.PROCON["ENDERECO"],
        "modalidade": audiencia.modalidade,
        "conciliador": audiencia.conciliador.nome,
        "dispensa_antecedencia": audiencia.dispensa_antecedencia,
    }


def letters_of(audiencia: Audiencia, *tipos: str) -> Any:
    """The documents that speak of this hearing, newest first."""
    found = Documento.objects.filter(historico_id=audiencia.historico_id, dados__dados__audiencia__id=audiencia.pk)
    return found.filter(tipo__in=tipos) if tipos else found


def when(audiencia: Audiencia) -> str:
    """ "12/03/2026 às 10:00", in the office's time."""
    return f"{timezone.localtime(audiencia.inicio):%d/%m/%Y às %H:%M}"


def _issue_letter(audiencia: Audiencia, party: Party, *, by: User, at: datetime) -> Documento:
    tipo = Documento.Tipo.NOTIFICACAO_FORNECEDOR if party.reclamado else Documento.Tipo.NOTIFICACAO_CONSUMIDOR
    dados = {
        **case_data(audiencia.atendimento),
        "audiencia": hearing_data(audiencia),
        "parte": party.key,
        "antecedencia": {} if audiencia.dispensa_antecedencia else term_data(LEAD_RULE, at=at),
        "justificativa": term_data(ABSENCE_RULE, at=at),
        "tolerancia_minutos": agenda_rules(audiencia.atendimento.unidade).tolerancia,
        "fornecedores": [
            supplier_data(item.fornecedor) for item in audiencia.reclamados.select_related("fornecedor").order_by("pk")
        ],
    }
    if party.reclamado:
        dados["fornecedor"] = supplier_data(party.reclamado.fornecedor)
    before = None
    if audiencia.anterior:
        old = letters_of(audiencia.anterior, tipo).filter(substituido_por=None)
        before = old.filter(dados__dados__parte=party.key).first()
    return issue(
        tipo,
        titulo=f"Notificação de audiência – {audiencia.atendimento.protocolo}",
        dados=dados,
        unidade=audiencia.atendimento.unidade,
        historico=audiencia.atendimento.historico,
        by=by,
        at=at,
        supersedes=before,
    )


def _remind(audiencia: Audiencia, party: Party, reminder: Reminder, *, at: datetime) -> None:
    due = audiencia.inicio - reminder.before
    motivo = ""
    if due <= at:
        motivo = (
            f"O momento deste lembrete ({timezone.localtime(due):%d/%m/%Y às %H:%M}) já havia passado "
            f"quando a audiência foi marcada, em {timezone.localtime(at):%d/%m/%Y às %H:%M}."
        )
    _enqueue(
        audiencia,
        party,
        chave=f"lembrete:{reminder.name}:{party.key}",
        tipo=REMINDER,
        subject=f"Lembrete: audiência em {when(audiencia)}",
        due=due,
        at=at,
        motivo=motivo,
    )


def _enqueue(
    audiencia: Audiencia,
    party: Party,
    *,
    chave: str,
    tipo: str,
    subject: str,
    due: datetime,
    at: datetime,
    motivo: str = "",
) -> None:
    case = audiencia.atendimento
    message: dict[str, Any] = {
        "chave": f"{audiencia.referencia}:{chave}:email",
        "tipo": tipo,
        "unidade": case.unidade,
        "destinatario": party.nome,
        "endereco": party.email,
        "assunto": f"{subject} – {settings.PROCON['NOME']}",
        "corpo": _body(audiencia, party, tipo),
        "devida_em": due,
        "vale_ate": audiencia.inicio,
        "historico": case.historico,
        "referencia": audiencia.referencia,
        "convite": "" if tipo == REMINDER else invitation(audiencia, at=at, cancelled=tipo == CALLED_OFF),
    }
    if motivo:
        skip(motivo=motivo, **message)
    else:
        enqueue(**message)


def _body(audiencia: Audiencia, party: Party, tipo: str) -> str:
    """Plain words, and no personal data beyond the addressee's own name."""
    office, case = settings.PROCON, audiencia.atendimento
    if tipo == CALLED_OFF:
        news = f"A audiência de conciliação marcada para {when(audiencia)} foi cancelada. Não é preciso comparecer."
    else:
        place = f"{audiencia.sala.nome}, {office['ENDERECO']}"
        link = _link(audiencia)
        if link:
            place = link if audiencia.modalidade == Audiencia.Modalidade.VIRTUAL else f"{place}, ou {link}"
        news = (
            f"Audiência de conciliação: {when(audiencia)} ({audiencia.get_modalidade_display().lower()}).\n"
            f"Onde: {place}\nTraga: {party.bring}."
        )
        if audiencia.anterior:
            news += f"\nEsta data substitui a de {when(audiencia.anterior)}."
        answer = settings.PROCON["SITE"].rstrip("/") + reverse(
            "audiencia_parte", args=[party_key(audiencia, party.key)]
        )
        news += f"\n\nConfirme que vem, ou peça outra data: {answer}"
    return (
        f"{party.nome},\n\n{news}\n\nAtendimento {case.protocolo}.\n"
        f"Dúvidas ou impedimento: {office['TELEFONE']}.\n\n{office['NOME']}\n{office['ENDERECO']}\n"
    )


def _link(audiencia: Audiencia) -> str:
    return "" if audiencia.modalidade == Audiencia.Modalidade.PRESENCIAL else audiencia.sala.link
