"""Attachments, the suppliers' answers and the consumer's word on them, documents: what is sent and what is answered."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

from cases.models import CIP, Anexo, Atendimento, Desfecho
from documents.models import Documento
from portal.api.serializers.answers import SupplierAnswer
from portal.api.serializers.fields import Choice, Code, Shape, Text
from portal.api.serializers.requests import LONGEST_TEXT


class SentFile(serializers.FileField):
    """A file with a name; its content is the services' affair."""

    default_error_messages = {"required": "Envie o arquivo neste campo, com o seu nome (filename)."}

    def to_internal_value(self, data: Any) -> UploadedFile[Any]:
        """The file as it came."""
        if not isinstance(data, UploadedFile):
            raise serializers.ValidationError("Envie um arquivo, com o seu nome (filename), e não um texto.")
        return data


class YesOrNo(serializers.BooleanField):
    """true or false; neither text nor a number is taken for one of them."""

    default_error_messages = {
        "required": "Este campo é obrigatório.",
        "null": "Envie true ou false, sem aspas.",
    }

    def to_internal_value(self, data: Any) -> bool:
        """The value."""
        if not isinstance(data, bool):
            raise serializers.ValidationError("Envie true ou false, sem aspas.")
        return data


class AttachmentRequest(Shape):
    """A paper or photograph of the consumer."""

    arquivo = SentFile(help_text="PDF, JPEG, PNG ou WebP; o tipo é o que o conteúdo mostra, não o declarado")
    descricao = Text(required=False, allow_blank=True, max_length=200, help_text="o que é, como em «nota fiscal»")


class AttachmentQuery(Shape):
    """How a file is asked for."""

    aceitar_sem_verificacao = Choice(
        choices=[("1", "sim")], required=False, help_text="com 1, entrega também o que antivírus nenhum verificou"
    )


class AttachmentAnswer(serializers.Serializer[Any]):
    """A paper or photograph of the consumer; the file itself is read at its own address."""

    id = serializers.IntegerField()
    nome = serializers.CharField(help_text="sem pastas nem sinais que enganem, com a terminação do tipo")
    descricao = serializers.CharField()
    tipo = serializers.CharField(help_text="o que o conteúdo mostra, como em image/jpeg")
    tamanho = serializers.IntegerField(help_text="em bytes, como foi guardado")
    situacao = serializers.ChoiceField(choices=Anexo.Situacao.choices)
    situacao_descricao = serializers.CharField()
    enviado_em = serializers.DateTimeField()


class WordAnswer(serializers.Serializer[Any]):
    """What the consumer said of a supplier's answer."""

    aceita = serializers.BooleanField()
    texto = serializers.CharField()
    quando = serializers.DateTimeField()


class ReplyAnswer(serializers.Serializer[Any]):
    """A supplier's answer to the office's letter."""

    id = serializers.IntegerField()
    fornecedor = SupplierAnswer()
    respondida_em = serializers.DateTimeField()
    especie = serializers.ChoiceField(choices=CIP.Especie.choices)
    especie_descricao = serializers.CharField()
    resposta = serializers.CharField(help_text="o que o fornecedor escreveu")
    proposta = serializers.CharField(help_text="o que o fornecedor propõe, quando propõe")
    descricao = serializers.CharField(help_text="o que houve e o que fazer, em palavras para o consumidor")
    aguarda_consumidor = serializers.BooleanField(help_text="se ainda cabe manifestação sobre esta resposta")
    pode_aceitar = serializers.BooleanField(help_text="falso para uma recusa, em que não há o que aceitar")
    manifestar_ate = serializers.DateField(allow_null=True, help_text="último dia; nulo onde prazo nenhum corre")
    manifestacao = WordAnswer(allow_null=True)


class ManifestationRequest(Shape):
    """The consumer's word on a supplier's answer."""

    aceita = YesOrNo(help_text="se o consumidor aceita a resposta do fornecedor")
    resposta = Code(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="o `id` em /respostas/; dispensável quando uma só aguarda o consumidor",
    )
    texto = Text(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="obrigatório quando não aceita: por quê"
    )


class SituationAnswer(serializers.Serializer[Any]):
    """How the case stands now."""

    protocolo = serializers.CharField()
    status = serializers.ChoiceField(choices=Atendimento.Status.choices)
    status_descricao = serializers.CharField()
    desfecho = serializers.ChoiceField(choices=Desfecho.choices, allow_null=True)
    encerrado_em = serializers.DateTimeField(allow_null=True)


class ManifestationAnswer(serializers.Serializer[Any]):
    """The word as it was recorded, the answer that it is about, and how the case stands now."""

    resposta = ReplyAnswer()
    atendimento = SituationAnswer()


class DocumentAnswer(serializers.Serializer[Any]):
    """A letter of the case that the consumer may read; the PDF is read at its own address."""

    id = serializers.CharField(help_text="o código de conferência, impresso no documento")
    tipo = serializers.ChoiceField(choices=Documento.Tipo.choices)
    tipo_descricao = serializers.CharField()
    titulo = serializers.CharField()
    emitido_em = serializers.DateTimeField()
    tamanho = serializers.IntegerField(help_text="em bytes")
    sha256 = serializers.CharField(help_text="do PDF")
    substituido_por = serializers.CharField(allow_null=True, help_text="o `id` do que ocupou o lugar deste")
