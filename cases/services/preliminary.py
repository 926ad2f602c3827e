"""The preliminary atendimento: the call to the supplier, and settling at once."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from cases import acts
from cases.models import Atendimento, Contato, Desfecho, Reclamado
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import advance, record, require_papel


@whole
def record_contact(
    *, reclamado: Reclamado, resultado: str, by: User, at: datetime, com_quem: str = "", relato: str = ""
) -> Contato:
    """Write down one call to a supplier and what came of it. Refused once the case is closed."""
    require_papel(by, reclamado.unidade_id, frozenset(acts.COUNTER), "registrar contato com o fornecedor")
    if resultado not in Contato.Resultado.values:
        raise ContentRefused(
            "Diga o que resultou do contato: resolvido, não resolvido ou sem contato.",
            errors={"resultado": "Escolha o resultado."},
        )
    if reclamado.atendimento.status == Atendimento.Status.ENCERRADO:
        raise ActNotAllowed("O caso já está encerrado. Para registrar um contato, peça ao coordenador que o reabra.")
    contact = Contato.objects.create(
        reclamado=reclamado, quando=at, com_quem=com_quem, resultado=resultado, relato=relato, por=by
    )
    record(reclamado, "REGISTRAR_CONTATO", by=by, at=at, resultado=resultado, fornecedor=str(reclamado.fornecedor))
    return contact


@whole
def settle_at_once(*, atendimento: Atendimento, by: User, at: datetime, motivo: str = "") -> Atendimento:
    """Close a case that the call settled: every reclamado's last contact says resolved."""
    unsettled = [
        str(reclamado.fornecedor)
        for reclamado in atendimento.reclamados.select_related("fornecedor").prefetch_related("contatos")
        if not _settled(reclamado)
    ]
    if unsettled:
        raise ActNotAllowed(
            f"Falta resolver com {', '.join(unsettled)}: o último contato não diz «Resolvido». "
            "Registre o contato que resolveu, ou emita a CIP."
        )
    advance(
        atendimento,
        acts.RESOLVER_NO_ATENDIMENTO,
        by=by,
        at=at,
        motivo=motivo,
        changes={"desfecho": Desfecho.RESOLVIDO_NO_ATENDIMENTO, "encerrado_em": at},
    )
    return atendimento


def _settled(reclamado: Reclamado) -> bool:
    contacts = list(reclamado.contatos.all())
    return bool(contacts) and contacts[-1].resultado == Contato.Resultado.RESOLVIDO
