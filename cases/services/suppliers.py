"""Who is complained against in a case, corrected: one more supplier, or one written there by mistake."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from accounts.models import User
from cases.models import CIP, Atendimento, Defesa, Reclamado, Tipo
from cases.services.correction import require_correction
from cases.tipos import RULES
from parties.models import Fornecedor
from parties.services import standing
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import record

#: While the suppliers may change: later the reclamação, or the end of the case, rests on who they are.
OPEN = frozenset(
    {Atendimento.Status.ABERTO, Atendimento.Status.AGUARDA_FORNECEDOR, Atendimento.Status.AGUARDA_CONSUMIDOR}
)


@whole
def add_reclamado(
    *, atendimento: Atendimento, fornecedor: Fornecedor, by: User, at: datetime, motivo: str = ""
) -> Reclamado:
    """Complain against one more supplier in this case.

    Raises ActNotAllowed (who, when, a case that is a reclamação or closed) and ContentRefused (already there; a tipo
    without supplier).
    """
    case = _locked(atendimento, by=by, at=at, motivo=motivo)
    supplier = standing(fornecedor)
    if RULES[case.tipo].max_suppliers == 0:
        raise ContentRefused(
            f"«{Tipo(case.tipo).label}» não tem fornecedor.", errors={"fornecedor": "Este tipo não tem fornecedor."}
        )
    same = models.Q(fornecedor=supplier) | models.Q(fornecedor__fundido_em=supplier)
    if Reclamado.objects.filter(same, atendimento=case).exists():
        raise ContentRefused(
            f"{supplier} já está neste caso.", errors={"fornecedor": "Este fornecedor já está no caso."}
        )
    made = Reclamado.objects.create(atendimento=case, fornecedor=supplier)
    record(made, "INCLUIR_RECLAMADO", by=by, at=at, motivo=motivo.strip(), fornecedor=str(supplier))
    return made


@whole
def remove_reclamado(*, reclamado: Reclamado, by: User, at: datetime, motivo: str = "") -> Atendimento:
    """Take out a supplier that was written there by mistake and to whom nothing was done yet.

    Raises ActNotAllowed where a CIP, a defence, a call, a hearing, a paper or anything else speaks of it, and where it
    is the only one of a tipo that needs one.
    """
    case = _locked(reclamado.atendimento, by=by, at=at, motivo=motivo)
    party = Reclamado.objects.select_related("fornecedor").filter(pk=reclamado.pk).first()
    if party is None:
        raise ActNotAllowed("Este fornecedor já foi retirado do caso. Atualize a página.")
    party.atendimento = case
    if CIP.objects.filter(reclamado=party).exists() or Defesa.objects.filter(reclamado=party).exists():
        raise ActNotAllowed(
            f"{party.fornecedor} já tem CIP ou defesa neste caso e não se retira. Cancele a CIP, ou encerre o caso."
        )
    if case.reclamados.count() <= RULES[case.tipo].min_suppliers:
        raise ActNotAllowed(
            f"«{Tipo(case.tipo).label}» não existe sem reclamado. Inclua antes o fornecedor certo, depois retire este."
        )
    name, number = str(party.fornecedor), party.pk
    try:
        party.delete()
    except models.ProtectedError as kept:
        what = ", ".join(sorted({str(row._meta.verbose_name) for row in kept.protected_objects}))
        raise ActNotAllowed(f"{name} não se retira do caso: já há {what} em seu nome.") from kept
    record(case, "RETIRAR_RECLAMADO", by=by, at=at, motivo=motivo.strip(), fornecedor=name, reclamado=number)
    return case


def _locked(atendimento: Atendimento, *, by: User, at: datetime, motivo: str) -> Atendimento:
    """The case as it stands, locked, where its suppliers may be corrected."""
    case = Atendimento.objects.select_for_update().get(pk=atendimento.pk)
    require_correction(case, by=by, at=at, motivo=motivo)
    if case.status not in OPEN:
        raise ActNotAllowed(
            f"O caso está em «{case.get_status_display()}»: os fornecedores mudam enquanto ele está aberto. "
            "Para reclamar de outro fornecedor, registre outro atendimento."
        )
    return case
