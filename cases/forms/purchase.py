"""The optional parts of the registration page: the purchase, who acts for the consumer, what the clerk has seen."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.filters import DateInput
from cases.models import Compra, Representante
from cases.rules.domicile import City, cities, city_named
from cases.services.purchase import PURCHASE


def _chosen(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "Escolha"), *choices], required=False)


def _day(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), required=False, **kwargs)


class PurchaseForm(forms.Form):
    """The purchase, and what was already said to the supplier."""

    forma_compra = _chosen("Como comprou", Compra.Forma.choices)
    forma_pagamento = _chosen("Como pagou", Compra.Pagamento.choices)
    contrato = forms.CharField(label="Nº do contrato ou pedido", max_length=60, required=False)
    natureza = _chosen("Produto ou serviço", Compra.Natureza.choices)
    data_entrega = _day("Data da entrega")
    data_defeito = _day("Defeito apareceu em")
    oculto = forms.BooleanField(label="Defeito oculto", required=False)
    contato_em = _day("Reclamou ao fornecedor em")
    contato_protocolo = forms.CharField(label="Protocolo que o fornecedor deu", max_length=60, required=False)
    contato_negado_em = _day("O fornecedor negou em")
    contato_relato = forms.CharField(
        label="O que o fornecedor disse", widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )

    def purchase(self) -> dict[str, Any]:
        """What was told about the purchase, as `register` takes it."""
        return {name: self.cleaned_data.get(name) for name in PURCHASE}


class RepresentativeForm(forms.Form):
    """Who acts for the consumer."""

    rep_qualidade = _chosen("Quem representa", Representante.Qualidade.choices)
    rep_nome = forms.CharField(label="Nome de quem representa", max_length=160, required=False)
    rep_cpf = forms.CharField(label="CPF de quem representa", max_length=18, required=False)
    rep_telefone = forms.CharField(label="Telefone de quem representa", max_length=20, required=False)
    rep_oab = forms.CharField(label="OAB (advogado)", max_length=20, required=False)
    rep_documentos = forms.MultipleChoiceField(
        label="Papéis vistos",
        choices=Representante.Papeis.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def representative(self) -> dict[str, Any]:
        """Who acts for the consumer, as `register` takes it."""
        return {name.removeprefix("rep_"): self.cleaned_data.get(name) for name in RepresentativeForm.base_fields}


class ConfirmationForm(forms.Form):
    """What the clerk has seen and wants nevertheless."""

    mesmo_assim = forms.BooleanField(label="Vi o caso aberto: registrar mesmo assim", required=False)
    motivo_domicilio = forms.CharField(label="Motivo para registrar aqui mesmo assim", max_length=500, required=False)


class CityField(forms.CharField):
    """A municipality by its name, stored as IBGE's code; `near` is the code of the city that the unidade serves."""

    near = ""

    def to_python(self, value: Any) -> str:
        """The code, or nothing where nothing was typed. Raises ValidationError in Portuguese."""
        text = str(super().to_python(value) or "")
        if not text:
            return ""
        city = city_named(text, near=self.near)
        if city is None:
            raise forms.ValidationError("Município não encontrado. Escreva o nome e o estado, como em Suzano (SP).")
        return city.code

    def prepare_value(self, value: Any) -> Any:
        """What the box shows: the name and the state."""
        known: City | None = cities().get(value) if isinstance(value, str) else None
        return str(known) if known else value
