"""What the parties are told about a hearing: letters, e-mails and reminders, written in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.models import Reclamado
from cases.services.letters import case_data, supplier_data, term_data
from documents.models import Documento
from documents.services import Letter, issue_many
from hearings.models import Audiencia, PedidoDeRemarcacao
from hearings.render import invitation
from hearings.rules import parse_reminders, plan_reminders
from hearings.services.checks import ABSENCE_RULE, LEAD_RULE
from hearings.services.slots import agenda_rules
from notifications.models import Mensagem
from notifications.rules import parse_quiet
from notifications.services import Fields, cancel, enqueue_many, message, skipped

NOTICE, REMINDER, CALLED_OFF = "aviso_audiencia", "lembrete_audiencia", "cancelamento_audiencia"
DENIED = "negativa_remarcacao"
LINK_SALT = "hearings.parte"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that a notice quotes: the minimum lead, and the time to justify an absence."""

    lead: dict[str, str]
    absence: dict[str, str]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is told: `key` is "consumidor:5" or "fornecedor:9"; `emails` as `Fornecedor.notice_emails`."""

    key: str
    nome: str
    emails: Mapping[str, str]
    bring: str
    reclamado: Reclamado | None = None
    texts: tuple[str, ...] = ()
    telefone: str = ""

    @property
    def channels(self) -> Iterator[tuple[str, str, str]]:
        """By which channels it is told, each with its address and whose that is (a contact's, or the party's own: "").

        E-mail always, also where no address is known; others where the consumer wants them.
        """
        for ending, address in (self.emails or {"": ""}).items():
            yield Mensagem.Canal.EMAIL.value, address, ending
        for canal in self.texts:
            yield canal, self.telefone, ""


def to_tell(reclamados: Collection[int]) -> dict[int, Reclamado]:
    """Suppliers called to hearings, by key, with where their notices go: a fixed number of reads."""
    contacts = "contatos_de_aviso"
    found = Reclamado.objects.filter(pk__in=reclamados).select_related("fornecedor__fundido_em")
    return {
        item.pk: item
        for item in found.prefetch_related(f"fornecedor__{contacts}", f"fornecedor__fundido_em__{contacts}")
    }


def parties_of(audiencia: Audiencia, called: Sequence[Reclamado] | None = None) -> Iterator[Party]:
    """The consumer, where the case has one, and the suppliers called to this hearing (`called`, if already read)."""
    person = audiencia.atendimento.consumidor
    if person:
        bring = "documento com foto (RG ou CPF) e os papéis da reclamação"
        stands = person.fundido_em or person
        texts: tuple[str, ...] = ()
        if settings.PROCON["GATEWAY_URL"]:
            texts = tuple(stands.autorizacoes_de_canal.standing().values_list("canal", flat=True))
        key, emails = f"consumidor:{person.pk}", {"": person.aviso_email}
        yield Party(key, str(person), emails, bring, texts=texts, telefone=stands.telefone)
    if called is None:
        called = list(to_tell(list(audiencia.reclamados.values_list("pk", flat=True))).values())
    for reclamado in sorted(called, key=lambda item: item.pk):
        supplier = reclamado.fornecedor
        bring = "ato constitutivo, carta de preposição e, se for o caso, procuração"
        emails = supplier.notice_emails("audiencia")
        yield Party(f"fornecedor:{supplier.pk}", supplier.razao_social, emails, bring, reclamado)


def party_key(audiencia: Audiencia, parte: str) -> str:
    """What stands in the link: the hearing and the party, signed; no name, and no use for any other date."""
    return signing.dumps([audiencia.pk, parte], salt=LINK_SALT)


def issue_notices(
    audiencias: Sequence[Audiencia], called: Mapping[int, Sequence[Reclamado]], *, by: User, at: datetime
) -> None:
    """Issue each party's letter and write its messages and its reminders into the outbox; many hearings at once.

    `called` are the suppliers of each hearing, by its key (see `to_tell`).
    """
    terms = Terms(term_data(LEAD_RULE, at=at), term_data(ABSENCE_RULE, at=at))
    old = _letters_before(audiencias)
    letters: list[Letter] = []
    messages: list[Mensagem] = []
    for audiencia in audiencias:
        subject = f"Audiência de conciliação em {when(audiencia)}"
        if audiencia.anterior:
            subject = f"Audiência redesignada para {when(audiencia)}"
        news = [_Told(NOTICE, "aviso", subject, due=at), *_reminders(audiencia, at=at)]
        for party in parties_of(audiencia, called[audiencia.pk]):
            letters.append(_letter(audiencia, party, called[audiencia.pk], terms, old))
            messages += [item for told in news for item in _messages(audiencia, party, told, at=at)]
    issue_many(letters, by=by, at=at)
    enqueue_many(messages)


def call_off(audiencia: Audiencia, *, motivo: str, at: datetime, tell: bool) -> None:
    """Cancel what has not gone out about this date; with `tell`, say to the parties that there is no hearing."""
    cancel(referencia=audiencia.referencia, motivo=motivo)
    if not tell or audiencia.inicio <= at:
        return
    told = _Told(CALLED_OFF, "cancelamento", f"Cancelada a audiência de {when(audiencia)}", due=at)
    enqueue_many([item for party in parties_of(audiencia) for item in _messages(audiencia, party, told, at=at)])


def tell_denied(pedido: PedidoDeRemarcacao, *, at: datetime) -> None:
    """Say to who asked for another date that it was denied; the reason stands behind their link, not in the message."""
    audiencia = pedido.audiencia
    if audiencia.inicio <= at:
        return
    told = _Told(DENIED, f"negativa:{pedido.pk}", f"Vale a audiência de {when(audiencia)}", due=at)
    asking = [party for party in parties_of(audiencia) if party.key == pedido.parte]
    enqueue_many([item for party in asking for item in _messages(audiencia, party, told, at=at)])


def hearing_data(audiencia: Audiencia) -> dict[str, Any]:
    """The hearing as every letter prints it."""
    return {
        "id": audiencia.pk,
        "inicio": timezone.localtime(audiencia.inicio).isoformat(),
        "fim": timezone.localtime(audiencia.fim).isoformat(),
        "sala": audiencia.sala.nome,
        "link": _link(audiencia),
        "endereco": audiencia.atendimento.unidade.onde,
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


def _letters_before(audiencias: Sequence[Audiencia]) -> dict[tuple[int, str, str], Documento]:
    """The standing letters of the dates that these replace: by the first hearing of the series, kind and party.

    Of all earlier dates, not of the last one alone: a date may have been moved before its letters were made.
    """
    moved = [row for row in audiencias if row.primeira_id]
    if not moved:
        return {}
    firsts = {row.primeira_id for row in moved}
    series = Audiencia.objects.filter(Q(primeira__in=firsts) | Q(pk__in=firsts)).values_list("pk", "primeira")
    first_of = {pk: first or pk for pk, first in series}
    kinds = (Documento.Tipo.NOTIFICACAO_CONSUMIDOR, Documento.Tipo.NOTIFICACAO_FORNECEDOR)
    found = Documento.objects.filter(
        historico__in=[row.historico_id for row in moved], tipo__in=kinds, substituido_por=None
    )
    letters = [(row.dados["dados"], row) for row in found if row.dados]
    return {
        (first_of[data["audiencia"]["id"]], row.tipo, data["parte"]): row
        for data, row in letters
        if data["audiencia"]["id"] in first_of
    }


def _letter(
    audiencia: Audiencia,
    party: Party,
    called: Sequence[Reclamado],
    terms: Terms,
    old: Mapping[tuple[int, str, str], Documento],
) -> Letter:
    tipo = Documento.Tipo.NOTIFICACAO_FORNECEDOR if party.reclamado else Documento.Tipo.NOTIFICACAO_CONSUMIDOR
    dados = {
        **case_data(audiencia.atendimento),
        "audiencia": hearing_data(audiencia),
        "parte": party.key,
        "antecedencia": {} if audiencia.dispensa_antecedencia else terms.lead,
        "justificativa": terms.absence,
        "tolerancia_minutos": agenda_rules(audiencia.atendimento.unidade).tolerancia,
        "fornecedores": [supplier_data(item.fornecedor) for item in sorted(called, key=lambda item: item.pk)],
    }
    if party.reclamado:
        dados["fornecedor"] = supplier_data(party.reclamado.fornecedor)
    return Letter(
        tipo=tipo,
        titulo=f"Notificação de audiência – {audiencia.atendimento.protocolo}",
        dados=dados,
        unidade=audiencia.atendimento.unidade,
        historico=audiencia.atendimento.historico,
        supersedes=old.get((audiencia.primeira_id or 0, tipo, party.key)),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """One thing that every party is told about a hearing; with `motivo` it is written down as not sent, and why."""

    tipo: str
    chave: str
    subject: str
    due: datetime
    vez: str = ""
    motivo: str = ""


def _reminders(audiencia: Audiencia, *, at: datetime) -> Iterator[_Told]:
    """The reminders of this date; those that will not go out (past, or overtaken by a closer one) say why."""
    quiet = parse_quiet(settings.PROCON["SILENCIO"], timezone.get_default_timezone())
    subject = f"Lembrete: audiência em {when(audiencia)}"
    for plan in plan_reminders(parse_reminders(settings.PROCON["LEMBRETES"]), start=audiencia.inicio, quiet=quiet):
        motivo = ""
        if plan.due <= at:
            motivo = (
                f"O momento deste lembrete ({timezone.localtime(plan.due):%d/%m/%Y às %H:%M}) já havia passado "
                f"quando as partes foram avisadas, em {timezone.localtime(at):%d/%m/%Y às %H:%M}."
            )
        elif plan.closer:
            motivo = f"Ultrapassada pelo lembrete de {plan.closer.words} antes, que sai no mesmo momento."
        name = plan.reminder.name
        yield _Told(REMINDER, f"lembrete:{name}", subject, plan.due, name, motivo)


def _messages(audiencia: Audiencia, party: Party, told: _Told, *, at: datetime) -> Iterator[Mensagem]:
    """One for each of the party's channels and addresses, not yet written; reminders only where there is an address."""
    case = audiencia.atendimento
    invites = "" if told.tipo in (REMINDER, DENIED) else invitation(audiencia, at=at, cancelled=told.tipo == CALLED_OFF)
    for canal, address, ending in party.channels:
        if told.tipo == REMINDER and not address:
            continue
        by_mail = canal == Mensagem.Canal.EMAIL
        fields: Fields = {
            "chave": f"{audiencia.referencia}:{told.chave}:{party.key}:{canal}{ending}",
            "tipo": told.tipo,
            "canal": canal,
            "unidade": case.unidade,
            "destinatario": party.nome,
            "endereco": address,
            "assunto": f"{told.subject} – {settings.PROCON['NOME']}",
            "corpo": _body(audiencia, party, told.tipo) if by_mail else _text(audiencia, told.tipo),
            "devida_em": told.due,
            "vale_ate": audiencia.inicio,
            "historico": case.historico,
            "referencia": audiencia.referencia,
            "versao": audiencia.versao,
            "parte": party.key,
            "contato": ending.removeprefix(":"),
            "vez": told.vez,
            "convite": invites if by_mail else "",
            "fora_do_silencio": told.tipo == REMINDER or (told.tipo in (NOTICE, DENIED) and not by_mail),
        }
        yield skipped(motivo=told.motivo, **fields) if told.motivo else message(**fields)


