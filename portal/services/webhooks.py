"""What an integration does with its webhooks: creating, removing, new secrets, sending again, trying out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from access.sealing import seal, unseal
from portal.models import Entrega, Integracao, Webhook
from portal.queries import EntregaQuerySet
from portal.rules.addresses import Network, networks_of, target_of
from portal.rules.events import EVENTS, TEST
from portal.rules.retries import MOST
from portal.rules.signing import new_secret
from portal.transport import Unreachable, addresses_of
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole

REMOVED = "O webhook foi removido."
#: For what its secrets are sealed.
PURPOSE = "portal.webhooks"
Situacao = Entrega.Situacao


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook and its new secret, which exists in clear only here."""

    webhook: Webhook
    segredo: str


def checked_url(text: str) -> str:
    """The address as it is kept. Raises ContentRefused where nothing may be sent to it, or nobody is there.

    Asks the system's resolver: call it before a transaction begins.
    """
    try:
        target = target_of(text)
        addresses_of(target, allowed=allowed_networks())
    except (ValueError, Unreachable) as reason:
        raise ContentRefused(str(reason), errors={"url": str(reason)}) from None
    return target.url


def allowed_networks() -> list[Network]:
    """The networks of PROCON_WEBHOOKS_PRIVADOS."""
    return networks_of(settings.PROCON["WEBHOOKS_PRIVADOS"])


@whole
def create_webhook(*, integracao: Integracao, url: str, eventos: Sequence[str], at: datetime) -> Made:
    """Tell this address, from now on, of these kinds of event; of all that there are where none is named.

    `url` is what `checked_url` gave. Raises ActNotAllowed for an address that is told already, and beyond the limit.
    """
    Integracao.objects.select_for_update(no_key=True).get(pk=integracao.pk)
    if integracao.webhooks.exclude(situacao=Webhook.Situacao.REMOVIDO).count() >= MOST:
        raise ActNotAllowed(f"Esta integração já tem {MOST} webhooks, que é o limite. Remova um antes de criar outro.")
    secret = new_secret()
    with refusals_from(Webhook):
        webhook = Webhook.objects.create(
            integracao=integracao,
            url=url,
            eventos=list(dict.fromkeys(eventos)) or list(EVENTS),
            segredo=sealed(secret),
            criado_em=at,
            ativo_desde=at,
        )
    return Made(webhook, secret)


@whole
def remove_webhook(*, webhook: Webhook, at: datetime) -> None:
    """Tell this address nothing more; what still waits is called off. One being sent at this moment may arrive."""
    live = Webhook.objects.filter(pk=webhook.pk).exclude(situacao=Webhook.Situacao.REMOVIDO)
    live.update(situacao=Webhook.Situacao.REMOVIDO, motivo=REMOVED)
    webhook.entregas.filter(situacao=Situacao.PENDENTE).update(
        situacao=Situacao.CANCELADA, motivo=REMOVED, concluida_em=at
    )


@whole
def renew_webhook_secret(*, webhook: Webhook, overlap: timedelta, at: datetime) -> Made:
    """Give a new secret; the present one signs beside it until the overlap ends. An earlier one ends at once."""
    live = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    secret = new_secret()
    live.segredo_anterior = live.segredo if overlap else None
    live.segredo_anterior_ate = at + overlap if overlap else None
    live.segredo = sealed(secret)
    live.save(update_fields=["segredo", "segredo_anterior", "segredo_anterior_ate"])
    return Made(live, secret)


@whole
def replay(*, webhook: Webhook, codigos: Sequence[UUID] | None, at: datetime) -> int:
    """Send again, under the same webhook-id: these settled deliveries, or all that failed. Returns how many.

    A webhook that its receiver had switched off (410) is active again by this. Raises ContentRefused for a code that is
    not of this webhook, ActNotAllowed where one is still under way.
    """
    live = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    if live.situacao == Webhook.Situacao.DESATIVADO:
        with refusals_from(Webhook):
            Webhook.objects.filter(pk=live.pk).update(situacao=Webhook.Situacao.ATIVO, motivo="", ativo_desde=at)
    Webhook.objects.filter(pk=live.pk).update(pausado_ate=None)
    failed = Entrega.objects.filter(webhook=live, situacao=Situacao.FALHOU)
    chosen = failed if codigos is None else _chosen(live, codigos)
    return chosen.in_order().update(
        situacao=Situacao.PENDENTE,
        motivo="",
        tentativas=0,
        primeira_tentativa_em=None,
        concluida_em=None,
        proxima_tentativa_em=at,
    )


def _chosen(webhook: Webhook, codigos: Sequence[UUID]) -> EntregaQuerySet:
    found = dict(webhook.entregas.filter(codigo__in=codigos).values_list("codigo", "situacao"))
    if missing := [str(codigo) for codigo in codigos if codigo not in found]:
        said = f"Este webhook não tem a entrega msg_{missing[0]}. Veja a lista em «entregas»."
        raise ContentRefused(said, errors={"entregas": said})
    if any(situacao in {Situacao.PENDENTE, Situacao.EM_ENVIO} for situacao in found.values()):
        raise ActNotAllowed("Uma destas entregas ainda está em andamento, e será tentada sem isto. Espere o resultado.")
    return Entrega.objects.filter(webhook=webhook, codigo__in=codigos)


@whole
def send_test(*, webhook: Webhook, at: datetime) -> Entrega:
    """Owe this webhook one delivery that says nothing but that it is a test. Raises ActNotAllowed while one is."""
    if webhook.situacao != Webhook.Situacao.ATIVO:
        raise ActNotAllowed("Este webhook está desativado. Peça o reenvio, que o ativa de novo, ou crie outro.")
    with refusals_from(Entrega):
        return Entrega.objects.create(
            webhook=webhook, tipo=TEST, objeto_id=webhook.pk, ocorrido_em=at, proxima_tentativa_em=at
        )


def sealed(secret: str) -> bytes:
    """A secret as it is stored: opens only with the installation's SECRET_KEY."""
    return seal(secret, PURPOSE).encode()


def keys_of(webhook: Webhook, *, at: datetime) -> list[str]:
    """The secrets that sign at this moment, the newest first. Raises ValueError when SECRET_KEY was changed since."""
    stored = [webhook.segredo]
    if webhook.segredo_anterior and webhook.segredo_anterior_ate and webhook.segredo_anterior_ate > at:
        stored.append(webhook.segredo_anterior)
    opened = [unseal(bytes(one).decode(), PURPOSE) for one in stored]
    if None in opened:
        raise ValueError("O segredo não pode mais ser lido, porque a SECRET_KEY do Procon mudou. Peça um segredo novo.")
    return [secret for secret in opened if secret is not None]
