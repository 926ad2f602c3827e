"""What the list of CIPs can be narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import models

from accounts.models import CASE_READERS, Unidade, User
from cases.filters import DateInput
from cases.models import CIP


class CIPFilterForm(forms.Form):
    """By status, means, day of issue, overdue, unidade."""

    status = forms.ChoiceField(label="Situação", required=False, choices=[("", "Todas"), *CIP.Status.choices])
    meio = forms.ChoiceField(label="Meio", required=False, choices=[("", "Todos"), *CIP.Meio.choices])
    de = forms.DateField(label="Emitida de", required=False, widget=DateInput())
    ate = forms.DateField(label="Emitida até", required=False, widget=DateInput())
    unidade = forms.ModelChoiceField(
        label="Unidade", required=False, queryset=Unidade.objects.none(), empty_label="Todas"
    )
    vencida = forms.BooleanField(label="Só com prazo vencido", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=user.unidades_com(CASE_READERS))

    def narrow(self, cips: models.QuerySet[CIP], *, today: date) -> models.QuerySet[CIP]:
        """The CIPs that fit what was chosen; a field that makes no sense narrows nothing, and says so."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if chosen.pop("vencida", False):
            cips = cips.filter(prazo__vence_em__lt=today, prazo__cumprido_em__isnull=True)
        lookups = {
            "status": "status",
            "meio": "meio",
            "de": "emitida_em__date__gte",
            "ate": "emitida_em__date__lte",
            "unidade": "reclamado__atendimento__unidade",
        }
        return cips.filter(**{lookups[name]: value for name, value in chosen.items()})
