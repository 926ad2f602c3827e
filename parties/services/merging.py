"""Merging: several registrations of one supplier, or of one person, point to the one that stays. It can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from accounts.models import Papel, User
from parties.models import Consumidor, Fornecedor, Fusao, FusaoDeConsumidores
from parties.services.kinds import PEOPLE, SUPPLIERS, Kind, kind_of
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_of

#: Under this name a trigger of a higher package refuses a merge of consumers or its undoing, in its own words
#: (decision 53): who holds something that a merge would break decides, and is not imported here.
REFUSED = "fusao_de_consumidores_recusada"

F = TypeVar("F", Fusao, FusaoDeConsumidores)


@transaction.atomic
def merge_suppliers(
    *, survivor: Fornecedor, others: Iterable[Fornecedor], motivo: str, by: User, at: datetime
) -> Fusao:
    """Declare that `others` are the same supplier as `survivor`: search, lists and totals show the survivor.

    Cases and letters keep the registration under which they were written. Auditor only, with a written reason. Raises
    ActNotAllowed (papel, a party already merged) and ContentRefused (no reason, nobody to merge, a person with a firm).
    """
    require_auditor(by, "fundir fornecedores")
    fusao: Fusao = _merge(SUPPLIERS, survivor, others, _refuse_mixture, motivo=motivo, by=by, at=at)
    return fusao


@transaction.atomic
def merge_consumers(
    *, survivor: Consumidor, others: Iterable[Consumidor], motivo: str, by: User, at: datetime
) -> FusaoDeConsumidores:
    """Declare that `others` are the same person as `survivor`: search, lists and the person's data show the survivor.

    Cases and letters keep the registration under which they were written; hearings to come hold the survivor's time.
    Auditor only, with a written reason. Raises ActNotAllowed (papel, people of other unidades, somebody merged before
    or anonymous, hearings of both at one time) and ContentRefused (no reason, nobody to merge, two CPFs).
    """
    require_auditor(by, "fundir consumidores")

    def refuse(stays: Consumidor, merged: Sequence[Consumidor]) -> None:
        _refuse_unseen([stays, *merged], by)
        _refuse_two_people(stays, merged)

    fusao: FusaoDeConsumidores = _merge(PEOPLE, survivor, others, refuse, motivo=motivo, by=by, at=at)
    return fusao


@transaction.atomic
def undo_merge(*, fusao: F, motivo: str, by: User, at: datetime) -> F:
    """Take a merge back: its registrations stand for themselves again. The record of the merge stays, with the reason.

    Auditor only. Raises ActNotAllowed where somebody undid it before, or a person is anonymous meanwhile.
    """
    require_auditor(by, "desfazer uma fusão")
    _require_reason(motivo, "Escreva por que a fusão estava errada.")
    kind = kind_of(fusao)
    keys: set[int] = set(fusao.itens.values_list(f"{kind.field}_id", flat=True))
    _locked(kind, {fusao.sobrevivente_id, *keys})
    changes = {"desfeita_em": at, "desfeita_por": by, "motivo_de_desfazer": motivo.strip()}
    if not kind.fusao.objects.filter(pk=fusao.pk, desfeita_em__isnull=True).update(**changes):
        raise ActNotAllowed("Esta fusão já foi desfeita. Atualize a página e veja por quem.")
    with refusals_of(REFUSED):
        kind.party.objects.filter(pk__in=keys, fundido_em=fusao.sobrevivente_id).update(fundido_em=None)
    fusao.refresh_from_db()
    return fusao


def require_auditor(by: User, label: str) -> None:
    """Refuse unless `by` is an auditor somewhere: parties belong to no unidade."""
    if not by.has_papel(Papel.AUDITOR):
        raise ActNotAllowed(f"Você não pode «{label}»: o ato cabe a Auditor. Peça a quem tenha esse papel.")


def _merge(
    kind: Kind, survivor: Any, others: Iterable[Any], refuse: Callable[[Any, Sequence[Any]], None], *,
    motivo: str, by: User, at: datetime,
) -> Any:  # fmt: skip
    """Let the others point to the survivor, and write down who did it; `refuse` says what never is the same."""
    _require_reason(motivo, f"Escreva por que são o mesmo {kind.singular}.")
    keys = {other.pk for other in others} - {survivor.pk}
    if not keys:
        raise ContentRefused(
            f"Escolha ao menos um outro {kind.singular} para fundir com o que fica.",
            errors={"outros": f"Escolha ao menos um outro {kind.singular}."},
        )
    rows = {row.pk: row for row in _locked(kind, {survivor.pk, *keys})}
    stays, merged = rows[survivor.pk], [rows[key] for key in sorted(keys)]
    _refuse_chains(kind, stays, merged)
    refuse(stays, merged)
    fusao = kind.fusao.objects.create(sobrevivente=stays, motivo=motivo.strip(), feita_por=by, feita_em=at)
    kind.fundido.objects.bulk_create(kind.fundido(fusao=fusao, **{kind.field: row}) for row in merged)
    with refusals_of(REFUSED):
        kind.party.objects.filter(pk__in=keys).update(fundido_em=stays)
    return fusao


def _require_reason(motivo: str, sentence: str) -> None:
    if not motivo.strip() or "\x00" in motivo:
        raise ContentRefused(f"Falta o motivo. {sentence}", errors={"motivo": sentence})


def _locked(kind: Kind, keys: set[int]) -> Sequence[Any]:
    """The rows, locked in the order of their keys, so that two merges never wait for each other in a circle.

    FOR NO KEY UPDATE: a counter that registers a case of one of them does not wait.
    """
    return list(kind.party.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def _refuse_chains(kind: Kind, stays: Any, merged: Sequence[Any]) -> None:
    if stays.fundido_em_id:
        raise ActNotAllowed(
            f"{stays} já foi fundido em {stays.fundido_em}. Escolha este último para ficar, ou desfaça aquela fusão."
        )
    for row in merged:
        if row.fundido_em_id:
            raise ActNotAllowed(
                f"{row} já foi fundido em {row.fundido_em}. Desfaça aquela fusão antes de fundi-lo em outro."
            )
    received = kind.party.objects.filter(fundido_em__in=merged).select_related("fundido_em").order_by("pk").first()
    if received:
        raise ActNotAllowed(
            f"{received.fundido_em} já recebeu outros {kind.plural}. "
            "Escolha-o para ficar, ou desfaça antes aquela fusão."
        )


def _refuse_mixture(stays: Fornecedor, merged: Sequence[Fornecedor]) -> None:
    everybody = [stays, *merged]
    if any(row.cpf for row in everybody) and any(row.cnpj for row in everybody):
        raise ContentRefused(
            "Pessoa física e empresa nunca são o mesmo fornecedor. Retire da lista uma das duas.",
            errors={"outros": "Há pessoa física e empresa na lista."},
        )
    if not (stays.cnpj or stays.cpf) and any(row.cnpj or row.cpf for row in merged):
        raise ContentRefused(
            f"{stays} não tem CNPJ nem CPF, e outro da lista tem. Escolha para ficar um que tenha o número.",
            errors={"sobrevivente": "Escolha um que tenha CNPJ ou CPF."},
        )
    if len({row.cpf for row in everybody if row.cpf}) > 1:
        raise ContentRefused(
            "Dois CPFs diferentes são duas pessoas. Retire uma da lista, ou corrija o CPF errado.",
            errors={"outros": "Há dois CPFs diferentes na lista."},
        )


def _refuse_two_people(stays: Consumidor, merged: Sequence[Consumidor]) -> None:
    if len({row.cpf for row in (stays, *merged) if row.cpf}) > 1:
        sentence = "Dois CPFs diferentes são duas pessoas. Se um deles está errado, corrija o CPF antes de fundir."
        raise ContentRefused(sentence, errors={"outros": sentence})
    if not stays.cpf and any(row.cpf for row in merged):
        raise ContentRefused(
            f"{stays} não tem CPF, e outro da lista tem. Escolha para ficar o cadastro com o CPF.",
            errors={"sobrevivente": "Escolha para ficar o cadastro com o CPF."},
        )


def _refuse_unseen(people: Sequence[Consumidor], by: User) -> None:
    keys = {row.pk for row in people}
    if Consumidor.objects.visible_to(by).filter(pk__in=keys).count() < len(keys):
        raise ActNotAllowed(
            "Um destes cadastros só tem casos em unidades que você não vê. Peça a um Auditor de lá que os compare."
        )
