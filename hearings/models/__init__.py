"""What the office stores about hearings."""

from hearings.models.agenda import AssinaturaDeAgenda, Ausencia, Disponibilidade, RegrasDaAgenda, Sala
from hearings.models.hearing import Audiencia, Confirmacao, Justificativa, PedidoDeRemarcacao, Presenca, Reserva
from hearings.models.impediment import Impedimento
from hearings.models.session import DocumentoVisto, NotificacaoDaAudiencia, ResultadoDoReclamado
from hearings.models.termo import AssinaturaDoTermo, SequenciaDeHomologacao, Termo

__all__ = [
    "AssinaturaDeAgenda",
    "AssinaturaDoTermo",
    "Audiencia",
    "Ausencia",
    "Confirmacao",
    "Disponibilidade",
    "DocumentoVisto",
    "Impedimento",
    "Justificativa",
    "NotificacaoDaAudiencia",
    "PedidoDeRemarcacao",
    "Presenca",
    "RegrasDaAgenda",
    "Reserva",
    "ResultadoDoReclamado",
    "Sala",
    "SequenciaDeHomologacao",
    "Termo",
]
