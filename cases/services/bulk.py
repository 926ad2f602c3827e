"""One act on many cases (trâmite múltiplo): each case in its own transaction, each with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Papel, User
from cases import acts
from cases.models import Atendimento
from cases.services.closing import close_case, open_reclamacao, reopen_case
from cases.tipos import DESFECHOS_BY_STATUS
from workflow.errors import ActNotAllowed, ContentRefused, Refusal
from workflow.integrity import whole
from workflow.services import check_allowed, record, require_papel

#: So many cases at once, and no more: each is a transaction of its own while somebody waits.
MOST = 500
_COUNTER = frozenset({Papel.ATENDENTE, Papel.COORDENADOR})
_CHIEF = frozenset({Papel.COORDENADOR})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case; `motivo` says why not."""

    protocolo: str
    feito: bool
    motivo: str = ""


@whole
def reassign(*, atendimento: Atendimento, atendente: User, by: User, at: datetime) -> Atendimento:
    """Give a case to another atendente of its unidade; a coordenador's, and written down."""
    require_papel(by, atendimento.unidade_id, _CHIEF, "passar a outro atendente")
    if not atendente.papeis_em(atendimento.unidade_id) & _COUNTER:
        raise ContentRefused(
            f"{atendente} não atende nesta unidade. Escolha um atendente ou coordenador dela.",
            errors={"atendente": "Escolha alguém da unidade do caso."},
        )
    if atendimento.atendente_id == atendente.pk:
        raise ActNotAllowed(f"O caso já está com {atendente}.")
    before = atendimento.atendente.nome
    Atendimento.objects.filter(pk=atendimento.pk).update(atendente=atendente)
    atendimento.atendente = atendente
    record(atendimento, "PASSAR_A_OUTRO", by=by, at=at, motivo=f"De {before} para {atendente.nome}.")
    return atendimento


@whole
def note(*, atendimento: Atendimento, texto: str, by: User, at: datetime) -> Atendimento:
    """Write a remark into the history of a case, which it does not move."""
    require_papel(by, atendimento.unidade_id, _COUNTER, "anotar no caso")
    if not texto.strip():
        raise ContentRefused("Escreva a anotação.", errors={"texto": "Escreva a anotação."})
    record(atendimento, "ANOTAR", by=by, at=at, motivo=texto.strip())
    return atendimento


def why_not(name: str, atendimento: Atendimento, *, by: User, desfecho: str = "") -> str:
    """Why this act would be refused in this case as it is now; empty where nothing speaks against it."""
    try:
        CHECKS[name](atendimento, by, desfecho)
    except Refusal as refusal:
        return refusal.message
    return ""


def perform(
    name: str, cases: Iterable[Atendimento], given: Mapping[str, Any], *, by: User, at: datetime
) -> list[Outcome]:
    """Do the act in each case that allows it. Doing it again refuses what was done already, and harms nothing."""
    done = []
    for case in cases:
        try:
            ACTS[name](atendimento=case, by=by, at=at, **given)
        except Refusal as refusal:
            done.append(Outcome(case.protocolo, feito=False, motivo=refusal.message))
        else:
            done.append(Outcome(case.protocolo, feito=True))
    return done


def _may_close(case: Atendimento, by: User, desfecho: str) -> None:
    check_allowed(case, acts.ENCERRAR, by=by)
    if desfecho and desfecho not in DESFECHOS_BY_STATUS[case.status]:
        raise ActNotAllowed(f"Este desfecho não cabe em um caso «{case.get_status_display()}».")


def _may_complain(case: Atendimento, by: User, desfecho: str) -> None:
    check_allowed(case, acts.INSTAURAR_RECLAMACAO, by=by)


def _may_reopen(case: Atendimento, by: User, desfecho: str) -> None:
    check_allowed(case, acts.REABRIR_EM_RECLAMACAO if hasattr(case, "reclamacao") else acts.REABRIR, by=by)


def _may_reassign(case: Atendimento, by: User, desfecho: str) -> None:
    require_papel(by, case.unidade_id, _CHIEF, "passar a outro atendente")


def _may_note(case: Atendimento, by: User, desfecho: str) -> None:
    require_papel(by, case.unidade_id, _COUNTER, "anotar no caso")


CHECKS: dict[str, Callable[[Atendimento, User, str], None]] = {
    "encerrar": _may_close,
    "reabrir": _may_reopen,
    "reclamacao": _may_complain,
    "passar": _may_reassign,
    "anotar": _may_note,
}
ACTS: dict[str, Callable[..., Any]] = {
    "encerrar": close_case,
    "reabrir": reopen_case,
    "reclamacao": open_reclamacao,
    "passar": reassign,
    "anotar": note,
}
