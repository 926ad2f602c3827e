"""What a client sends about its webhooks, and what it receives."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.api.serializers.fields import Choice, Code, Shape, Text
from portal.api.serializers.queries import PageQuery
from portal.models import Entrega, Webhook
from portal.rules.addresses import LONGEST
from portal.rules.events import EVENTS, TEST
from portal.rules.retries import LONGEST_OVERLAP, OVERLAP

#: How many deliveries may be named at once.
MOST_NAMED = 200
#: What may be told, the client's own tests included; how a webhook that exists may stand.
TOLD = [*EVENTS.items(), (TEST, "Um teste pedido pela própria integração.")]
STANDING = [one for one in Webhook.Situacao.choices if one[0] != Webhook.Situacao.REMOVIDO]
_LIST: dict[str, Any] = {
    "not_a_list": "Envie uma lista, entre colchetes.",
    "empty": "Envie ao menos um, ou deixe o campo fora.",
    "max_length": "Envie no máximo {max_length}.",
    "null": "Este campo não pode ser nulo: deixe-o fora, ou preencha-o.",
}


@extend_schema_field({"type": "string", "pattern": "^msg_[0-9a-f-]{36}$"})
class Identity(Text):
    """A webhook-id."""

    def to_internal_value(self, data: Any) -> Any:
        """The UUID in it."""
        text = super().to_internal_value(data)
        try:
            if not text.startswith("msg_") or len(text) != 40:
                raise ValueError
            return UUID(text.removeprefix("msg_"))
        except ValueError:
            raise serializers.ValidationError("Envie o id da entrega como veio, «msg_» e 36 caracteres.") from None


class WebhookRequest(Shape):
    """Where to tell of what."""

    url = Text(
        max_length=LONGEST,
        help_text="https, porta 443 ou 8443, de um servidor público; sem usuário, senha nem «#»",
    )
    eventos: serializers.ListField = serializers.ListField(
        child=Choice(choices=list(EVENTS.items())),
        required=False,
        allow_empty=False,
        max_length=100,
        error_messages=_LIST,
        help_text="de que avisar; sem isto, de tudo o que existe hoje",
    )


class SecretRequest(Shape):
    """How long the present secret still signs beside the new one."""

    sobreposicao_horas = Code(
        default=OVERLAP,
        min_value=0,
        max_value=LONGEST_OVERLAP,
        help_text="por quantas horas o segredo atual ainda assina junto; 0 o encerra já",
    )


class ReplayRequest(Shape):
    """Which deliveries to send again."""

    entregas: serializers.ListField = serializers.ListField(
        child=Identity(),
        required=False,
        allow_empty=False,
        max_length=MOST_NAMED,
        error_messages=_LIST,
        help_text="quais, pelo id; sem isto, todas as que falharam",
    )


class DeliveriesQuery(PageQuery):
    """A page of deliveries."""

    situacao = Choice(choices=Entrega.Situacao.choices, required=False, help_text="só as que estão assim")


class WebhookAnswer(serializers.Serializer[Any]):
    """A webhook, without its secret."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    eventos = serializers.ListField(child=serializers.ChoiceField(choices=list(EVENTS.items())))
    situacao = serializers.ChoiceField(choices=STANDING)
    motivo = serializers.CharField(help_text="por que está desativado")
    criado_em = serializers.DateTimeField()
    segredo_anterior_ate = serializers.DateTimeField(
        allow_null=True, help_text="até quando o segredo anterior assina junto"
    )
    pendentes = serializers.IntegerField(help_text="entregas à espera ou em envio")
    falhadas = serializers.IntegerField(help_text="entregas que falharam e esperam um reenvio")


class WebhookSecretAnswer(WebhookAnswer):
    """The same with a secret just made."""

    segredo = serializers.CharField(help_text="«whsec_…», mostrado só agora; com ele se confere cada aviso")


class DeliveryAnswer(serializers.Serializer[Any]):
    """One delivery and how it went."""

    id = serializers.CharField(help_text="o webhook-id, o mesmo em toda tentativa")
    tipo = serializers.ChoiceField(choices=TOLD)
    protocolo = serializers.CharField(allow_null=True)
    sequencia = serializers.IntegerField(allow_null=True)
    ocorrido_em = serializers.DateTimeField()
    situacao = serializers.ChoiceField(choices=Entrega.Situacao.choices)
    motivo = serializers.CharField(help_text="por que falhou ou foi cancelada")
    tentativas = serializers.IntegerField()
    ultima_tentativa_em = serializers.DateTimeField(allow_null=True)
    resposta = serializers.CharField(help_text="o que se viu na última tentativa; o corpo da resposta não é lido")
    proxima_tentativa_em = serializers.DateTimeField(allow_null=True, help_text="nulo onde não há outra")
    concluida_em = serializers.DateTimeField(allow_null=True)


class ReplayAnswer(serializers.Serializer[Any]):
    """How many are sent again."""

    reenviadas = serializers.IntegerField()


class ToldAnswer(serializers.Serializer[Any]):
    """What a webhook's subject is."""

    protocolo = serializers.CharField(allow_null=True)
    sequencia = serializers.IntegerField(
        allow_null=True, help_text="o número do acontecimento em «andamentos»; nulo em documentos e testes"
    )
    recurso = serializers.URLField(help_text="onde ler, com o token da integração")


class EventAnswer(serializers.Serializer[Any]):
    """What is sent to a webhook, in the envelope of Standard Webhooks."""

    type = serializers.ChoiceField(choices=TOLD)
    timestamp = serializers.DateTimeField(help_text="quando aconteceu")
    data = ToldAnswer()  # type: ignore[assignment]  # the standard's name, which the library has as well
