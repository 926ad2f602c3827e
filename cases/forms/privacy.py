"""Forms of the encarregado's pages."""

from __future__ import annotations

from django import forms

from accounts.models import User
from cases.filters import DateInput
from cases.models import SolicitacaoDoTitular, Tipo
from cases.rules.privacy import ANSWER_SOURCE
from listing.order import by_name


class FindPersonForm(forms.Form):
    """A person by CPF; sent by POST, so that the CPF stands in no address."""

    cpf = forms.CharField(label="CPF da pessoa", max_length=18)


class ReadingsForm(forms.Form):
    """Which readings to show."""

    leitor = forms.ModelChoiceField(
        User.objects.order_by(by_name("nome")), label="Quem leu", required=False, empty_label="Todos"
    )
    de = forms.DateField(label="De", required=False, widget=DateInput())
    ate = forms.DateField(label="Até", required=False, widget=DateInput())
    pessoa = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)


class RequestForm(forms.Form):
    """What a person asks about their own data."""

    solicitante = forms.CharField(label="Quem pede", max_length=160)
    cpf = forms.CharField(
        label="CPF", max_length=18, required=False, help_text="Liga o pedido ao cadastro, se a pessoa tem um."
    )
    pedido = forms.ChoiceField(label="O que pede", choices=[("", "Escolha"), *SolicitacaoDoTitular.Pedido.choices])
    texto = forms.CharField(label="Nas palavras dela", max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))
    recebida_em = forms.DateField(label="Recebida em", widget=DateInput())
    responder_ate = forms.DateField(
        label="Responder até", widget=DateInput(), required=False, help_text=f"Em branco: {ANSWER_SOURCE}."
    )


class AnswerRequestForm(forms.Form):
    """What was answered."""

    resposta = forms.CharField(label="Resposta", max_length=8000, widget=forms.Textarea(attrs={"rows": 4}))


class RetentionForm(forms.Form):
    """For how long the cases of one tipo name their consumer."""

    tipo = forms.ChoiceField(label="Tipo", choices=Tipo.choices)
    anos = forms.IntegerField(label="Anos depois do encerramento", min_value=1, max_value=100)
    fonte = forms.CharField(label="Norma", max_length=200)
