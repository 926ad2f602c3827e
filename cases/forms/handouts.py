"""What the papers of the counter ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.filters import DateInput
from cases.models import Atendimento, Reclamado
from workflow.errors import Refusal


class Handout(forms.Form):
    """A paper; it says by itself what was refused."""

    def __init__(self, *args: Any, atendimento: Atendimento, **kwargs: Any) -> None:
        self.atendimento = atendimento
        super().__init__(*args, **kwargs)

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentences beside the fields that they are about, or above them."""
        errors = {name: text for name, text in getattr(refusal, "errors", {}).items() if name in self.fields}
        for name, text in (errors or {None: refusal.message}).items():
            self.add_error(name, text)


class AttendanceForm(Handout):
    """When somebody was here, and what for."""

    dia = forms.DateField(label="Dia", widget=DateInput())
    inicio = forms.TimeField(label="Chegou às", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    fim = forms.TimeField(label="Saiu às", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    finalidade = forms.CharField(
        label="Para quê", max_length=120, required=False, help_text="Vazio: atendimento sobre relação de consumo."
    )


class ProxyForm(Handout):
    """Nothing is asked: what is known is printed, and the rest left blank."""


class PrepostoForm(Handout):
    """For which supplier."""

    reclamado = forms.ModelChoiceField(label="Fornecedor", queryset=Reclamado.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reclamado"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Reclamado.objects.filter(atendimento=self.atendimento).select_related("fornecedor")
            field.label_from_instance = lambda reclamado: str(reclamado.fornecedor)
