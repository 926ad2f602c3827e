"""Merging suppliers: several registrations of one supplier point to the one that stays. It can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Papel, User
from parties.models import Fornecedor, FornecedorFundido, Fusao
from workflow.errors import ActNotAllowed, ContentRefused


@transaction.atomic
def merge_suppliers(
    *, survivor: Fornecedor, others: Iterable[Fornecedor], motivo: str, by: User, at: datetime
) -> Fusao:
    """Declare that `others` are the same supplier as `survivor`: search, lists and totals show the survivor.

    Cases and letters keep the registration under which they were written. Auditor only, with a written reason. Raises
    ActNotAllowed (papel, a party already merged) and ContentRefused (no reason, nobody to merge, a person with a firm).
    """
    require_auditor(by, "fundir fornecedores")
    _require_reason(motivo, "Escreva por que são o mesmo fornecedor.")
    keys = {other.pk for other in others} - {survivor.pk}
    if not keys:
        raise ContentRefused(
            "Escolha ao menos um outro fornecedor para fundir com o que fica.",
            errors={"fornecedores": "Escolha ao menos um outro fornecedor."},
        )
    rows = {row.pk: row for row in _locked({survivor.pk, *keys})}
    stays, merged = rows[survivor.pk], [rows[key] for key in sorted(keys)]
    _refuse_chains(stays, merged)
    _refuse_mixture(stays, merged)
    fusao = Fusao.objects.create(sobrevivente=stays, motivo=motivo.strip(), feita_por=by, feita_em=at)
    FornecedorFundido.objects.bulk_create(FornecedorFundido(fusao=fusao, fornecedor=row) for row in merged)
    Fornecedor.objects.filter(pk__in=keys).update(fundido_em=stays)
    return fusao


@transaction.atomic
def undo_merge(*, fusao: Fusao, motivo: str, by: User, at: datetime) -> Fusao:
    """Take a merge back: its registrations stand for themselves again. The record of the merge stays, with the reason.

    Auditor only. Raises ActNotAllowed where somebody undid it before.
    """
    require_auditor(by, "desfazer uma fusão")
    _require_reason(motivo, "Escreva por que a fusão estava errada.")
    keys = set(fusao.itens.values_list("fornecedor_id", flat=True))
    _locked({fusao.sobrevivente_id, *keys})
    changes = {"desfeita_em": at, "desfeita_por": by, "motivo_de_desfazer": motivo.strip()}
    if not Fusao.objects.filter(pk=fusao.pk, desfeita_em__isnull=True).update(**changes):
        raise ActNotAllowed("Esta fusão já foi desfeita. Atualize a página e veja por quem.")
    Fornecedor.objects.filter(pk__in=keys, fundido_em=fusao.sobrevivente_id).update(fundido_em=None)
    fusao.refresh_from_db()
    return fusao


def require_auditor(by: User, label: str) -> None:
    """Refuse unless `by` is an auditor somewhere: suppliers belong to no unidade."""
    if not by.has_papel(Papel.AUDITOR):
        raise ActNotAllowed(f"Você não pode «{label}»: o ato cabe a Auditor. Peça a quem tenha esse papel.")


def _require_reason(motivo: str, sentence: str) -> None:
    if not motivo.strip() or "\x00" in motivo:
        raise ContentRefused(f"Falta o motivo. {sentence}", errors={"motivo": sentence})


def _locked(keys: set[int]) -> Sequence[Fornecedor]:
    """The rows, locked in the order of their keys, so that two merges never wait for each other in a circle.

    FOR NO KEY UPDATE: a counter that registers a case against one of them does not wait.
    """
    return list(Fornecedor.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _refuse_chains(stays: Fornecedor, merged: Sequence[Fornecedor]) -> None:
    if stays.fundido_em_id:
        raise ActNotAllowed(
            f"{stays} já foi fundido em {stays.fundido_em}. Escolha este último para ficar, ou desfaça aquela fusão."
        )
    for row in merged:
        if row.fundido_em_id:
            raise ActNotAllowed(
                f"{row} já foi fundido em {row.fundido_em}. Desfaça aquela fusão antes de fundi-lo em outro."
            )
    received = Fornecedor.objects.filter(fundido_em__in=merged).select_related("fundido_em").order_by("pk").first()
    if received and received.fundido_em:
        raise ActNotAllowed(
            f"{received.fundido_em} já recebeu outros fornecedores. "
            "Escolha-o para ficar, ou desfaça antes aquela fusão."
        )


def _refuse_mixture(stays: Fornecedor, merged: Sequence[Fornecedor]) -> None:
    everybody = [stays, *merged]
    if any(row.cpf for row in everybody) and any(row.cnpj for row in everybody):
        raise ContentRefused(
            "Pessoa física e empresa nunca são o mesmo fornecedor. Retire da lista uma das duas.",
            errors={"fornecedores": "Há pessoa física e empresa na lista."},
        )
    if not (stays.cnpj or stays.cpf) and any(row.cnpj or row.cpf for row in merged):
        raise ContentRefused(
            f"{stays} não tem CNPJ nem CPF, e outro da lista tem. Escolha para ficar um que tenha o número.",
            errors={"sobrevivente": "Escolha um que tenha CNPJ ou CPF."},
        )
    if len({row.cpf for row in everybody if row.cpf}) > 1:
        raise ContentRefused(
            "Dois CPFs diferentes são duas pessoas. Retire uma da lista, ou corrija o CPF errado.",
            errors={"fornecedores": "Há dois CPFs diferentes na lista."},
        )
