"""How the states of a hearing look: always a word, and a colour beside it."""

from __future__ import annotations

from django import template

register = template.Library()

_COLOURS = {
    "agendada": "azul",
    "notificada": "azul",
    "confirmada": "verde",
    "realizada": "verde",
    "nao_realizada": "vermelha",
    "redesignada": "amarela",
}


@register.filter
def cor_da_audiencia(status: str) -> str:
    """The colour of the label of a hearing's state."""
    return f"etiqueta--{_COLOURS[status]}" if status in _COLOURS else ""


@register.filter
def parte_em_palavras(parte: str) -> str:
    """ "consumidor:5" as people say it."""
    return "Consumidor" if parte.startswith("consumidor:") else "Fornecedor"
