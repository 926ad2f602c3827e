"""Forms of the walk-in queue."""

from __future__ import annotations

from django import forms

from cases.rules.queue import PREFIXES


class TicketForm(forms.Form):
    """Reception gives out a ticket."""

    ordem = forms.TypedChoiceField(
        label="Prioridade", choices=[(rank, label) for rank, (_, label) in PREFIXES.items()], coerce=int
    )
    primeiro_nome = forms.CharField(label="Primeiro nome (se quiser)", max_length=40, required=False)


class CallForm(forms.Form):
    """A clerk calls the next."""

    guiche = forms.CharField(label="Seu guichê", max_length=20)
