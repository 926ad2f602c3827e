"""The notice of a hearing on its way to each party, and the proof that it arrived: AR, in hand, the party's word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from hearings import acts
from hearings.models import Audiencia, NotificacaoDaAudiencia
from hearings.queries import PENDING
from hearings.services.booking import locked_case, tell_deadlock
from hearings.services.notices import NOTICE, parties_of
from hearings.services.stale import refuse_settled, refuse_stale
from notifications.models import Mensagem
from workflow.errors import ContentRefused
from workflow.integrity import refusals_from
from workflow.services import advance, record, require_papel

Meio = NotificacaoDaAudiencia.Meio


@dataclass(frozen=True, slots=True)
class Notice:
    """How one party was told: `prova` says what proves it, empty where nothing does."""

    parte: str
    nome: str
    prova: str
    enviadas: list[NotificacaoDaAudiencia]
    email: str


@tell_deadlock
@transaction.atomic
def send_notice(
    *, audiencia: Audiencia, parte: str, meio: str, on: date, by: User, at: datetime, rastreio: str = ""
) -> NotificacaoDaAudiencia:
    """Write down that the notice to one party went out on a day; a letter with AR carries its tracking code.

    Handed over in person, it has arrived.
    """
    live = _open(audiencia, by=by)
    names = {party.key: party.nome for party in parties_of(live)}
    code = "".join(rastreio.split()).upper()
    errors = {}
    if parte not in names:
        errors["parte"] = "Escolha uma das partes desta audiência."
    if meio not in Meio.values:
        errors["meio"] = "Escolha o meio da lista."
    if meio == Meio.AR and not code:
        errors["rastreio"] = "Escreva o código de rastreio do AR."
    if not timezone.localdate(live.agendada_em) <= on <= timezone.localdate(at):
        errors["on"] = "A notificação sai entre o dia em que a audiência foi marcada e hoje. Confira a data."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    with refusals_from(NotificacaoDaAudiencia):
        sent = NotificacaoDaAudiencia.objects.create(
            audiencia=live,
            parte=parte,
            meio=meio,
            rastreio=code if meio == Meio.AR else "",
            enviada_em=on,
            recebida_em=on if meio == Meio.EM_MAOS else None,
            registrada_por=by,
        )
    record(live, "ENVIAR_NOTIFICACAO", by=by, at=at, meio=meio, parte=parte, rastreio=sent.rastreio)
    _all_told(live, by=by, at=at)
    return sent


@tell_deadlock
@transaction.atomic
def prove_notice(
    *, notificacao: NotificacaoDaAudiencia, on: date, recebida_por: str = "", by: User, at: datetime
) -> NotificacaoDaAudiencia:
    """Write down the proof that a notice arrived: the AR came back signed, or the party acknowledged it."""
    live = _open(notificacao.audiencia, by=by)
    return _settle(live, notificacao, on, {"recebida_em": on, "recebida_por": recebida_por.strip()}, by=by, at=at)


@tell_deadlock
@transaction.atomic
def return_notice(
    *, notificacao: NotificacaoDaAudiencia, on: date, motivo: str, by: User, at: datetime
) -> NotificacaoDaAudiencia:
    """Write down that a notice came back undelivered, and why; the party is still to be told."""
    live = _open(notificacao.audiencia, by=by)
    if not motivo.strip():
        raise ContentRefused("Escreva por que voltou.", errors={"motivo": "Escreva por que voltou."})
    return _settle(live, notificacao, on, {"devolvida_em": on, "motivo": motivo.strip()}, by=by, at=at)


def notices_of(audiencia: Audiencia) -> list[Notice]:
    """Each party of the hearing, with what went to it and what proves that it knows."""
    sent = list(audiencia.notificacoes.all())
    said = {item.parte: item.quando for item in audiencia.confirmacoes.all()}
    mails = Mensagem.objects.filter(referencia=audiencia.referencia, tipo=NOTICE)
    by_key: dict[str, list[str]] = {}
    for mail in mails.filter(canal=Mensagem.Canal.EMAIL).order_by("pk"):
        by_key.setdefault(mail.parte, []).append(mail.get_situacao_display())
    found = []
    for party in parties_of(audiencia):
        theirs = [item for item in sent if item.parte == party.key]
        mailed = ", ".join(dict.fromkeys(by_key.get(party.key, [])))
        proof = _proof(theirs, said.get(party.key))
        found.append(Notice(party.key, party.nome, proof, theirs, mailed))
    return found


def _proof(sent: Iterable[NotificacaoDaAudiencia], said: datetime | None) -> str:
    for item in sent:
        if item.recebida_em:
            who = f" por {item.recebida_por}" if item.recebida_por else ""
            return f"{item.get_meio_display()}, recebida em {item.recebida_em:%d/%m/%Y}{who}"
    if said:
        return f"Confirmou pelo link em {timezone.localtime(said):%d/%m/%Y às %H:%M}"
    return ""


def _settle(
    live: Audiencia, notice: NotificacaoDaAudiencia, on: date, changes: dict[str, object], *, by: User, at: datetime
) -> NotificacaoDaAudiencia:
    if on > timezone.localdate(at) or on < notice.enviada_em:
        text = f"A data fica entre o envio ({notice.enviada_em:%d/%m/%Y}) e hoje. Confira o AR."
        raise ContentRefused(text, errors={"on": text})
    waiting = NotificacaoDaAudiencia.objects.filter(pk=notice.pk, recebida_em=None, devolvida_em=None)
    settled = not waiting.update(**changes)
    notice.refresh_from_db()
    if settled:
        refuse_settled(live, notice, by=by)
    name = "PROVAR_NOTIFICACAO" if notice.recebida_em else "DEVOLVER_NOTIFICACAO"
    record(live, name, by=by, at=at, motivo=notice.motivo, parte=notice.parte, em=on.isoformat())
    _all_told(live, by=by, at=at)
    return notice


def _all_told(live: Audiencia, *, by: User, at: datetime) -> None:
    """When every party is proven to know, the hearing is notificada."""
    if live.status not in acts.NOTIFICAR.sources:
        return
    notices = notices_of(live)
    if all(item.prova for item in notices):
        how = "; ".join(f"{item.nome}: {item.prova}" for item in notices)
        advance(live, acts.NOTIFICAR, by=by, at=at, como=how)


def _open(audiencia: Audiencia, *, by: User) -> Audiencia:
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, frozenset(acts.TABLE), "registrar notificação")
    live = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    live.atendimento = case
    if live.status not in PENDING:
        refuse_stale(live, "Não é possível registrar a notificação", by=by)
    return live
