"""What the office stores about a case."""

from cases.models.atendimento import Atendimento, Canal, Contato, Desfecho, Reclamado, Sequencia, Tipo
from cases.models.attachment import Anexo
from cases.models.calculation import Calculo
from cases.models.cip import CIP
from cases.models.desk import Rascunho, TextoPadrao
from cases.models.finding import FiltroSalvo, NumeroExterno, TextoDoAtendimento
from cases.models.national import RegistroNacional
from cases.models.purchase import Compra, Representante
from cases.models.reclamacao import Classificacao, Reclamacao
from cases.models.taxonomy import Assunto, Orgao, Problema, ProblemaDoAssunto

__all__ = [
    "CIP",
    "Anexo",
    "Assunto",
    "Atendimento",
    "Calculo",
    "Canal",
    "Classificacao",
    "Compra",
    "Contato",
    "Desfecho",
    "FiltroSalvo",
    "NumeroExterno",
    "Orgao",
    "Problema",
    "ProblemaDoAssunto",
    "Rascunho",
    "Reclamacao",
    "Reclamado",
    "RegistroNacional",
    "Representante",
    "Sequencia",
    "TextoDoAtendimento",
    "TextoPadrao",
    "Tipo",
]
