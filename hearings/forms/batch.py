"""Forms of a mutirão, and of when parties cannot come."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Unidade, User
from cases.models import Atendimento, Reclamado
from hearings.forms.hearing import RefusableForm, TimeInput, day_field
from hearings.models import Audiencia, Disponibilidade, Sala
from hearings.services import agenda_rules, conciliators_of

#: Whose cases are taken: this supplier's alone, those of its CNPJ root, or those of its group.
SCOPES = [
    ("radical", "Todos os CNPJs da mesma raiz"),
    ("so", "Só este fornecedor"),
    ("grupo", "Todo o grupo econômico"),
]


class PeriodForm(forms.Form):
    """Which days, and which unidade."""

    de = day_field(label="De", required=False)
    ate = day_field(label="Até", required=False)
    unidade = forms.ModelChoiceField(
        label="Unidade", queryset=Unidade.objects.none(), required=False, empty_label="Todas"
    )

    def __init__(self, *args: Any, unidades: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=unidades)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("de") and values.get("ate") and values["ate"] < values["de"]:
            self.add_error("ate", "O período termina antes de começar.")
        return values


class DaysForm(forms.Form):
    """Days that somebody means to close, or to suspend terms on."""

    de = day_field(label="De")
    ate = day_field(label="Até")
    suspende = forms.BooleanField(label="Só suspende prazos", required=False)


class SupplierSearchForm(forms.Form):
    """Which supplier a mutirão is for."""

    busca = forms.CharField(
        label="Procurar fornecedor",
        max_length=120,
        required=False,
        help_text="Por nome ou CNPJ; aparecem os que têm casos prontos para audiência.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ScopeForm(forms.Form):
    """Whose cases are listed, and which of them."""

    alcance = forms.ChoiceField(label="Casos de", choices=SCOPES, required=False)
    aberto_ate = day_field(label="Abertos até", required=False)
    prioridade = forms.BooleanField(label="Só com prioridade por lei", required=False)


class CasesField(forms.ModelMultipleChoiceField):
    """Ticked cases, by key."""

    widget = forms.MultipleHiddenInput


class BatchForm(RefusableForm):
    """What a mutirão is planned from."""

    casos = CasesField(label="Casos", queryset=Atendimento.objects.none(), required=False)
    salas = forms.ModelMultipleChoiceField(
        label="Salas", queryset=Sala.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    conciliadores = forms.ModelMultipleChoiceField(
        label="Conciliadores", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    de = day_field(label="Do dia")
    ate = day_field(label="Até o dia")
    das = forms.TimeField(label="Das", widget=TimeInput())
    ate_as = forms.TimeField(label="Até as", widget=TimeInput())
    duracao = forms.IntegerField(label="Duração de cada audiência (min)", min_value=5, max_value=240)
    modalidade = forms.ChoiceField(label="Modalidade", choices=Audiencia.Modalidade.choices)

    def __init__(self, *args: Any, unidade: Unidade, casos: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["casos"].queryset = casos  # type: ignore[attr-defined]
        self.fields["salas"].queryset = Sala.objects.filter(unidade=unidade, ativa=True)  # type: ignore[attr-defined]
        self.fields["conciliadores"].queryset = conciliators_of(unidade)  # type: ignore[attr-defined]
        rules = agenda_rules(unidade)
        for name, value in (("das", unidade.abre_as), ("ate_as", unidade.fecha_as), ("duracao", rules.duracao)):
            self.fields[name].initial = value


class ImpedimentForm(RefusableForm):
    """When a party cannot come. What is left empty does not narrow."""

    reclamado = forms.ModelChoiceField(
        label="Quem não pode", queryset=Reclamado.objects.none(), required=False, empty_label="O consumidor"
    )
    dias_da_semana = forms.TypedMultipleChoiceField(
        label="Dias da semana",
        choices=Disponibilidade.Dia.choices[:6],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    das = forms.TimeField(label="Das", widget=TimeInput(), required=False)
    ate_as = forms.TimeField(label="Até as", widget=TimeInput(), required=False)
    de = day_field(label="Do dia", required=False)
    ate = day_field(label="Até o dia", required=False)
    motivo = forms.CharField(label="Motivo", max_length=160, required=False)

    def __init__(self, *args: Any, atendimento: Atendimento, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reclamado"]
        field.queryset = Reclamado.objects.filter(atendimento=atendimento).select_related("fornecedor")  # type: ignore[attr-defined]
        field.label_from_instance = lambda item: str(item.fornecedor)  # type: ignore[attr-defined]
