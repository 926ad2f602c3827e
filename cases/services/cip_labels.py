"""Address labels for an AR: for whom has an address; of CIPs, one for each letter."""

from __future__ import annotations

from collections.abc import Iterable

from cases.models import CIP
from cases.rules.domicile import cities
from documents.data.parts import Etiqueta
from documents.services import labels
from parties.models import Endereco, Fornecedor


def print_labels(*, cips: Iterable[CIP], start: int) -> bytes:
    """Sheets of labels for these CIPs, in this order, the first one at place `start` of the first sheet.

    Those without an address (`without_address`) get none. Refuses when none is left, and a place off the sheet.
    """
    return labels([_label(cip) for cip in cips if has_address(cip)], start)


def has_address(cip: CIP) -> bool:
    """Whether the post would find this supplier."""
    return found_by_post(_addressed(cip))


def found_by_post(place: Endereco) -> bool:
    """Whether the post would find this address: a street, and a CEP or a municipality."""
    return bool(place.logradouro and (place.cep or place.municipio))


def label_of(place: Endereco, *, nome: str, protocolo: str) -> Etiqueta:
    """The label of a letter to `nome` at this address, with the number of the case under it."""
    city = cities().get(place.municipio)
    street = ", ".join(part for part in (place.logradouro, place.numero, place.complemento) if part)
    return {
        "nome": nome,
        "endereco": " – ".join(part for part in (street, place.bairro) if part),
        "municipio": city.name if city else "",
        "uf": place.uf,
        "cep": place.cep,
        "protocolo": protocolo,
    }


def _label(cip: CIP) -> Etiqueta:
    party = cip.reclamado
    return label_of(_addressed(cip), nome=party.fornecedor.razao_social, protocolo=party.atendimento.protocolo)


def _addressed(cip: CIP) -> Fornecedor:
    """Where the letter goes: what was merged is reached at the address of the one that stands for it."""
    supplier = cip.reclamado.fornecedor
    return supplier.fundido_em or supplier
