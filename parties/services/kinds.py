"""The two kinds of party that may be registered more than once, and the tables in which that is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parties.models import (
    BuscaDeDuplicados,
    Consumidor,
    ConsumidorFundido,
    Fornecedor,
    FornecedorFundido,
    Fusao,
    FusaoDeConsumidores,
    GrupoDeConsumidores,
    GrupoDeDuplicados,
    ItemDeConsumidores,
    ItemDeDuplicados,
    NaoDuplicado,
    PessoasDiferentes,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Suppliers or consumers. `field` names the party in the rows of a merge and of a group."""

    alvo: str
    field: str
    singular: str
    plural: str
    party: Any
    fusao: Any
    fundido: Any
    par: Any
    grupo: Any
    item: Any


SUPPLIERS = Kind(
    alvo=BuscaDeDuplicados.Alvo.FORNECEDORES, field="fornecedor", singular="fornecedor", plural="fornecedores",
    party=Fornecedor, fusao=Fusao, fundido=FornecedorFundido,
    par=NaoDuplicado, grupo=GrupoDeDuplicados, item=ItemDeDuplicados,
)  # fmt: skip
PEOPLE = Kind(
    alvo=BuscaDeDuplicados.Alvo.CONSUMIDORES, field="consumidor", singular="consumidor", plural="consumidores",
    party=Consumidor, fusao=FusaoDeConsumidores, fundido=ConsumidorFundido,
    par=PessoasDiferentes, grupo=GrupoDeConsumidores, item=ItemDeConsumidores,
)  # fmt: skip
#: By what the search for duplicates looks among.
KINDS = {kind.alvo: kind for kind in (SUPPLIERS, PEOPLE)}


def kind_of(row: Any) -> Kind:
    """The kind to which a party, a merge or a group belongs."""
    return PEOPLE if isinstance(row, Consumidor | FusaoDeConsumidores | GrupoDeConsumidores) else SUPPLIERS
