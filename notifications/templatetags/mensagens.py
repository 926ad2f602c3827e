"""How a message's state looks, and addresses half hidden."""

from __future__ import annotations

from django import template

from notifications.rules import TIPOS, masked

register = template.Library()

_COLOURS = {
    "pendente": "azul",
    "em_envio": "azul",
    "enviada": "verde",
    "falhou": "vermelha",
    "devolvida": "vermelha",
    "pulada": "amarela",
}


@register.filter
def cor_da_mensagem(situacao: str) -> str:
    """The colour of the label of a message's state."""
    return f"etiqueta--{_COLOURS[situacao]}" if situacao in _COLOURS else ""


@register.filter
def mascarado(address: str) -> str:
    """An address of which only the first letter and the domain are readable."""
    return masked(address)


@register.filter
def tipo_em_palavras(tipo: str) -> str:
    """A kind of message as it is read: «Aviso audiencia» for aviso_audiencia."""
    return TIPOS.get(tipo, tipo.replace("_", " ").capitalize())


@register.filter
def vez_em_palavras(vez: str) -> str:
    """Which reminder it is: "7d" is «7 dias antes»."""
    units = {"d": ("dia", "dias"), "h": ("hora", "horas"), "m": ("minuto", "minutos")}
    if not vez[:-1].isdigit() or vez[-1] not in units:
        return vez
    return f"{vez[:-1]} {units[vez[-1]][vez[:-1] != '1']} antes"
