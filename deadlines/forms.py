"""Forms of the calendar: they check shape; the services check law."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from deadlines.models import Feriado, RegraDePrazo
from workflow.errors import Refusal

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class DateInput(forms.DateInput):
    """A date picked or typed; the browser wants ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def day_field(**kwargs: Any) -> forms.DateField:
    """A date within the years that an office can mean."""
    return forms.DateField(
        widget=DateInput(), validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)], **kwargs
    )


class RefusableForm(forms.Form):
    """A form that shows what a service refused, beside the field where it belongs."""

    def show(self, refusal: Refusal) -> None:
        """Put each of the refusal's messages at its field, the rest above the form."""
        here = {field: message for field, message in refusal.errors.items() if field in self.fields}
        for field, message in here.items():
            self.add_error(field, message)
        if not here:
            self.add_error(None, refusal.message)


class DayForm(RefusableForm):
    """A day on which the office does not work."""

    data = day_field(label="Dia")
    nome = forms.CharField(label="Nome", max_length=120)
    ambito = forms.ChoiceField(label="Quem decretou", choices=Feriado.Ambito.choices, initial=Feriado.Ambito.MUNICIPAL)
    facultativo = forms.BooleanField(label="Ponto facultativo", required=False)
    fonte = forms.CharField(label="Norma", max_length=160, help_text="Como em «Decreto municipal 8.123/2026».")


class WindowForm(RefusableForm):
    """A window in which terms do not run."""

    de = day_field(label="Do dia")
    ate = day_field(label="Ao dia", help_text="Os dois dias são suspensos.")
    motivo = forms.CharField(
        label="Motivo", max_length=160, help_text="Sai na explicação de cada prazo, como em «recesso»."
    )
    fonte = forms.CharField(label="Norma", max_length=160, help_text="Como em «Decreto municipal 8.123/2026».")
    poupa = forms.MultipleChoiceField(
        label="Prazos que continuam a correr", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["poupa"].choices = rule_choices()


class RemovalForm(RefusableForm):
    """Why a day or a window is taken back."""

    motivo = forms.CharField(label="Por que é retirado", max_length=300)


class RuleForm(RefusableForm):
    """A new version of a rule."""

    dias = forms.IntegerField(label="Quantos", min_value=1, max_value=3650)
    contagem = forms.ChoiceField(label="Contados em", choices=RegraDePrazo.Contagem.choices)
    prorroga = forms.BooleanField(label="Se vencer em dia sem expediente, vai ao dia útil seguinte", required=False)
    fonte = forms.CharField(label="Norma", max_length=200)
    vigente_de = day_field(label="Vale a partir de", help_text="Vale para os prazos que começarem deste dia em diante.")


def rule_choices() -> list[tuple[str, str]]:
    """Each rule once, by its newest version's words."""
    rows = RegraDePrazo.objects.order_by("nome", "versao").values_list("nome", "descricao")
    return list(dict(rows).items())
