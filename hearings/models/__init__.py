"""What the office stores about hearings."""

from hearings.models.agenda import Ausencia, Disponibilidade, RegrasDaAgenda, Sala
from hearings.models.hearing import Audiencia, Presenca, Reserva

__all__ = ["Audiencia", "Ausencia", "Disponibilidade", "Presenca", "RegrasDaAgenda", "Reserva", "Sala"]
