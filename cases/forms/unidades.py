"""A service post as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Unidade
from cases.rules.domicile import cities, city_named


class UnidadeForm(forms.Form):
    """What is said of a service post, but its code."""

    nome = forms.CharField(label="Nome", max_length=120, help_text="Como «Procon Centro».")
    municipio = forms.CharField(
        label="Município atendido", max_length=120, help_text="De quem mora fora dele, o balcão pergunta o motivo."
    )
    endereco = forms.CharField(
        label="Endereço", max_length=200, required=False, help_text="Vazio, vale o do Procon, que está no rodapé."
    )
    telefone = forms.CharField(label="Telefone", max_length=40, required=False, help_text="Vazio, vale o do Procon.")
    email = forms.EmailField(label="E-mail", required=False)
    abre_as = forms.TimeField(label="Abre às", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    fecha_as = forms.TimeField(label="Fecha às", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def clean_municipio(self) -> str:
        """By name, with or without its state, or by code; kept by IBGE's code."""
        found = city_named(self.cleaned_data["municipio"].strip())
        if found is None:
            raise forms.ValidationError("Município desconhecido. Escreva o nome e a UF, como «Suzano (SP)».")
        return found.code


class NewUnidadeForm(UnidadeForm):
    """A new service post."""

    codigo = forms.CharField(
        label="Código",
        max_length=10,
        validators=Unidade._meta.get_field("codigo").validators[:1],
        help_text="UF IBGE . Procon . unidade, como 35.001.002. Começa todo protocolo daqui, e não muda depois.",
    )
    field_order = ["nome", "codigo"]


def initial_of(unidade: Unidade) -> dict[str, Any]:
    """The unidade as its form shows it."""
    names = ("nome", "endereco", "telefone", "email", "abre_as", "fecha_as")
    city = cities().get(unidade.municipio)
    return {name: getattr(unidade, name) for name in names} | {"municipio": str(city or unidade.municipio)}
