"""What the case's page shows of its numbers in other systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse

from cases.forms.numbers import NumberForm, TakeBackForm
from cases.models import NumeroExterno
from cases.services.numbers import NUMBERERS


@dataclass(frozen=True)
class NumberLine:
    """One number on the page, with the form that takes it back where the reader may."""

    numero: NumeroExterno
    form: forms.Form | None
    address: str
    opened: bool = False


def numbers(atendimento: Any, papeis: frozenset[str], tried: Any) -> dict[str, Any]:
    """The case's numbers elsewhere (`numeros_lidos`, read with it) and the forms around them."""
    may = bool(papeis & NUMBERERS)
    lines = []
    for item in (NumeroExterno(**fields) for fields in atendimento.numeros_lidos):
        hit = may and tried is not None and tried.is_at("RETIRAR_NUMERO", item.pk)
        form = (tried.form if hit else take_back_form(item)) if may else None
        lines.append(NumberLine(item, form, reverse("numero_retirar", args=[item.pk]), opened=hit))
    hit = may and tried is not None and tried.is_at("ANOTAR_NUMERO", atendimento.pk)
    form = tried.form if hit else number_form(atendimento.pk)
    return {"numeros": lines, "anotar_numero": form if may else None, "anotar_numero_aberto": hit}


def number_form(pk: int, data: Any = None) -> NumberForm:
    """The form that writes a number down; its ids differ from those of the page's other forms."""
    return NumberForm(data, auto_id=f"numero-{pk}-%s")


def take_back_form(numero: NumeroExterno, data: Any = None) -> TakeBackForm:
    """The form that takes one number back."""
    return TakeBackForm(data, auto_id=f"retirar-numero-{numero.pk}-%s")
