"""What the office stores about a case."""

from cases.models.agreement import Acordo, Parcela
from cases.models.answer import Manifestacao, PedidoDeProrrogacao
from cases.models.atendimento import Atendimento, Canal, Contato, Desfecho, Reclamado, Sequencia, Tipo
from cases.models.attachment import Anexo
from cases.models.batch import ItemDoLote, Lote
from cases.models.calculation import Calculo
from cases.models.cip import CIP
from cases.models.contingency import FormularioDeContingencia, SequenciaDeContingencia
from cases.models.decision import ClasseDaReclamacao, Classificacao, Parecer, Proposta, Recurso
from cases.models.desk import Rascunho, TextoPadrao
from cases.models.finding import FiltroSalvo, NumeroExterno, TextoDoAtendimento
from cases.models.national import RegistroNacional
from cases.models.privacy import SolicitacaoDoTitular
from cases.models.purchase import Compra, Representante
from cases.models.queue import Senha, SequenciaDeSenha
from cases.models.reclamacao import Defesa, Reclamacao
from cases.models.retention import Anonimizacao, PerfilAnonimo, PrazoDeGuarda
from cases.models.taxonomy import Assunto, Orgao, Problema, ProblemaDoAssunto

__all__ = [
    "CIP",
    "Acordo",
    "Anexo",
    "Anonimizacao",
    "Assunto",
    "Atendimento",
    "Calculo",
    "Canal",
    "ClasseDaReclamacao",
    "Classificacao",
    "Compra",
    "Contato",
    "Defesa",
    "Desfecho",
    "FiltroSalvo",
    "FormularioDeContingencia",
    "ItemDoLote",
    "Lote",
    "Manifestacao",
    "NumeroExterno",
    "Orgao",
    "Parcela",
    "Parecer",
    "PedidoDeProrrogacao",
    "PerfilAnonimo",
    "PrazoDeGuarda",
    "Problema",
    "ProblemaDoAssunto",
    "Proposta",
    "Rascunho",
    "Reclamacao",
    "Reclamado",
    "Recurso",
    "RegistroNacional",
    "Representante",
    "Senha",
    "Sequencia",
    "SequenciaDeContingencia",
    "SequenciaDeSenha",
    "SolicitacaoDoTitular",
    "TextoDoAtendimento",
    "TextoPadrao",
    "Tipo",
]
