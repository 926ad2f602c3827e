"""Forms of consumers and suppliers: shape only; the services check the rest."""

from __future__ import annotations

from typing import Any

from django import forms

from parties.identifiers import format_cnpj, format_cpf
from parties.models import Consumidor, Fornecedor, Prioridade, Sexo
from parties.templatetags.identificadores import telefone

ADDRESS = ("cep", "logradouro", "numero", "complemento", "bairro")


def _date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RefusableForm(forms.Form):
    """A form that tells a service's refusal where it belongs."""

    def add_refusal(self, errors: dict[str, str], message: str) -> None:
        """Put a service's refusal at the fields it is about, or above the form."""
        for name, text in errors.items():
            self.add_error(name if name in self.fields else None, text)
        if not errors:
            self.add_error(None, message)


class PartyForm(RefusableForm):
    """What consumers and suppliers have in common."""

    telefone = forms.CharField(label="Telefone", max_length=20, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    cep = forms.CharField(label="CEP", max_length=10, required=False)
    logradouro = forms.CharField(label="Logradouro", max_length=160, required=False)
    numero = forms.CharField(label="Número", max_length=20, required=False)
    complemento = forms.CharField(label="Complemento", max_length=80, required=False)
    bairro = forms.CharField(label="Bairro", max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # other people's data, not the clerk's own


class ConsumidorForm(PartyForm):
    """A consumer's data."""

    nome = forms.CharField(label="Nome completo", max_length=160)
    nome_social = forms.CharField(label="Nome social", max_length=160, required=False)
    cpf = forms.CharField(label="CPF", max_length=18, required=False)
    nascimento = forms.DateField(
        label="Nascimento", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), required=False
    )
    sexo = forms.ChoiceField(label="Sexo", choices=Sexo.choices)
    prioridades = forms.MultipleChoiceField(
        label="Prioridade por lei", choices=Prioridade.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ["nome", "nome_social", "cpf", "nascimento", "sexo", "telefone", "email", *ADDRESS, "prioridades"]

    @staticmethod
    def initial_of(person: Consumidor) -> dict[str, Any]:
        """The person's data as the form shows it."""
        stored = {name: getattr(person, name) for name in ConsumidorForm.base_fields}
        return {**stored, "cpf": format_cpf(person.cpf), "telefone": telefone(person.telefone)}


class FornecedorForm(PartyForm):
    """A supplier's data."""

    razao_social = forms.CharField(label="Razão social", max_length=200)
    nome_fantasia = forms.CharField(label="Nome fantasia", max_length=200, required=False)
    cnpj = forms.CharField(
        label="CNPJ", max_length=20, required=False, help_text="Letras são aceitas nas 12 primeiras."
    )
    field_order = ["razao_social", "nome_fantasia", "cnpj", "telefone", "email", *ADDRESS]

    @staticmethod
    def initial_of(supplier: Fornecedor) -> dict[str, Any]:
        """The supplier's data as the form shows it."""
        stored = {name: getattr(supplier, name) for name in FornecedorForm.base_fields}
        return {**stored, "cnpj": format_cnpj(supplier.cnpj), "telefone": telefone(supplier.telefone)}


class MergeForm(RefusableForm):
    """Who stays, who is the same, and why."""

    sobrevivente = forms.ModelChoiceField(label="Cadastro que fica", queryset=Fornecedor.objects.none())
    outros = forms.ModelMultipleChoiceField(label="São o mesmo", queryset=Fornecedor.objects.none())
    motivo = forms.CharField(
        label="Motivo", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), help_text="Por que são o mesmo."
    )

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sobrevivente", "outros"):
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]


class ReasonForm(RefusableForm):
    """Why something is undone."""

    motivo = forms.CharField(label="Motivo", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class CorrecaoForm(FornecedorForm):
    """A supplier's data, and why it is corrected."""

    motivo = forms.CharField(label="Motivo da correção", max_length=500, required=False)
    field_order = [*FornecedorForm.field_order, "motivo"]


class GrafiaForm(RefusableForm):
    """A name under which a supplier is known."""

    nome = forms.CharField(label="Outra grafia", max_length=200)


class GrupoForm(RefusableForm):
    """The economic group, by its name."""

    nome = forms.CharField(
        label="Grupo econômico",
        max_length=160,
        required=False,
        help_text="Um nome novo cria o grupo; em branco, o fornecedor sai do grupo.",
        widget=forms.TextInput(attrs={"list": "grupos", "autocomplete": "off"}),
    )


class ContatoForm(RefusableForm):
    """Whom to write to at a supplier."""

    nome = forms.CharField(label="Nome", max_length=160)
    cargo = forms.CharField(label="Cargo ou setor", max_length=120, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    telefone = forms.CharField(label="Telefone", max_length=20, required=False)
    recebe_cip = forms.BooleanField(label="Recebe CIP", required=False)
    recebe_audiencia = forms.BooleanField(label="Recebe avisos de audiência", required=False)


class AdesaoForm(RefusableForm):
    """The signed term of electronic CIP."""

    termo = forms.CharField(label="Número do termo ou nome do arquivo", max_length=120)
    assinado_por = forms.CharField(label="Assinado por", max_length=160)
    assinado_em = forms.DateField(
        label="Assinado em", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    vale_ate = forms.DateField(
        label="Vale até",
        required=False,
        widget=_date_input(),
        help_text="Em branco: até que alguém o encerre.",
    )
