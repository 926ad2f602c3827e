"""What a client sends."""

from __future__ import annotations

from typing import Any

from django.core.validators import EmailValidator, RegexValidator
from rest_framework import serializers

from cases.models import Canal, Tipo
from parties.identifiers import clean_cep, clean_cnpj, clean_cpf
from portal.api.serializers.fields import Choice, Cleaned, Code, Day, Money, Shape, Text

LONGEST_TEXT = 20_000
MOST_SUPPLIERS = 20


class AddressRequest(Shape):
    """Where the consumer lives. The Procon serves the residents of its city."""

    cep = Cleaned(clean_cep, required=False, max_length=12, help_text="8 números, com ou sem hífen")
    logradouro = Text(required=False, max_length=160)
    numero = Text(required=False, max_length=20)
    complemento = Text(required=False, max_length=80)
    bairro = Text(required=False, max_length=80)
    municipio = Text(
        required=False, help_text="código IBGE", validators=[RegexValidator("^[0-9]{7}$", "São 7 números, do IBGE.")]
    )
    uf = Text(
        required=False,
        validators=[RegexValidator("^[A-Z]{2}$", "São as duas letras maiúsculas do estado, como em «SP».")],
    )


class ContactRequest(Shape):
    """How to reach the consumer. What is left out stays as it is."""

    email = Text(
        required=False,
        max_length=254,
        validators=[EmailValidator("E-mail inválido. Escreva como em «ana@example.org».")],
    )
    telefone = Text(required=False, max_length=30, help_text="com DDD; +55 é opcional")
    endereco = AddressRequest(required=False)


class ConsumerRequest(ContactRequest):
    """Who complains. A person is known by CPF; without one, each registration is a new person."""

    nome = Text(max_length=160)
    cpf = Cleaned(clean_cpf, required=False, allow_null=True, max_length=20, help_text="com ou sem máscara")
    nascimento = Day(required=False, allow_null=True)


class SupplierRequest(Shape):
    """Against whom: by CNPJ, by name, or both. An unknown one is created and marked for completion."""

    cnpj = Cleaned(
        clean_cnpj,
        required=False,
        allow_null=True,
        max_length=24,
        help_text="com ou sem máscara; letras são aceitas nas doze primeiras posições",
    )
    nome = Text(required=False, max_length=200)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """One of the two is needed."""
        if not attrs.get("cnpj") and not attrs.get("nome"):
            raise serializers.ValidationError("Informe o CNPJ ou o nome do fornecedor.")
        return attrs


class RegisterRequest(Shape):
    """A complaint."""

    tipo = Choice(choices=Tipo.choices, help_text="o que se pede ao Procon")
    canal = Choice(choices=Canal.choices, default=Canal.PORTAL, help_text="como a pessoa chegou")
    unidade = Text(
        required=False,
        max_length=10,
        help_text="código da unidade (veja /unidades/); sem isto, a primeira em que a integração registra",
    )
    consumidor = ConsumerRequest(required=False, allow_null=True)
    fornecedores: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=SupplierRequest(), required=False, max_length=MOST_SUPPLIERS
    )
    assunto = Code(required=False, allow_null=True, min_value=0, max_value=2**31 - 1, help_text="veja /assuntos/")
    problema = Text(
        required=False, allow_null=True, max_length=200, help_text="a descrição, como em /problemas/?assunto="
    )
    relato = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="o que aconteceu")
    pedido = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="o que o consumidor quer")
    valor = Money(required=False, allow_null=True, help_text="em reais, como texto decimal")
    data_compra = Day(required=False, allow_null=True)
    protocolo_externo = Text(
        required=False, allow_blank=True, max_length=60, help_text="o número deste pedido no sistema de quem envia"
    )


class FollowingRequest(Shape):
    """Protocol and tracking key."""

    protocolo = Text(max_length=40)
    chave = Text(max_length=64)
