"""How a calculation's table is shown, whether just worked out or read back from the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

register = template.Library()

_COLUMNS = {
    "valor": "Parcela",
    "juros": "Juros",
    "amortizacao": "Amortização",
    "desconto": "Redução",
    "valor_presente": "Valor presente",
    "saldo": "Saldo devedor",
}


@register.filter
def colunas(memoria: dict[str, Any]) -> list[str]:
    """The headings of the columns that this kind of table has."""
    return [label for name, label in _COLUMNS.items() if name in memoria["parcelas"][0]]


@register.filter
def valores(parcela: dict[str, Any]) -> list[str]:
    """One line's amounts, in the order of the headings."""
    return [_amount(parcela[name]) for name in _COLUMNS if name in parcela]


@register.filter
def totais(memoria: dict[str, Any]) -> list[str]:
    """The sums under their columns; nothing where a sum means nothing."""
    sums = memoria.get("totais", {})
    return [_amount(sums[name]) if name in sums else "" for name in _COLUMNS if name in memoria["parcelas"][0]]


@register.filter
def dia(value: date | str) -> str:
    """A day as it is read here."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day:%d/%m/%Y}"


def _amount(value: Decimal | str) -> str:
    return f"{Decimal(value):,.2f}".translate(str.maketrans(",.", ".,"))
