"""Writing messages into the outbox: by the act that causes them, in that act's transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime

from accounts.models import Papel, Unidade, User
from notifications.models import Mensagem
from notifications.queries import UNDELIVERED, MensagemQuerySet
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico
from workflow.services import record

RESENDERS = frozenset({Papel.ATENDENTE, Papel.COORDENADOR})
NO_ADDRESS = "Sem e-mail cadastrado: avise por carta, telefone ou em mãos."
NO_GATEWAY = "Nenhum serviço de SMS ou WhatsApp está configurado (PROCON_GATEWAY_URL)."
PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


class Fields(TypedDict, total=False):
    """What a message says. `vale_ate` is the cut-off: at that moment and later it is never sent.

    `referencia`, `versao`, `parte`, `contato`, `tipo`, `vez` and `canal` together are unique where `parte` is given.
    `convite` is an iCalendar text to attach, `documento` the stored file of an issued letter (Documento.arquivo).
    """

    chave: Required[str]
    tipo: Required[str]
    unidade: Required[Unidade]
    destinatario: Required[str]
    endereco: Required[str]
    assunto: Required[str]
    corpo: Required[str]
    devida_em: Required[datetime]
    canal: str
    vale_ate: datetime | None
    historico: Historico | None
    referencia: str
    versao: int
    parte: str
    contato: str
    vez: str
    convite: str
    documento: str
    fora_do_silencio: bool


def enqueue(**fields: Unpack[Fields]) -> Mensagem:
    """Write one message in the caller's transaction; the same `chave` again gives the message that is there.

    Without an address it is written as skipped, so that everybody sees that this person was not told.
    """
    return _write(message(**fields))


def enqueue_many(messages: Iterable[Mensagem]) -> None:
    """Write many messages (see `message`) by one statement; a `chave` that is there already is left as it is."""
    Mensagem.objects.bulk_create(list(messages), ignore_conflicts=True)


def message(**fields: Unpack[Fields]) -> Mensagem:
    """The message that `enqueue` writes, not yet written."""
    mensagem = Mensagem(proxima_tentativa_em=fields["devida_em"], **fields)
    mensagem.destinatario = _one_line(mensagem.destinatario)[:160]
    mensagem.assunto = _one_line(mensagem.assunto)[:200]
    mensagem.endereco = mensagem.endereco.strip()
    if not mensagem.endereco:
        mensagem.situacao, mensagem.motivo = Mensagem.Situacao.PULADA, NO_ADDRESS
    elif mensagem.canal != Mensagem.Canal.EMAIL and not settings.PROCON["GATEWAY_URL"]:
        mensagem.situacao, mensagem.motivo = Mensagem.Situacao.PULADA, NO_GATEWAY
    return mensagem


def skipped(*, motivo: str, **fields: Unpack[Fields]) -> Mensagem:
    """A message that will not be sent, and why, not yet written: a reminder whose moment was past when planned."""
    mensagem = message(**fields)
    mensagem.situacao, mensagem.motivo = Mensagem.Situacao.PULADA, motivo[:300]
    return mensagem


def cancel(*, referencia: str, motivo: str) -> int:
    """Call off every message about `referencia` that has not gone out; returns how many.

    A claimed one is called off too: its worker asks again before it sends.
    """
    return _call_off(Mensagem.objects.filter(referencia=referencia), motivo)


def cancel_for(*, parte: str, canal: str, motivo: str) -> int:
    """Call off everything that waits to go to one party by one channel, which it wants no more; returns how many."""
    return _call_off(Mensagem.objects.filter(parte=parte, canal=canal), motivo)


def skip_waiting(*, motivo: str) -> int:
    """Give up every message that has not gone out, and say why; for an office whose past is fictitious."""
    return (
        Mensagem.objects.filter(situacao=Mensagem.Situacao.PENDENTE)
        .in_order()
        .update(situacao=Mensagem.Situacao.PULADA, motivo=motivo[:300])
    )


@transaction.atomic
def resend(*, mensagem: Mensagem, by: User, at: datetime, endereco: str = "") -> Mensagem:
    """Put a message that failed or came back into the outbox again, with a fresh budget of tries; recorded in the case.

    It goes to `endereco` where one is given. It is a new e-mail with a Message-ID of its own: some servers hide one
    whose Message-ID they know, and a late bounce of the first must not mark the second.
    """
    if not RESENDERS & by.papeis_em(mensagem.unidade_id):
        raise ActNotAllowed("Só um atendente ou coordenador da unidade reenvia mensagens. Peça a um deles.")
    if mensagem.vale_ate and mensagem.vale_ate <= at:
        raise ActNotAllowed(
            f"Esta mensagem só fazia sentido até {localtime(mensagem.vale_ate):%d/%m/%Y às %H:%M}. "
            "Avise a pessoa por outro meio."
        )
    if endereco.strip() and not mensagem.historico_id:
        raise ActNotAllowed(
            "Esta mensagem não é de um caso e pode levar uma senha: vai só ao endereço cadastrado. "
            "Corrija o cadastro e peça uma nova."
        )
    address = _address(mensagem, endereco) if endereco.strip() else mensagem.endereco
    moved = Mensagem.objects.filter(pk=mensagem.pk, situacao__in=UNDELIVERED).update(
        situacao=Mensagem.Situacao.PENDENTE,
        motivo="",
        endereco=address,
        remessa=F("remessa") + 1,
        tentativas_feitas=0,
        proxima_tentativa_em=at,
        enviada_em=None,
    )
    if not moved:
        raise ActNotAllowed(
            "Só se reenvia mensagem que falhou ou foi devolvida, e esta não está assim. Atualize a página; talvez já "
            "tenha sido enviada."
        )
    corrected = address != mensagem.endereco
    mensagem.refresh_from_db()
    if mensagem.historico_id:
        said = {"tipo": mensagem.tipo, "destinatario": mensagem.destinatario}
        record(mensagem, "REENVIAR_MENSAGEM", by=by, at=at, endereco_corrigido=corrected, **said)
    return mensagem


def _call_off(rows: MensagemQuerySet, motivo: str) -> int:
    waiting = [Mensagem.Situacao.PENDENTE, Mensagem.Situacao.EM_ENVIO]
    return (
        rows.filter(situacao__in=waiting)
        .in_order()
        .update(situacao=Mensagem.Situacao.CANCELADA, motivo=motivo[:300], reservada_ate=None)
    )


def _address(mensagem: Mensagem, typed: str) -> str:
    """The corrected address, as the channel needs it."""
    typed = typed.strip()
    if mensagem.canal == Mensagem.Canal.EMAIL:
        try:
            validate_email(typed)
        except ValidationError:
            sentence = "E-mail inválido. Escreva como em ana@exemplo.com.br."
            raise ContentRefused(sentence, errors={"endereco": sentence}) from None
        return typed
    number = re.sub(r"[^0-9+]", "", typed)
    number = number if number.startswith("+") else f"+55{number}"
    if not PHONE.fullmatch(number):
        sentence = "Telefone inválido. Escreva o DDD e o número, como em (11) 91234-5678."
        raise ContentRefused(sentence, errors={"endereco": sentence})
    return number


def _write(mensagem: Mensagem) -> Mensagem:
    """INSERT … ON CONFLICT DO NOTHING, then the row that is there."""
    Mensagem.objects.bulk_create([mensagem], ignore_conflicts=True)
    return Mensagem.objects.get(chave=mensagem.chave)


def _one_line(text: str) -> str:
    return " ".join(text.split())
