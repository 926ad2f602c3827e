"""The termo that nobody will close: its hearing was moved, was called off, or ended without it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from hearings import acts
from hearings.models import Audiencia, Termo
from workflow.services import advance


def void_termo(audiencia: Audiencia, *, motivo: str, by: User, at: datetime) -> None:
    """Make the termo that is being written void, in the act that ends its hearing; call it under the case's lock.

    What was typed stays to be read. Signatures under it go: nobody's name stands under a paper that never was.
    """
    found = Termo.objects.select_for_update(of=("self",)).filter(audiencia=audiencia, status=Termo.Status.EM_REDACAO)
    termo = found.first()
    if termo is None:
        return
    termo.audiencia = audiencia
    taken_back = termo.assinaturas.all().delete()[0]
    advance(
        termo, acts.ANULAR_TERMO, by=by, at=at, motivo=motivo, changes={"conteudo_sha256": ""}, assinaturas=taken_back
    )
