"""One form per kind of calculation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from cases.filters import DateInput
from cases.models import Calculo
from cases.rules.calculation import DAY, EFFECTIVE, MAX_INSTALMENTS, MONTH, NOMINAL, YEAR
from workflow.errors import Refusal

_PERIODS = [(MONTH, "ao mês"), (YEAR, "ao ano"), (DAY, "ao dia")]
_UNITS = [(MONTH, "meses"), (DAY, "dias"), (YEAR, "anos")]
_KINDS = [(EFFECTIVE, "efetiva"), (NOMINAL, "nominal")]
_WITHIN = [MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2149, 12, 31))]


def _money(label: str) -> forms.DecimalField:
    field = forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, min_value=0.01, localize=True, help_text="Como 1.234,56."
    )
    field.widget.attrs.update(inputmode="decimal", autocomplete="off")
    return field


def _percentage(label: str = "Taxa de juros (%)") -> forms.DecimalField:
    field = forms.DecimalField(
        label=label, max_digits=9, decimal_places=6, min_value=0, max_value=999, localize=True, help_text="Como 2,5."
    )
    field.widget.attrs.update(inputmode="decimal", autocomplete="off")
    return field


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MAX_INSTALMENTS)


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), validators=_WITHIN)


class CalculationForm(forms.Form):
    """What every kind shares: it shows what the arithmetic refuses."""

    def show(self, refusal: Refusal) -> None:
        """Put the refusal above the form."""
        self.add_error(None, refusal.message)


class SimpleInterestForm(CalculationForm):
    """Simple interest."""

    principal = _money("Valor (R$)")
    taxa = _percentage()
    periodo = forms.ChoiceField(label="Taxa", choices=_PERIODS)
    prazo = forms.DecimalField(
        label="Tempo", max_digits=7, decimal_places=2, min_value=0, max_value=36000, localize=True
    )
    unidade_prazo = forms.ChoiceField(label="Tempo em", choices=_UNITS)


class CompoundInterestForm(SimpleInterestForm):
    """Compound interest."""

    tipo_taxa = forms.ChoiceField(
        label="A taxa é", choices=_KINDS, help_text="Efetiva, salvo se o contrato diz nominal."
    )
    field_order = ["principal", "taxa", "periodo", "tipo_taxa"]


class PriceForm(CalculationForm):
    """Equal instalments."""

    principal = _money("Valor financiado (R$)")
    taxa = _percentage()
    periodo = forms.ChoiceField(label="Taxa", choices=_PERIODS)
    tipo_taxa = forms.ChoiceField(label="A taxa é", choices=_KINDS)
    parcelas = _count("Número de parcelas")
    primeiro_vencimento = _day("Vencimento da primeira")


class SettlementForm(CalculationForm):
    """Early settlement."""

    parcela = _money("Valor de cada parcela (R$)")
    restantes = _count("Quantas parcelas faltam")
    proximo_vencimento = _day("Vencimento da próxima")
    taxa = _percentage("Taxa de juros do contrato (%)")
    periodo = forms.ChoiceField(label="Taxa", choices=_PERIODS)
    tipo_taxa = forms.ChoiceField(label="A taxa é", choices=_KINDS)
    liquidacao = _day("Dia em que quer pagar tudo")


class ImpliedRateForm(CalculationForm):
    """The rate that instalments hide."""

    principal = _money("Valor à vista ou financiado (R$)")
    parcela = _money("Valor de cada parcela (R$)")
    parcelas = _count("Número de parcelas")


FORMS: dict[str, type[CalculationForm]] = {
    Calculo.Especie.LIQUIDACAO: SettlementForm,
    Calculo.Especie.PRICE: PriceForm,
    Calculo.Especie.TAXA: ImpliedRateForm,
    Calculo.Especie.JUROS_SIMPLES: SimpleInterestForm,
    Calculo.Especie.JUROS_COMPOSTOS: CompoundInterestForm,
}


def form_for(especie: str, data: Any = None) -> CalculationForm:
    """The form of this kind."""
    return FORMS[especie](data)
