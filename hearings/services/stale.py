"""What a page that is no longer true is told: who moved the hearing since, what they did, when, and where it went."""

from __future__ import annotations

from typing import Any, NoReturn

from django.utils import timezone

from accounts.models import User
from hearings.models import Audiencia, NotificacaoDaAudiencia
from workflow.acts import Act
from workflow.errors import ActNotAllowed
from workflow.models import Evento
from workflow.services import require_papel, told_of


def check_live(audiencia: Audiencia, act: Act, *, by: User) -> None:
    """Refuse unless the act is `by`'s and the hearing stands where it begins; a refusal names who was faster."""
    require_papel(by, audiencia.unidade_id, act.roles, act.label)
    if audiencia.status not in act.sources:
        refuse_stale(audiencia, f"Não é possível «{act.label}»", by=by)


def refuse_stale(audiencia: Audiencia, what: str, *, by: User) -> NoReturn:
    """Raise ActNotAllowed with what the hearing is now, who made it so, and the date that it was given instead."""
    now = f"a audiência está em «{audiencia.get_status_display()}»"
    moved = _who(audiencia, by, para=audiencia.status)
    raise ActNotAllowed(f"{what}: {now}.{moved}{_instead(audiencia)} Veja como ela está agora.")


def refuse_settled(audiencia: Audiencia, notice: NotificacaoDaAudiencia, *, by: User) -> NoReturn:
    """Raise ActNotAllowed with how this notice of the hearing ended, and who wrote it down."""
    how, on = ("devolvida", notice.devolvida_em) if notice.devolvida_em else ("recebida", notice.recebida_em)
    which: dict[str, Any] = {"ato": "ENVIAR_NOTIFICACAO", "dados__meio": notice.meio}
    if notice.meio != NotificacaoDaAudiencia.Meio.EM_MAOS:
        name = "DEVOLVER_NOTIFICACAO" if notice.devolvida_em else "PROVAR_NOTIFICACAO"
        which = {"ato": name, "dados__em": str(on)}
    wrote = _who(audiencia, by, "o registrou", dados__parte=notice.parte, **which)
    raise ActNotAllowed(
        f"O retorno desta notificação já foi registrado: {how} em {on:%d/%m/%Y}.{wrote} Veja como ela está agora."
    )


def _who(audiencia: Audiencia, by: User, did: str = "", **which: Any) -> str:
    events = Evento.objects.filter(
        historico_id=audiencia.historico_id, objeto="hearings.audiencia", objeto_id=audiencia.pk, **which
    )
    last = events.select_related("autor").order_by("-sequencia").first()
    if last is None:
        return ""
    told = told_of(last, by, did)
    return f" {told[:1].upper()}{told[1:]}."


def _instead(audiencia: Audiencia) -> str:
    new = Audiencia.objects.filter(anterior=audiencia).first()
    return f" A nova data é {timezone.localtime(new.inicio):%d/%m/%Y, às %H:%M}." if new else ""
