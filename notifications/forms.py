"""What the list of messages can be narrowed by."""

from __future__ import annotations

from django import forms

from notifications.models import Mensagem
from notifications.rules import TIPOS

#: The filter behind «mensagens que não chegaram».
UNREACHED = "nao_entregues"


class MessageFilter(forms.Form):
    """Search and filters; what cannot be read is left out."""

    q = forms.CharField(
        label="Destinatário, assunto ou endereço de e-mail",
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    situacao = forms.ChoiceField(
        label="Situação",
        choices=[("", "Todas"), (UNREACHED, "Não chegaram (falharam ou voltaram)"), *Mensagem.Situacao.choices],
        required=False,
    )
    canal = forms.ChoiceField(label="Canal", choices=[("", "Todos"), *Mensagem.Canal.choices], required=False)
    tipo = forms.ChoiceField(label="Tipo", choices=[("", "Todos"), *TIPOS.items()], required=False)


class ResendForm(forms.Form):
    """Sending it again, to the same address or to a corrected one; the service checks it."""

    endereco = forms.CharField(
        label="Endereço corrigido",
        max_length=254,
        required=False,
        help_text="Deixe em branco para usar o mesmo.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
