"""Address labels for the AR of CIPs: one for each letter whose supplier has an address."""

from __future__ import annotations

from collections.abc import Iterable

from cases.models import CIP
from cases.rules.domicile import cities
from documents.data.parts import Etiqueta
from documents.services import labels
from parties.models import Fornecedor


def print_labels(*, cips: Iterable[CIP], start: int) -> bytes:
    """Sheets of labels for these CIPs, in this order, the first one at place `start` of the first sheet.

    Those without an address (`without_address`) get none. Refuses when none is left, and a place off the sheet.
    """
    return labels([_label(cip) for cip in cips if has_address(cip)], start)


def has_address(cip: CIP) -> bool:
    """Whether the post would find this supplier: a street, and a CEP or a municipality."""
    place = _addressed(cip)
    return bool(place.logradouro and (place.cep or place.municipio))


def _label(cip: CIP) -> Etiqueta:
    place = _addressed(cip)
    city = cities().get(place.municipio)
    street = ", ".join(part for part in (place.logradouro, place.numero, place.complemento) if part)
    return {
        "nome": cip.reclamado.fornecedor.razao_social,
        "endereco": " – ".join(part for part in (street, place.bairro) if part),
        "municipio": city.name if city else "",
        "uf": place.uf,
        "cep": place.cep,
        "protocolo": cip.reclamado.atendimento.protocolo,
    }


def _addressed(cip: CIP) -> Fornecedor:
    """Where the letter goes: what was merged is reached at the address of the one that stands for it."""
    supplier = cip.reclamado.fornecedor
    return supplier.fundido_em or supplier
