"""What the parties say of their hearing, by the link that their notice carries: coming, or asking to move."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.db import transaction

from accounts.models import User
from hearings import acts
from hearings.models import Audiencia, Confirmacao, PedidoDeRemarcacao
from hearings.queries import PENDING
from hearings.services.booking import locked_case, tell_deadlock
from hearings.services.notices import LINK_SALT, Party, parties_of
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from
from workflow.services import advance, record, require_papel

DECIDERS = frozenset(acts.TABLE)


def read_party_key(key: str) -> tuple[Audiencia, Party] | None:
    """The hearing and the party behind a link; None where it was not signed here or the party is no more called."""
    try:
        pk, parte = signing.loads(key, salt=LINK_SALT)
    except (signing.BadSignature, ValueError):
        return None
    audiencia = Audiencia.objects.with_everything().filter(pk=pk).first()
    if audiencia is None:
        return None
    return next(((audiencia, party) for party in parties_of(audiencia) if party.key == parte), None)


@tell_deadlock
@transaction.atomic
def confirm_party(*, audiencia: Audiencia, party: Party, at: datetime) -> Confirmacao:
    """Record that one party says it will come; the first one moves the hearing. Saying so twice changes nothing."""
    live = _open(audiencia, at=at)
    said, new = Confirmacao.objects.get_or_create(audiencia=live, parte=party.key, defaults={"quando": at})
    if new:
        by = User.objects.system()
        if live.status in acts.CONFIRMAR.sources:
            advance(live, acts.CONFIRMAR, by=by, at=at, quem=party.nome)
        else:
            record(live, "CONFIRMAR_PRESENCA", by=by, at=at, quem=party.nome)
    return said


@tell_deadlock
@transaction.atomic
def request_move(*, audiencia: Audiencia, party: Party, motivo: str, at: datetime) -> PedidoDeRemarcacao:
    """Write down that a party asks for another date, and why; the office decides. One open request per party."""
    live = _open(audiencia, at=at)
    if not motivo.strip():
        raise ContentRefused(
            "Escreva por que não pode vir nesta data.", errors={"motivo": "Escreva por que não pode vir nesta data."}
        )
    with refusals_from(PedidoDeRemarcacao):
        asked = PedidoDeRemarcacao.objects.create(
            audiencia=live, parte=party.key, quem=party.nome, motivo=motivo.strip(), pedido_em=at
        )
    record(live, "PEDIR_REMARCACAO", by=User.objects.system(), at=at, motivo=motivo.strip(), quem=party.nome)
    return asked


@transaction.atomic
def deny_move(*, pedido: PedidoDeRemarcacao, resposta: str, by: User, at: datetime) -> PedidoDeRemarcacao:
    """Refuse a request for another date, with the reason that the party is told. Granting it is rescheduling."""
    audiencia = pedido.audiencia
    require_papel(by, audiencia.unidade_id, DECIDERS, "negar o pedido de remarcação")
    if not resposta.strip():
        raise ContentRefused("Escreva por que o pedido é negado.", errors={"resposta": "Escreva o motivo."})
    changes = {"decidido_em": at, "decidido_por": by, "atendido": False, "resposta": resposta.strip()}
    if not PedidoDeRemarcacao.objects.filter(pk=pedido.pk, decidido_em=None).update(**changes):
        raise ActNotAllowed("Este pedido já foi decidido. Atualize a página.")
    record(audiencia, "NEGAR_REMARCACAO", by=by, at=at, motivo=resposta.strip(), quem=pedido.quem)
    pedido.refresh_from_db()
    return pedido


def _open(audiencia: Audiencia, *, at: datetime) -> Audiencia:
    """The hearing as it stands, its case locked; refused once it is over, moved or cancelled."""
    case = locked_case(audiencia.atendimento_id, ("unidade",))
    live = Audiencia.objects.get(pk=audiencia.pk)
    live.atendimento = case
    if live.status not in PENDING or live.inicio <= at:
        raise ActNotAllowed("Esta data não vale mais: a audiência já passou, mudou de data ou foi cancelada.")
    return live
