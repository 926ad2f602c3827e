"""What a draft lacks before it is published, each with its case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from cases.models import Classificacao
from parties.models import Fornecedor
from reports.register.queries.draft import Scope, final_decisions, pending_decisions

#: So many are listed; a longer list is mended from its beginning.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the draft lacks: in which case, about whom, what, and whether it keeps from publishing."""

    protocolo: str
    endereco: str
    fornecedor: str
    falta: str
    impede: bool = False


def gaps(ano: int, unidades: Scope = None) -> list[Gap]:
    """Everything that the draft of this year lacks in these unidades; what keeps it from being published first."""
    found = [
        Gap(
            row.reclamado.atendimento.protocolo,
            row.reclamado.atendimento.get_absolute_url(),
            str(_standing(row)),
            *what,
        )
        for rows, look in ((final_decisions, _of_final), (pending_decisions, _of_pending))
        for row in _with_case(rows(ano, unidades))
        for what in look(row)
    ]
    return sorted(found, key=lambda gap: not gap.impede)


def blocked(ano: int) -> int:
    """How many decisions of this year, in the whole office, may not be published as they are."""
    return sum(gap.impede for gap in gaps(ano))


def _with_case(rows: QuerySet[Classificacao]) -> QuerySet[Classificacao]:
    return rows.select_related("reclamado__atendimento", "reclamado__fornecedor__fundido_em", "prazo").order_by(
        "reclamado__atendimento__protocolo", "pk"
    )


def _standing(row: Classificacao) -> Fornecedor:
    return row.reclamado.fornecedor.fundido_em or row.reclamado.fornecedor


def _of_final(row: Classificacao) -> Iterator[tuple[str, bool]]:
    if not row.motivo.strip():
        yield "A decisão está sem motivo.", True
    if not row.base_legal.strip():
        yield "A decisão está sem base legal.", True
    supplier = _standing(row)
    if supplier.cnpj is None and supplier.cpf is None:
        yield "O fornecedor está sem CNPJ: sai como pessoa física, sem nome. Complete o cadastro dele.", False
    if row.intimada_em is None:
        yield "Falta a intimação da decisão: os cinco anos contam do dia em que ela se tornou definitiva.", False
    if row.documento_id is None:
        yield "A decisão não foi impressa.", False
    if row.reclamado.atendimento.assunto_id is None:
        yield "O caso está sem assunto: a coluna de problemas sai incompleta.", False


def _of_pending(row: Classificacao) -> Iterator[tuple[str, bool]]:
    if row.intimada_em is None or row.prazo is None:
        yield "Ainda não é definitiva: falta registrar a intimação. Não entra no cadastro.", False
    else:
        until = f"{row.prazo.vence_em:%d/%m/%Y}"
        yield f"Ainda não é definitiva: o prazo de recurso vai até {until}, ou há recurso aberto. Não entra.", False
