"""What the list of messages can be narrowed by."""

from __future__ import annotations

from django import forms

from notifications.models import Mensagem
from notifications.rules import TIPOS


class MessageFilter(forms.Form):
    """Search and filters; what cannot be read is left out."""

    q = forms.CharField(
        label="Destinatário, assunto ou endereço de e-mail",
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    situacao = forms.ChoiceField(label="Situação", choices=[("", "Todas"), *Mensagem.Situacao.choices], required=False)
    tipo = forms.ChoiceField(label="Tipo", choices=[("", "Todos"), *TIPOS.items()], required=False)
