"""The forms of the register: its publication, a correction request, the answer to it."""

from __future__ import annotations

from typing import Any

from django import forms

from reports.models import Cadastro, LinhaDoCadastro, PedidoDeCorrecao
from reports.register.services.publishing import Gazette

_DAY = {"type": "date", "placeholder": "dd/mm/aaaa"}


class DayField(forms.DateField):
    """A day; the browser sends it as 2026-03-04, a hand types 04/03/2026."""

    input_formats = ["%Y-%m-%d", "%d/%m/%Y"]
    default_error_messages = {"invalid": "Escreva a data como 04/03/2026."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **kwargs)


class SearchForm(forms.Form):
    """What the public looks for in a register, and in which order."""

    q = forms.CharField(label="Fornecedor ou CNPJ", max_length=100, required=False, widget=forms.SearchInput)
    ordem = forms.ChoiceField(
        label="Ordem",
        required=False,
        choices=[("nome", "Nome"), ("nao_atendidas", "Mais não atendidas"), ("total", "Mais reclamações")],
    )


class PublishForm(forms.Form):
    """The gazette's reference; why, where a version stands already."""

    numero = forms.CharField(label="Número do diário oficial", max_length=40)
    data = DayField(label="Data do diário")
    pagina = forms.CharField(label="Página", max_length=20)
    motivo = forms.CharField(
        label="O que foi corrigido, e por quê",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Aparece na página pública, ao lado da nova versão. Não escreva dado pessoal.",
    )

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["motivo"]

    @property
    def gazette(self) -> Gazette:
        """What was typed, as the service takes it."""
        told = self.cleaned_data
        return Gazette(told["numero"], told["data"], told["pagina"])


class RequestForm(forms.Form):
    """A correction request as it came in."""

    especie = forms.ChoiceField(label="O que se pede", choices=PedidoDeCorrecao.Especie.choices)
    linha = forms.ModelChoiceField(
        LinhaDoCadastro.objects.none(),
        label="Fornecedor no cadastro",
        required=False,
        empty_label="Não está no cadastro",
        help_text="Na retificação, a linha que está inexata.",
    )
    de_quem = forms.ChoiceField(label="Quem pede", choices=PedidoDeCorrecao.Parte.choices)
    requerente = forms.CharField(label="Nome de quem pede", max_length=160)
    recebido_em = DayField(label="Recebido em")
    texto = forms.CharField(label="Pedido e fundamentos", max_length=8000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, cadastro: Cadastro, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["linha"].queryset = cadastro.linhas.order_by("ordem")


class AnswerForm(forms.Form):
    """Granted or refused, and why."""

    deferido = forms.TypedChoiceField(
        label="Decisão",
        choices=[("sim", "Deferir: o cadastro será corrigido"), ("nao", "Indeferir: o cadastro fica como está")],
        coerce=lambda value: value == "sim",
        widget=forms.RadioSelect,
    )
    motivo = forms.CharField(label="Motivo", max_length=8000, widget=forms.Textarea(attrs={"rows": 4}))
