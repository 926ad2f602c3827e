"""Shapes of hearings and free times: what is asked for, what is sent, what is answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hearings.models import Audiencia
from hearings.services import MOST_WISHES
from portal.api.serializers.answers import SupplierAnswer
from portal.api.serializers.fields import Choice, Day, Shape, Text
from portal.api.serializers.queries import Moment, PageQuery

#: Free times are looked for in so many days at once, and in so many unless told otherwise.
LONGEST_PERIOD, USUAL_PERIOD = 62, 31


class FreeTimesQuery(PageQuery):
    """Free times of one unidade. Both days are included."""

    de = Day(required=False, help_text="primeiro dia; sem isto, hoje")
    ate = Day(required=False, help_text=f"último dia, até {LONGEST_PERIOD} dias de «de»; sem isto, um mês depois")
    modalidade = Choice(
        choices=Audiencia.Modalidade.choices, default=Audiencia.Modalidade.PRESENCIAL, help_text="como as partes vêm"
    )
    unidade = Text(required=False, max_length=10, help_text="código da unidade (veja /unidades/); sem isto, a primeira")


def period(wanted: dict[str, Any], *, today: date) -> tuple[date, date]:
    """The first and the last day asked for. Raises ValidationError: past, reversed or too long."""
    first: date = wanted.get("de", today)
    if first < today:
        raise serializers.ValidationError({"de": [f"Este dia já passou. Hoje é {today:%Y-%m-%d}."]})
    last: date = wanted.get("ate", first + timedelta(days=USUAL_PERIOD - 1))
    if last < first:
        raise serializers.ValidationError({"ate": [f"Este dia vem antes do primeiro, {first:%Y-%m-%d}."]})
    if (last - first).days >= LONGEST_PERIOD:
        raise serializers.ValidationError({"ate": [f"O período passa de {LONGEST_PERIOD} dias. Peça por partes."]})
    return first, last


class HearingListQuery(PageQuery):
    """The list of hearings. Both ends of a slice are included; a day counts from midnight to midnight, local time."""

    situacao = Choice(choices=Audiencia.Status.choices, required=False)
    de = Moment(required=False, help_text="que começam a partir deste dia ou momento")
    ate = Moment(required=False, help_text="que começam até este dia (inteiro) ou momento")
    protocolo = Text(required=False, max_length=21, help_text="as de um só atendimento")
    ordem = Choice(choices=[("inicio", "mais próximas primeiro"), ("-inicio", "mais distantes")], default="inicio")
    contar = Choice(choices=[("1", "só o total")], required=False, help_text="com 1, responde só {«total»: n}")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The slice's ends in order, where both are days."""
        start, end = attrs.get("de"), attrs.get("ate")
        if type(start) is date and type(end) is date and start > end:
            raise serializers.ValidationError({"ate": ["Este dia vem antes de «de»."]})
        return attrs


@extend_schema_field({"type": "string", "format": "date-time"})
class Instant(Moment):
    """A moment with its offset: 2026-03-16T10:00:00-03:00."""

    def to_internal_value(self, data: Any) -> Any:
        """The aware datetime."""
        found = super().to_internal_value(data)
        if not isinstance(found, datetime):
            raise serializers.ValidationError("Envie data e hora com fuso, como em «2026-01-15T10:00:00-03:00».")
        return found


class ConfirmRequest(Shape):
    """The consumer comes: nothing else is to be said."""


class MoveRequest(Shape):
    """The consumer asks for another date."""

    motivo = Text(max_length=2000, help_text="por que não pode vir; o Procon lê")
    preferencias: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=Instant(),
        required=False,
        max_length=MOST_WISHES,
        help_text=f"até {MOST_WISHES} horários que prefere, como em /horarios-livres/; não os reserva",
    )


class FreeTimeAnswer(serializers.Serializer[Any]):
    """A free time."""

    inicio = serializers.DateTimeField()
    fim = serializers.DateTimeField()
    modalidade = serializers.ChoiceField(choices=Audiencia.Modalidade.choices)
    unidade = serializers.CharField(help_text="código")


class HearingListAnswer(serializers.Serializer[Any]):
    """A hearing in the list."""

    id = serializers.IntegerField()
    protocolo = serializers.CharField(help_text="do atendimento")
    unidade = serializers.CharField(help_text="código")
    situacao = serializers.ChoiceField(choices=Audiencia.Status.choices)
    resultado = serializers.ChoiceField(
        choices=Audiencia.Resultado.choices, allow_null=True, help_text="nulo enquanto não houver"
    )
    inicio = serializers.DateTimeField()
    fim = serializers.DateTimeField()
    modalidade = serializers.ChoiceField(choices=Audiencia.Modalidade.choices)
    fornecedores = SupplierAnswer(many=True, help_text="os chamados a esta audiência")
    anterior = serializers.IntegerField(allow_null=True, help_text="a audiência cuja data esta substitui")


