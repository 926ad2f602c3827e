"""Consumers and suppliers, and what the office knows about them."""

from parties.models.contacts import AdesaoCipEletronica, ContatoDeFornecedor, CorrecaoDeFornecedor
from parties.models.duplicates import BuscaDeDuplicados, GrupoDeDuplicados, ItemDeDuplicados, NaoDuplicado
from parties.models.merging import FornecedorFundido, Fusao
from parties.models.parties import Consumidor, Endereco, Fornecedor, Grafia, GrupoEconomico, Prioridade, Sexo

__all__ = [
    "AdesaoCipEletronica",
    "BuscaDeDuplicados",
    "Consumidor",
    "ContatoDeFornecedor",
    "CorrecaoDeFornecedor",
    "Endereco",
    "Fornecedor",
    "FornecedorFundido",
    "Fusao",
    "Grafia",
    "GrupoDeDuplicados",
    "GrupoEconomico",
    "ItemDeDuplicados",
    "NaoDuplicado",
    "Prioridade",
    "Sexo",
]
