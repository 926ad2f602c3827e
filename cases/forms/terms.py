"""What the list of running terms can be narrowed by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models

from accounts.models import CASE_READERS, Unidade, User
from cases.filters import DateInput
from deadlines.models import RegraDePrazo

#: Name in the address → (label, first and last day as days from today; none is open-ended).
WHEN: dict[str, tuple[str, int | None, int | None]] = {
    "vencidos": ("Vencidos", None, -1),
    "hoje": ("Vencem hoje", 0, 0),
    "semana": ("Vencem em até 7 dias", 0, 7),
    "a_vencer": ("A vencer", 0, None),
}


class TermFilterForm(forms.Form):
    """By what falls due, by rule, by period, by unidade."""

    quando = forms.ChoiceField(
        label="Vencimento", required=False, choices=[("", "Todos"), *((k, v[0]) for k, v in WHEN.items())]
    )
    regra = forms.ChoiceField(label="Prazo", required=False)
    de = forms.DateField(label="Vence de", required=False, widget=DateInput())
    ate = forms.DateField(label="Vence até", required=False, widget=DateInput())
    unidade = forms.ModelChoiceField(
        label="Unidade", required=False, queryset=Unidade.objects.none(), empty_label="Todas"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = RegraDePrazo.objects.order_by("nome", "versao").values_list("nome", "descricao")
        self.fields["regra"].choices = [("", "Todos"), *dict(rows).items()]
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=user.unidades_com(CASE_READERS))

    def narrow(self, terms: models.QuerySet[Any], *, today: date) -> models.QuerySet[Any]:
        """The terms that fit what was chosen; a field that makes no sense narrows nothing, and says so."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        _, low, high = WHEN.get(chosen.get("quando", ""), ("", None, None))
        if low is not None:
            terms = terms.filter(vence_em__gte=today + timedelta(days=low))
        if high is not None:
            terms = terms.filter(vence_em__lte=today + timedelta(days=high))
        lookups = {
            "regra": "regra__nome",
            "de": "vence_em__gte",
            "ate": "vence_em__lte",
            "unidade": "historico__atendimento__unidade",
        }
        return terms.filter(**{lookup: chosen[name] for name, lookup in lookups.items() if name in chosen})
