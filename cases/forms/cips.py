"""What the list of CIPs can be narrowed by, and what is asked before a batch: days of receipt, a resultado, a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from accounts.models import CASE_READERS, Unidade, User
from cases.filters import DateInput
from cases.models import CIP, Lote
from cases.queries import CIPQuerySet
from cases.services.cip import NOT_BY_HAND
from documents.services.printing import LABELS_PER_SHEET

#: Each CIP's own day of receipt is typed in a field named after it.
DAY = "ciencia_"


class CIPFilterForm(forms.Form):
    """By status, means, day of issue, overdue, unidade, and the batch that made or moved them."""

    status = forms.ChoiceField(label="Situação", required=False, choices=[("", "Todas"), *CIP.Status.choices])
    meio = forms.ChoiceField(label="Meio", required=False, choices=[("", "Todos"), *CIP.Meio.choices])
    de = forms.DateField(label="Emitida de", required=False, widget=DateInput())
    ate = forms.DateField(label="Emitida até", required=False, widget=DateInput())
    unidade = forms.ModelChoiceField(
        label="Unidade", required=False, queryset=Unidade.objects.none(), empty_label="Todas"
    )
    lote = forms.ModelChoiceField(queryset=Lote.objects.none(), required=False, widget=forms.HiddenInput)
    vencida = forms.BooleanField(label="Só com prazo vencido", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lote"].queryset = Lote.objects.visible_to(user)
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=user.unidades_com(CASE_READERS))

    def narrow(self, cips: CIPQuerySet, *, today: date) -> CIPQuerySet:
        """The CIPs that fit what was chosen; a field that makes no sense narrows nothing, and says so."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if chosen.pop("vencida", False):
            cips = cips.filter(prazo__vence_em__lt=today, prazo__cumprido_em__isnull=True)
        if lote := chosen.pop("lote", None):
            cips = cips.of_lot(lote)
        lookups = {
            "status": "status",
            "meio": "meio",
            "de": "emitida_em__date__gte",
            "ate": "emitida_em__date__lte",
            "unidade": "reclamado__atendimento__unidade",
        }
        return cips.filter(**{lookups[name]: value for name, value in chosen.items()})


class ReceiptsForm(forms.Form):
    """The day of receipt of many CIPs: one for all, or each its own; a row without any stays out."""

    todas = forms.DateField(
        label="Data para todas",
        required=False,
        widget=DateInput(),
        help_text="Vale para cada linha sem data própria. Em branco, as linhas sem data ficam de fora.",
    )

    def __init__(self, *args: Any, cips: Sequence[CIP], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cip in cips:
            label = f"Ciência de {cip.reclamado.atendimento.protocolo}, {cip.reclamado.fornecedor}"
            self.fields[field_of(cip)] = forms.DateField(label=label, required=False, widget=DateInput())

    def days(self, cips: Sequence[CIP]) -> dict[int, date]:
        """The day of each CIP that has one, by key."""
        both = ((cip.pk, self.cleaned_data.get(field_of(cip)) or self.cleaned_data["todas"]) for cip in cips)
        return {key: day for key, day in both if day}


def field_of(cip: CIP) -> str:
    """The name of the field with this CIP's own day."""
    return f"{DAY}{cip.pk}"


class ClosingForm(forms.Form):
    """How the CIPs ended, one resultado for all."""

    resultado = forms.ChoiceField(
        label="Resultado de todas",
        choices=[("", "Escolha"), *(item for item in CIP.Resultado.choices if item[0] not in NOT_BY_HAND)],
    )


class LabelsForm(forms.Form):
    """The first free place of the sheet."""

    inicio = forms.TypedChoiceField(
        label="Primeira etiqueta livre da folha",
        choices=[(place, f"Posição {place}") for place in range(1, LABELS_PER_SHEET + 1)],
        initial=1,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "folha"}),
        help_text="As posições contam da esquerda para a direita e de cima para baixo.",
    )
