"""What the office stores about hearings."""

from hearings.models.agenda import AssinaturaDeAgenda, Ausencia, Disponibilidade, RegrasDaAgenda, Sala
from hearings.models.hearing import Audiencia, Confirmacao, Justificativa, PedidoDeRemarcacao, Presenca, Reserva

__all__ = [
    "AssinaturaDeAgenda",
    "Audiencia",
    "Ausencia",
    "Confirmacao",
    "Disponibilidade",
    "Justificativa",
    "PedidoDeRemarcacao",
    "Presenca",
    "RegrasDaAgenda",
    "Reserva",
    "Sala",
]
