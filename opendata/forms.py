"""The form with which a person narrows the comparison. It lives in the address: a link keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cases.rules.domicile import City
from opendata.services import conduct

_MONTH = "%Y-%m"


class MonthField(forms.DateField):
    """A month, as its first day; the browser wants `2023-05`."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2023-05"}, format=_MONTH)
    input_formats = [_MONTH, "%m/%Y"]
    default_error_messages = {"invalid": "Escreva o mês como 2023-05."}


class ConductForm(forms.Form):
    """Which months, of which segment, in which order."""

    de = MonthField(label="De")
    ate = MonthField(label="Até")
    segmento = forms.ChoiceField(label="Segmento de mercado", required=False)
    ordem = forms.ChoiceField(
        label="Ordenar por", required=False, choices=[(key, words) for key, (words, _) in conduct.ORDERS.items()]
    )
    onde = forms.ChoiceField(label="Números que ordenam", required=False)
    cidade = forms.ChoiceField(label="Cidade", required=False)

    def __init__(self, *args: Any, cities: Sequence[City], segments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cities = {city.code: city for city in cities}
        self.fields["segmento"].choices = [("", "Todos"), *((name, name) for name in segments)]
        self.fields["onde"].choices = [("cidade", "na cidade"), ("uf", "no estado"), ("brasil", "no Brasil")]
        self.fields["cidade"].choices = [(city.code, city.name) for city in cities]
        if len(cities) < 2:
            del self.fields["cidade"]

    def clean(self) -> dict[str, Any]:
        """The period must have an order; what was left out is the first choice."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("de"), cleaned.get("ate")
        if first and last and first > last:
            self.add_error("ate", "O fim vem antes do começo. Troque os meses.")
        cleaned["ordem"] = cleaned.get("ordem") or "aqui"
        return cleaned

    @property
    def city(self) -> City:
        """The city that is compared."""
        code = self.cleaned_data.get("cidade")
        return self._cities[code] if code else next(iter(self._cities.values()))

    @property
    def place(self) -> str:
        """The place by whose figures the rows are sorted."""
        return {"uf": self.city.uf, "brasil": "BR"}.get(self.cleaned_data["onde"], self.city.code)


def initial(months: tuple[date, date]) -> dict[str, str]:
    """The last twelve months of which something is known."""
    first, last = months
    year_before = date(last.year - (last.month < 12), last.month % 12 + 1, 1)
    return {"de": f"{max(first, year_before):%Y-%m}", "ate": f"{last:%Y-%m}"}
