"""What a client receives. Made in portal/api/representation.py; a test keeps the two equal."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases.models import Atendimento, Canal, Desfecho, Tipo


class ProblemAnswer(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="que espécie de problema; o endereço o explica")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="o que houve e o que fazer")
    erros = serializers.DictField(child=serializers.CharField(), help_text="frases por campo; o caminho usa pontos")


class AddressAnswer(serializers.Serializer[Any]):
    """Where the consumer lives."""

    cep = serializers.CharField()
    logradouro = serializers.CharField()
    numero = serializers.CharField()
    complemento = serializers.CharField()
    bairro = serializers.CharField()
    municipio = serializers.CharField()
    uf = serializers.CharField()


class ConsumerAnswer(serializers.Serializer[Any]):
    """Who complains, as this integration declared them; CPF without mask."""

    nome = serializers.CharField()
    cpf = serializers.CharField(allow_null=True)
    nascimento = serializers.DateField(allow_null=True)
    email = serializers.CharField()
    telefone = serializers.CharField()
    endereco = AddressAnswer()


class SupplierAnswer(serializers.Serializer[Any]):
    """A supplier; CNPJ without mask, null where it is not known."""

    cnpj = serializers.CharField(allow_null=True)
    radical = serializers.CharField(allow_null=True)
    nome = serializers.CharField()
    razao_social = serializers.CharField()


class CaseListAnswer(serializers.Serializer[Any]):
    """A case in the list: without the consumer's data."""

    protocolo = serializers.CharField()
    protocolo_externo = serializers.CharField()
    unidade = serializers.CharField(help_text="código")
    tipo = serializers.ChoiceField(choices=Tipo.choices)
    canal = serializers.ChoiceField(choices=Canal.choices)
    status = serializers.ChoiceField(choices=Atendimento.Status.choices)
    desfecho = serializers.ChoiceField(choices=Desfecho.choices, allow_null=True)
    aberto_em = serializers.DateTimeField()
    encerrado_em = serializers.DateTimeField(allow_null=True)
    assunto = serializers.IntegerField(allow_null=True)
    problema = serializers.CharField(allow_null=True)
    fornecedores = SupplierAnswer(many=True)


class CaseAnswer(CaseListAnswer):
    """A case, to the integration that registered it."""

    consumidor = ConsumerAnswer(allow_null=True)
    relato = serializers.CharField()
    pedido = serializers.CharField()
    valor = serializers.CharField(allow_null=True, help_text="reais, texto decimal")
    data_compra = serializers.DateField(allow_null=True)


class RegisteredAnswer(CaseAnswer):
    """A case just registered."""

    chave = serializers.CharField(help_text="chave de acompanhamento, mostrada só agora; entregue-a ao consumidor")


class AndamentoAnswer(serializers.Serializer[Any]):
    """Something that happened."""

    sequencia = serializers.IntegerField()
    quando = serializers.DateTimeField()
    descricao = serializers.CharField(help_text="em palavras para o consumidor")


class FollowingAnswer(serializers.Serializer[Any]):
    """How a case stands, for whoever holds its key: no personal data."""

    protocolo = serializers.CharField()
    tipo = serializers.ChoiceField(choices=Tipo.choices)
    status = serializers.ChoiceField(choices=Atendimento.Status.choices)
    status_descricao = serializers.CharField()
    desfecho = serializers.ChoiceField(choices=Desfecho.choices, allow_null=True)
    aberto_em = serializers.DateTimeField()
    encerrado_em = serializers.DateTimeField(allow_null=True)
    andamentos = AndamentoAnswer(many=True, help_text="os cinquenta mais novos")


class AssuntoAnswer(serializers.Serializer[Any]):
    """What was bought or contracted."""

    codigo = serializers.IntegerField()
    area = serializers.CharField()
    descricao = serializers.CharField()


class ProblemaAnswer(serializers.Serializer[Any]):
    """What went wrong, under one assunto."""

    codigo = serializers.IntegerField(allow_null=True, help_text="código SINDEC neste assunto")
    descricao = serializers.CharField()


class UnidadeAnswer(serializers.Serializer[Any]):
    """A service post."""

    codigo = serializers.CharField()
    nome = serializers.CharField()
    municipio = serializers.CharField(help_text="código IBGE")


class TotalAnswer(serializers.Serializer[Any]):
    """How many there are."""

    total = serializers.IntegerField()
