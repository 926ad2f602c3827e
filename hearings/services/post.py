"""A hearing's notices by post: to whom, at which address, and the labels of their AR."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import User
from cases.services.cip_labels import found_by_post, label_of
from documents.services import labels
from hearings import acts
from hearings.models import Audiencia
from hearings.services.notices import parties_of
from parties.models import Endereco
from workflow.services import require_papel


@dataclass(frozen=True, slots=True)
class Addressee:
    """A party as the post knows it; `fornecedor` is the supplier's key, None for the consumer."""

    parte: str
    nome: str
    lugar: Endereco
    fornecedor: int | None

    @property
    def reachable(self) -> bool:
        """Whether the post would find it."""
        return found_by_post(self.lugar)


def addressees(audiencia: Audiencia) -> list[Addressee]:
    """Every party of the hearing, at the address of the registration that stands for it."""
    found = []
    for party in parties_of(audiencia):
        holder = party.reclamado.fornecedor if party.reclamado else audiencia.atendimento.consumidor
        if holder is None:
            continue
        place: Endereco = holder.fundido_em or holder
        found.append(Addressee(party.key, party.nome, place, place.pk if party.reclamado else None))
    return found


def print_notice_labels(*, audiencia: Audiencia, partes: Collection[str], start: int, by: User) -> bytes:
    """Sheets of labels for these parties of the hearing, the first one at place `start` of the first sheet.

    Who has no address gets none. Refuses when none is left, and a place off the sheet.
    """
    require_papel(by, audiencia.unidade_id, frozenset(acts.TABLE), "imprimir etiquetas de AR")
    number = audiencia.atendimento.protocolo
    chosen = [one for one in addressees(audiencia) if one.parte in partes and one.reachable]
    return labels([label_of(one.lugar, nome=one.nome, protocolo=number) for one in chosen], start)
