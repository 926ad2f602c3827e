"""What the list of cases can be narrowed by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.utils import timezone

from accounts.models import CASE_READERS, Unidade
from cases.models import Atendimento, Canal, Tipo
from parties.models import Fornecedor

#: The orders of the list: name in the address → (label, fields, all in one direction, the last one unique).
ORDERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recentes": ("Mais recentes primeiro", ("-aberto_em", "-id")),
    "antigos": ("Mais antigos primeiro", ("aberto_em", "id")),
    "prioridade": ("Prioridade da lei primeiro", ("prioridade", "aberto_em", "id")),
}


class DateInput(forms.DateInput):
    """A date picked or typed; the browser wants ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class AtendimentoFilter(django_filters.FilterSet):
    """Search and filters of the list of cases; `request.user` decides which unidades can be chosen."""

    q = django_filters.CharFilter(
        method="by_text",
        label="Protocolo, consumidor, CPF ou fornecedor",
        max_length=160,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = django_filters.ChoiceFilter(choices=Atendimento.Status.choices, empty_label="Todos", label="Situação")
    tipo = django_filters.ChoiceFilter(choices=Tipo.choices, empty_label="Todos", label="Tipo")
    canal = django_filters.ChoiceFilter(choices=Canal.choices, empty_label="Todos", label="Canal")
    aberto_de = django_filters.DateFilter(method="by_first_day", label="Aberto de", widget=DateInput())
    aberto_ate = django_filters.DateFilter(method="by_last_day", label="Aberto até", widget=DateInput())
    unidade = django_filters.ModelChoiceFilter(
        queryset=lambda request: Unidade.objects.filter(pk__in=request.user.unidades_com(CASE_READERS)),
        empty_label="Todas",
        label="Unidade",
    )
    consumidor = django_filters.NumberFilter(
        field_name="consumidor_id", widget=forms.HiddenInput, min_value=1, max_value=2**62
    )
    fornecedor = django_filters.NumberFilter(
        method="by_supplier", widget=forms.HiddenInput, min_value=1, max_value=2**62
    )
    ordem = django_filters.ChoiceFilter(
        method="unchanged",
        label="Ordem",
        empty_label=None,
        choices=[(name, label) for name, (label, _) in ORDERS.items()],
    )

    class Meta:
        model = Atendimento
        fields: list[str] = []

    @property
    def order(self) -> tuple[str, ...]:
        """The fields of the chosen order; the most recent first where none was chosen."""
        chosen = self.form.cleaned_data.get("ordem") if self.form.is_valid() else ""
        return ORDERS[chosen or "recentes"][1]

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow by what was typed into the search box."""
        return queryset.search(value, user=self.request.user)

    def by_first_day(self, queryset: models.QuerySet[Any], name: str, value: date) -> models.QuerySet[Any]:
        """Opened on this local day or later."""
        return queryset.filter(aberto_em__gte=_midnight(value))

    def by_last_day(self, queryset: models.QuerySet[Any], name: str, value: date) -> models.QuerySet[Any]:
        """Opened on this local day or earlier."""
        return queryset.filter(aberto_em__lt=_midnight(value + timedelta(days=1)))

    def by_supplier(self, queryset: models.QuerySet[Any], name: str, value: int) -> models.QuerySet[Any]:
        """With this supplier among the reclamados, or one merged with it."""
        return queryset.against(Fornecedor.objects.filter(pk=value))

    def unchanged(self, queryset: models.QuerySet[Any], name: str, value: str) -> models.QuerySet[Any]:
        """The order is applied by the page, not by the filter."""
        return queryset


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
