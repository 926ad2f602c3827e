"""What the parties say of their hearing, by the link that their notice carries: coming, or asking to move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from hearings import acts
from hearings.models import Audiencia, Confirmacao, PedidoDeRemarcacao
from hearings.queries import PENDING
from hearings.services.booking import locked_case, tell_deadlock
from hearings.services.notices import LINK_SALT, Party, parties_of, tell_denied, when
from hearings.services.slots import LAST_DAY
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from
from workflow.services import advance, record, require_papel

DECIDERS = frozenset(acts.TABLE)
#: So many times may somebody name who asks for another date.
MOST_WISHES = 5


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


def consumer_of(audiencia: Audiencia) -> Party | None:
    """The consumer as a party of this hearing; None where the case has none."""
    return next((party for party in parties_of(audiencia, []) if party.reclamado is None), None)


@tell_deadlock
@transaction.atomic
def confirm_party(*, audiencia: Audiencia, party: Party, at: datetime, por: str = "") -> Confirmacao:
    """Record that one party says it will come; the first one moves the hearing. Saying so twice changes nothing.

    `por` names whoever passed it on, where it did not come by the party's own link.
    """
    live = _open(audiencia, at=at)
    said, new = Confirmacao.objects.get_or_create(audiencia=live, parte=party.key, defaults={"quando": at})
    if new:
        by = User.objects.system()
        if live.status in acts.CONFIRMAR.sources:
            advance(live, acts.CONFIRMAR, by=by, at=at, **_told_by(party, por))
        else:
            record(live, "CONFIRMAR_PRESENCA", by=by, at=at, **_told_by(party, por))
    return said


@tell_deadlock
@transaction.atomic
def request_move(
    *,
    audiencia: Audiencia,
    party: Party,
    motivo: str,
    at: datetime,
    preferencias: Sequence[datetime] = (),
    por: str = "",
) -> PedidoDeRemarcacao:
    """Write down that a party asks for another date, why, and which times it prefers; the office decides.

    One open request per party. `por` as in `confirm_party`. Raises ContentRefused with a sentence per field.
    """
    live = _open(audiencia, at=at)
    wishes = sorted(set(preferencias))
    errors = {"motivo": "" if motivo.strip() else "Escreva por que não pode vir nesta data."}
    errors["preferencias"] = _wrong_wishes(wishes, at=at)
    errors = {field: message for field, message in errors.items() if message}
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    with refusals_from(PedidoDeRemarcacao):
        asked = PedidoDeRemarcacao.objects.create(
            audiencia=live,
            parte=party.key,
            quem=party.nome,
            motivo=motivo.strip(),
            preferencias=wishes,
            pedido_em=at,
        )
    told = _told_by(party, por)
    record(live, "PEDIR_REMARCACAO", by=User.objects.system(), at=at, motivo=motivo.strip(), **told)
    return asked


@transaction.atomic
def deny_move(*, pedido: PedidoDeRemarcacao, resposta: str, by: User, at: datetime) -> PedidoDeRemarcacao:
    """Refuse a request for another date, with the reason; the party is told. Granting it is rescheduling."""
    audiencia = pedido.audiencia
    require_papel(by, audiencia.unidade_id, DECIDERS, "negar o pedido de remarcação")
    if not resposta.strip():
        raise ContentRefused("Escreva por que o pedido é negado.", errors={"resposta": "Escreva o motivo."})
    changes = {"decidido_em": at, "decidido_por": by, "atendido": False, "resposta": resposta.strip()}
    if not PedidoDeRemarcacao.objects.filter(pk=pedido.pk, decidido_em=None).update(**changes):
        raise ActNotAllowed("Este pedido já foi decidido. Atualize a página.")
    whose = pedido.parte.partition(":")[0]
    record(audiencia, "NEGAR_REMARCACAO", by=by, at=at, motivo=resposta.strip(), quem=pedido.quem, parte=whose)
    pedido.refresh_from_db()
    tell_denied(pedido, at=at)
    return pedido


def _open(audiencia: Audiencia, *, at: datetime) -> Audiencia:
    """The hearing as it stands, its case locked; refused once it is over, moved or cancelled."""
    case = locked_case(audiencia.atendimento_id, ("unidade",))
    live = Audiencia.objects.get(pk=audiencia.pk)
    live.atendimento = case
    if live.status not in PENDING or live.inicio <= at:
        raise ActNotAllowed(f"Esta data não vale mais: {_why_gone(live)} Dúvidas: {settings.PROCON['TELEFONE']}.")
    return live


def _why_gone(audiencia: Audiencia) -> str:
    """Why nothing more can be said of this date, and what to do instead."""
    if audiencia.status == Audiencia.Status.CANCELADA:
        return "a audiência foi cancelada, e não é preciso vir."
    if audiencia.status == Audiencia.Status.REDESIGNADA:
        new = Audiencia.objects.filter(anterior=audiencia).first()
        return f"a audiência mudou para {when(new)}. Responda sobre a nova data." if new else "a audiência mudou."
    return (
        f"o prazo para confirmar ou pedir outra data terminou com o início da audiência, em {when(audiencia)}. "
        "Se não pôde vir, procure o Procon e justifique."
    )


def _wrong_wishes(wishes: Sequence[datetime], *, at: datetime) -> str:
    if len(wishes) > MOST_WISHES:
        return f"Indique no máximo {MOST_WISHES} horários."
    if any(wish <= at or timezone.localdate(wish) > LAST_DAY for wish in wishes):
        return "Indique só horários que ainda vêm, não os que passaram."
    return ""


def _told_by(party: Party, por: str) -> dict[str, Any]:
    told = {"quem": party.nome, "parte": party.key.partition(":")[0]}
    return {**told, "por": por} if por else told
