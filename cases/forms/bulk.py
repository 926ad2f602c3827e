"""One form per act on many cases."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from cases.filters import colleagues
from cases.models import Desfecho
from cases.tipos import DESFECHOS_BY_STATUS

#: Every desfecho by which some status may be closed by hand.
_BY_HAND = {value for values in DESFECHOS_BY_STATUS.values() for value in values}


class BulkForm(forms.Form):
    """What the act wants to know, the same for every case."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "atendente" in self.fields:
            self.fields["atendente"].queryset = colleagues(user)


class BulkCloseForm(BulkForm):
    """How the cases ended."""

    desfecho = forms.ChoiceField(
        label="Desfecho", choices=[("", "Escolha"), *(item for item in Desfecho.choices if item[0] in _BY_HAND)]
    )
    motivo = forms.CharField(
        label="Observação", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )


class BulkReasonForm(BulkForm):
    """Why."""

    motivo = forms.CharField(label="Motivo", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class BulkReassignForm(BulkForm):
    """To whom."""

    atendente = forms.ModelChoiceField(label="Atendente", queryset=User.objects.none(), empty_label="Escolha")


class BulkNoteForm(BulkForm):
    """What is remarked."""

    texto = forms.CharField(label="Anotação", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


#: Act → (label, form).
BULK: dict[str, tuple[str, type[BulkForm]]] = {
    "encerrar": ("Encerrar", BulkCloseForm),
    "reclamacao": ("Abrir reclamação", BulkReasonForm),
    "reabrir": ("Reabrir", BulkReasonForm),
    "passar": ("Passar a outro atendente", BulkReassignForm),
    "anotar": ("Anotar no histórico", BulkNoteForm),
}
