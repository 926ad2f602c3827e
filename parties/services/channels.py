"""The consumer's choice of SMS and WhatsApp: given at the counter, taken back at any time."""

from __future__ import annotations

from datetime import datetime

import phonenumbers
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from phonenumbers import PhoneNumberType

from accounts.models import Papel, User
from notifications.services import cancel_for
from parties.models import AutorizacaoDeCanal, Consumidor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from

REGISTRARS = frozenset({Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR})
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@transaction.atomic
def authorise_channel(*, consumidor: Consumidor, canal: str, by: User, at: datetime) -> AutorizacaoDeCanal:
    """Write down that the consumer wants to be told by this channel, too; it counts for hearings set from then on.

    Raises ContentRefused without a mobile number, ActNotAllowed where the office has no gateway.
    """
    _require(by)
    label = AutorizacaoDeCanal.Canal(canal).label
    if not settings.PROCON["GATEWAY_URL"]:
        raise ActNotAllowed(
            f"Este Procon não envia {label}: nenhum serviço está configurado. Avise por e-mail, ou peça a quem "
            "administra o sistema que o contrate."
        )
    if not _is_mobile(consumidor.telefone):
        sentence = "O telefone cadastrado não é de celular. Corrija o cadastro, com o DDD, e autorize de novo."
        raise ContentRefused(sentence, errors={"canal": sentence})
    with refusals_from(AutorizacaoDeCanal):
        return AutorizacaoDeCanal.objects.create(
            consumidor=consumidor, canal=canal, autorizada_em=at, registrada_por=by
        )


@transaction.atomic
def withdraw_channel(*, autorizacao: AutorizacaoDeCanal, by: User, at: datetime) -> AutorizacaoDeCanal:
    """Take the consumer's word back: what waits to go out by that channel is called off in the same transaction."""
    _require(by)
    if not AutorizacaoDeCanal.objects.filter(pk=autorizacao.pk, retirada_em=None).update(retirada_em=at):
        raise ActNotAllowed("Esta autorização já foi retirada. Atualize a página.")
    autorizacao.refresh_from_db()
    reason = f"O consumidor não quer mais {autorizacao.get_canal_display()}, desde {localtime(at):%d/%m/%Y %H:%M}."
    merged = Consumidor.objects.filter(fundido_em=autorizacao.consumidor_id).values_list("pk", flat=True)
    for pk in (autorizacao.consumidor_id, *merged):
        cancel_for(parte=f"consumidor:{pk}", canal=autorizacao.canal, motivo=reason)
    return autorizacao


def _require(by: User) -> None:
    if not by.has_papel(*REGISTRARS):
        raise ActNotAllowed(
            "Registrar a escolha do consumidor cabe a Atendente, Conciliador ou Coordenador. Peça a um deles."
        )


def _is_mobile(telephone: str) -> bool:
    try:
        number = phonenumbers.parse(telephone, "BR")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _MOBILE