def _text(audiencia: Audiencia, tipo: str) -> str:
    """What goes to a mobile: when, and whom to ring; nothing of the case, for anybody may see the screen."""
    office = settings.PROCON
    news = {
        NOTICE: f"audiência marcada para {when(audiencia)}",
        REMINDER: f"lembrete de audiência em {when(audiencia)}",
        CALLED_OFF: f"cancelada a audiência de {when(audiencia)}; não é preciso vir",
        DENIED: f"o pedido de outra data não foi aceito; vale a audiência de {when(audiencia)}",
    }[tipo]
    return f"{office['NOME']}: {news}. Dúvidas: {office['TELEFONE']}."


def _body(audiencia: Audiencia, party: Party, tipo: str) -> str:
    """Plain words, and no personal data beyond the addressee's own name."""
    office, case = settings.PROCON, audiencia.atendimento
    if tipo == CALLED_OFF:
        news = f"A audiência de conciliação marcada para {when(audiencia)} foi cancelada. Não é preciso comparecer."
        if audiencia.anterior and audiencia.avisada_em is None:
            news += f"\nEla substituía a de {when(audiencia.anterior)}, que também não acontece."
    elif tipo == DENIED:
        news = (
            "O Procon não aceitou o seu pedido de outra data. Vale a audiência de conciliação de "
            f"{when(audiencia)}.\n\nO motivo está aqui, onde também pode confirmar que vem: {_answer(audiencia, party)}"
        )
    else:
        place = f"{audiencia.sala.nome}, {case.unidade.onde}"
        link = _link(audiencia)
        if link:
            place = link if audiencia.modalidade == Audiencia.Modalidade.VIRTUAL else f"{place}, ou {link}"
        news = (
            f"Audiência de conciliação: {when(audiencia)} ({audiencia.get_modalidade_display().lower()}).\n"
            f"Onde: {place}\nTraga: {party.bring}."
        )
        if audiencia.anterior:
            news += f"\nEsta data substitui a de {when(audiencia.anterior)}."
        news += f"\n\nConfirme que vem, ou peça outra data: {_answer(audiencia, party)}"
    return (
        f"{party.nome},\n\n{news}\n\nAtendimento {case.protocolo}.\n"
        f"Dúvidas ou impedimento: {office['TELEFONE']}.\n\n{office['NOME']}\n{office['ENDERECO']}\n"
    )


def _answer(audiencia: Audiencia, party: Party) -> str:
    """Where the party answers."""
    return settings.PROCON["SITE"].rstrip("/") + reverse("audiencia_parte", args=[party_key(audiencia, party.key)])


def _link(audiencia: Audiencia) -> str:
    return "" if audiencia.modalidade == Audiencia.Modalidade.PRESENCIAL else audiencia.sala.link
