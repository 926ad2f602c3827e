"""What a page that is no longer true is told: who moved the hearing since, what they did, and when."""

from __future__ import annotations

from typing import NoReturn

from django.utils import timezone

from accounts.models import SYSTEM_LOGIN, User
from hearings import acts
from hearings.models import Audiencia
from workflow.acts import Act
from workflow.errors import ActNotAllowed
from workflow.models import Evento
from workflow.services import require_papel


def check_live(audiencia: Audiencia, act: Act, *, by: User) -> None:
    """Refuse unless the act is `by`'s and the hearing stands where it begins; a refusal names who was faster."""
    require_papel(by, audiencia.unidade_id, act.roles, act.label)
    if audiencia.status not in act.sources:
        refuse_stale(audiencia, f"Não é possível «{act.label}»")


def refuse_stale(audiencia: Audiencia, what: str) -> NoReturn:
    """Raise ActNotAllowed with what the hearing is now, and who made it so."""
    now = f"a audiência está em «{audiencia.get_status_display()}»"
    raise ActNotAllowed(f"{what}: {now}.{_who(audiencia)} Atualize a página.")


def _who(audiencia: Audiencia) -> str:
    moved = (
        Evento.objects.filter(
            historico_id=audiencia.historico_id,
            objeto="hearings.audiencia",
            objeto_id=audiencia.pk,
            para=audiencia.status,
        )
        .select_related("autor")
        .order_by("-sequencia")
        .first()
    )
    if moved is None:
        return ""
    label = acts.AUDIENCIA[moved.ato].label if moved.ato in {act.name for act in acts.AUDIENCIA} else moved.ato
    who = "O sistema" if moved.autor.usuario == SYSTEM_LOGIN else moved.autor.nome
    return f" {who} fez «{label}» em {timezone.localtime(moved.quando):%d/%m/%Y às %H:%M}."
