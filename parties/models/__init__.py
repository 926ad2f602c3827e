"""Consumers and suppliers, and what the office knows about them."""

from parties.models.channels import AutorizacaoDeCanal
from parties.models.contacts import AdesaoCipEletronica, ContatoDeFornecedor, CorrecaoDeFornecedor
from parties.models.duplicates import (
    BuscaDeDuplicados,
    GrupoDeConsumidores,
    GrupoDeDuplicados,
    ItemDeConsumidores,
    ItemDeDuplicados,
    NaoDuplicado,
    PessoasDiferentes,
)
from parties.models.merging import ConsumidorFundido, FornecedorFundido, Fusao, FusaoDeConsumidores
from parties.models.parties import Consumidor, Endereco, Fornecedor, Grafia, GrupoEconomico, Prioridade, Sexo

__all__ = [
    "AdesaoCipEletronica",
    "AutorizacaoDeCanal",
    "BuscaDeDuplicados",
    "Consumidor",
    "ConsumidorFundido",
    "ContatoDeFornecedor",
    "CorrecaoDeFornecedor",
    "Endereco",
    "Fornecedor",
    "FornecedorFundido",
    "Fusao",
    "FusaoDeConsumidores",
    "Grafia",
    "GrupoDeConsumidores",
    "GrupoDeDuplicados",
    "GrupoEconomico",
    "ItemDeConsumidores",
    "ItemDeDuplicados",
    "NaoDuplicado",
    "PessoasDiferentes",
    "Prioridade",
    "Sexo",
]
