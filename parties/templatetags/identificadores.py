"""CPF, CNPJ and telephone numbers as people read them."""

from __future__ import annotations

import re
from datetime import date

from django import template

from parties.identifiers import format_cnpj, format_cpf, mask_cpf
from parties.models import Consumidor
from parties.priority import age_on

register = template.Library()
register.filter("cpf", format_cpf)
register.filter("cpf_mascarado", mask_cpf)
register.filter("cnpj", format_cnpj)


@register.filter
def telefone(number: str) -> str:
    """+5511912345678 as (11) 91234-5678; anything else as it stands."""
    found = re.fullmatch(r"\+55(\d{2})(\d{4,5})(\d{4})", number or "")
    return f"({found[1]}) {found[2]}-{found[3]}" if found else number


@register.filter
def idade_em(person: Consumidor, day: date) -> int | None:
    """Full years of age on a day, where the birth date is known."""
    return age_on(person.nascimento, day) if person.nascimento else None
