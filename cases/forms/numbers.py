"""The forms for a case's numbers in other systems."""

from __future__ import annotations

from django import forms

from cases.models import NumeroExterno
from cases.rules.numbers import LONGEST


class NumberForm(forms.Form):
    """The number of this case in another system."""

    sistema = forms.ChoiceField(label="Sistema", choices=NumeroExterno.Sistema.by_hand())
    numero = forms.CharField(label="Número", max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class TakeBackForm(forms.Form):
    """Why a number is taken out of the case."""

    motivo = forms.CharField(label="Motivo", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
