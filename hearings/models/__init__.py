"""What the office stores about hearings."""

from hearings.models.agenda import AssinaturaDeAgenda, Ausencia, Disponibilidade, RegrasDaAgenda, Sala
from hearings.models.hearing import Audiencia, Presenca, Reserva

__all__ = [
    "AssinaturaDeAgenda",
    "Audiencia",
    "Ausencia",
    "Disponibilidade",
    "Presenca",
    "RegrasDaAgenda",
    "Reserva",
    "Sala",
]
