"""Consumers and suppliers, and what the office knows about them."""

from parties.models.merging import FornecedorFundido, Fusao
from parties.models.parties import Consumidor, Endereco, Fornecedor, Grafia, GrupoEconomico, Prioridade, Sexo

__all__ = [
    "Consumidor",
    "Endereco",
    "Fornecedor",
    "FornecedorFundido",
    "Fusao",
    "Grafia",
    "GrupoEconomico",
    "Prioridade",
    "Sexo",
]
