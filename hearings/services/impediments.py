"""When the parties cannot come: writing it down, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from accounts.models import User
from cases.models import Atendimento, Reclamado
from hearings import acts
from hearings.models import Impedimento
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from
from workflow.services import record, require_papel

BOOKERS = frozenset(acts.TABLE)


@transaction.atomic
def note_impediment(
    *,
    atendimento: Atendimento,
    by: User,
    at: datetime,
    reclamado: Reclamado | None = None,
    de: date | None = None,
    ate: date | None = None,
    dias_da_semana: Sequence[int] = (),
    das: time | None = None,
    ate_as: time | None = None,
    motivo: str = "",
) -> Impedimento:
    """Write down when the consumer, or this supplier, cannot come: its hearings are not offered nor booked then."""
    require_papel(by, atendimento.unidade_id, BOOKERS, "registrar impedimento de data")
    if reclamado is not None and reclamado.atendimento_id != atendimento.pk:
        message = "O fornecedor não é parte deste caso. Escolha entre os reclamados do caso."
        raise ContentRefused(message, errors={"reclamado": message})
    with refusals_from(Impedimento):
        noted = Impedimento.objects.create(
            atendimento=atendimento,
            reclamado=reclamado,
            de=de,
            ate=ate,
            dias_da_semana=sorted(set(dias_da_semana)),
            das=das,
            ate_as=ate_as,
            motivo=motivo.strip(),
            registrado_por=by,
            registrado_em=at,
        )
    record(noted, "REGISTRAR_IMPEDIMENTO", by=by, at=at, quem=noted.quem, quando=noted.quando)
    return noted


@transaction.atomic
def drop_impediment(*, impedimento: Impedimento, by: User, at: datetime) -> None:
    """The party can come after all; what was said stays on record."""
    require_papel(by, impedimento.unidade_id, BOOKERS, "retirar impedimento de data")
    standing = Impedimento.objects.standing().filter(pk=impedimento.pk)
    if not standing.update(retirado_em=at, retirado_por=by):
        raise ActNotAllowed("Este impedimento já foi retirado. Atualize a página.")
    record(impedimento, "RETIRAR_IMPEDIMENTO", by=by, at=at, quem=impedimento.quem, quando=impedimento.quando)