class PlaceAnswer(serializers.Serializer[Any]):
    """Where one goes."""

    sala = serializers.CharField()
    endereco = serializers.CharField()


class ConfirmationAnswer(serializers.Serializer[Any]):
    """Whether the consumer said that they come."""

    confirmada_em = serializers.DateTimeField(allow_null=True)
    pode_confirmar = serializers.BooleanField()


class MoveAnswer(serializers.Serializer[Any]):
    """A request for another date, and what the office said."""

    motivo = serializers.CharField()
    preferencias = serializers.ListField(child=serializers.DateTimeField())
    pedido_em = serializers.DateTimeField()
    decidido_em = serializers.DateTimeField(allow_null=True)
    atendido = serializers.BooleanField(allow_null=True, help_text="nulo enquanto o Procon não decide")
    resposta = serializers.CharField(help_text="o que o Procon respondeu, ao negar")


class MovingAnswer(serializers.Serializer[Any]):
    """Asking for another date."""

    pedir_ate = serializers.DateTimeField(help_text="até quando se pode pedir outra data")
    pode_pedir = serializers.BooleanField()
    pedidos = MoveAnswer(many=True, help_text="os do consumidor, do mais antigo ao mais novo")


class HearingAnswer(HearingListAnswer):
    """A hearing, in words for its consumer."""

    situacao_descricao = serializers.CharField()
    descricao = serializers.CharField(help_text="como ela está, em palavras para o consumidor")
    local = PlaceAnswer(allow_null=True, help_text="nulo em audiência virtual")
    link = serializers.CharField(allow_null=True, help_text="da sala virtual; nulo em audiência presencial")
    levar = serializers.CharField(help_text="o que o consumidor traz")
    tolerancia_minutos = serializers.IntegerField(help_text="quanto se espera por quem se atrasa")
    seguinte = serializers.IntegerField(allow_null=True, help_text="a audiência que substitui esta data")
    confirmacao = ConfirmationAnswer()
    remarcacao = MovingAnswer()


#: What the description shows; a test holds each to its shape.
FREE_TIME_EXAMPLE = {
    "inicio": "2026-03-16T09:00:00-03:00",
    "fim": "2026-03-16T09:30:00-03:00",
    "modalidade": "presencial",
    "unidade": "35.001.001",
}
MOVE_EXAMPLE = {
    "motivo": "Nesse dia tenho consulta médica.",
    "preferencias": ["2040-03-20T10:00:00-03:00", "2040-03-20T14:30:00-03:00"],
}
HEARING_ROW_EXAMPLE = {
    "id": 7,
    "protocolo": "35.001.001.26-0000001",
    "unidade": "35.001.001",
    "situacao": "confirmada",
    "resultado": None,
    "inicio": "2026-03-16T10:00:00-03:00",
    "fim": "2026-03-16T10:30:00-03:00",
    "modalidade": "hibrida",
    "fornecedores": [
        {
            "cnpj": "02558157000162",
            "radical": "02558157",
            "nome": "Loja Modelo",
            "razao_social": "Loja Modelo Ltda",
        }
    ],
    "anterior": None,
}
HEARING_EXAMPLE = HEARING_ROW_EXAMPLE | {
    "situacao_descricao": "Confirmada",
    "descricao": (
        "A audiência de conciliação é segunda-feira, 16/03/2026, às 10:00 (híbrida). Sua presença está confirmada."
    ),
    "local": {"sala": "Sala 2", "endereco": "Rua do Procon, 100 – Centro"},
    "link": "https://reuniao.example.org/sala-2",
    "levar": "documento com foto (RG ou CPF) e os papéis da reclamação",
    "tolerancia_minutos": 15,
    "seguinte": None,
    "confirmacao": {"confirmada_em": "2026-03-05T08:12:00-03:00", "pode_confirmar": False},
    "remarcacao": {
        "pedir_ate": "2026-03-16T10:00:00-03:00",
        "pode_pedir": False,
        "pedidos": [
            MOVE_EXAMPLE
            | {
                "pedido_em": "2026-03-06T09:00:00-03:00",
                "decidido_em": None,
                "atendido": None,
                "resposta": "",
            }
        ],
    },
}


def page_of(row: dict[str, Any]) -> dict[str, Any]:
    """A page with one row, as an example."""
    return {"next": None, "previous": None, "results": [row]}
