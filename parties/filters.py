"""What the lists of consumers and suppliers can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms

from parties.models import Consumidor, Fornecedor

_SEARCH = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})


class ConsumidorFilter(django_filters.FilterSet):
    """By name; a CPF is looked up by POST, so that it stands in no address."""

    q = django_filters.CharFilter(method="by_text", label="Nome ou CPF", max_length=160, widget=_SEARCH)

    class Meta:
        model = Consumidor
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow by what was typed into the search box."""
        return queryset.search(value)


class FornecedorFilter(django_filters.FilterSet):
    """By any name or spelling, by CNPJ or its root, or those whose data somebody must complete."""

    q = django_filters.CharFilter(method="by_text", label="Nome, CNPJ ou raiz do CNPJ", max_length=160, widget=_SEARCH)
    a_completar = django_filters.ChoiceFilter(
        label="Cadastro", choices=[("1", "Só os que faltam completar")], empty_label="Todos", method="by_completeness"
    )

    class Meta:
        model = Fornecedor
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow by what was typed into the search box."""
        return queryset.search(value)

    def by_completeness(self, queryset: Any, name: str, value: str) -> Any:
        """Only those marked for completion."""
        return queryset.filter(a_completar=True)
