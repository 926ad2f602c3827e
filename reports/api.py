"""The balance for other programs: GET /api/v1/estatisticas/{ano}/."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reports.balance import balance
from reports.period import read_period
from workflow.errors import ContentRefused, Refusal

SCOPE = "estatisticas:ler"
#: What portal/api/problems.py makes of every refusal; its shape is described there.
_TITLES = {
    400: "Pedido malformado",
    401: "Sem token válido",
    403: "Escopo que falta",
    404: "Não encontrado",
    406: "Formato não oferecido",
    429: "Pedidos demais",
}


class Malformed(Refusal):
    """A parameter that is not what it should be (HTTP 400)."""

    status_code = 400


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The errors of an address, as its description lists them."""
    shape = {"$ref": "#/components/schemas/Erro"}
    return {
        (status, "application/problem+json"): OpenApiResponse(shape, description=_TITLES[status]) for status in statuses
    }


def refuse_unknown(query: Any, *known: str) -> None:
    """Raise Malformed where a parameter came that nobody reads."""
    if unknown := set(query) - {*known, "format"}:
        sentence = "Parâmetro desconhecido. Veja em /api/v1/docs/ os que há."
        raise Malformed(sentence, errors={name[:40]: sentence for name in sorted(unknown)})


class PeriodRow(serializers.Serializer[Any]):
    """What the totals are about."""

    ano = serializers.IntegerField()
    mes = serializers.IntegerField(allow_null=True)


class CasesRow(serializers.Serializer[Any]):
    """Atendimentos opened."""

    total = serializers.IntegerField(min_value=0)
    por_tipo = serializers.DictField(child=serializers.IntegerField(min_value=0))
    por_canal = serializers.DictField(child=serializers.IntegerField(min_value=0))


class PreliminaryRow(serializers.Serializer[Any]):
    """Atendimentos preliminares."""

    abertos = serializers.IntegerField(min_value=0)
    resolvidos = serializers.IntegerField(min_value=0)


class LettersRow(serializers.Serializer[Any]):
    """CIPs."""

    emitidas = serializers.IntegerField(min_value=0)
    por_resultado = serializers.DictField(child=serializers.IntegerField(min_value=0))
    em_andamento = serializers.IntegerField(min_value=0)


class HearingsRow(serializers.Serializer[Any]):
    """Hearings by their date."""

    agendadas = serializers.IntegerField(min_value=0)
    realizadas = serializers.IntegerField(min_value=0)
    por_resultado = serializers.DictField(child=serializers.IntegerField(min_value=0))


class ComplaintsRow(serializers.Serializer[Any]):
    """Reclamações."""

    instauradas = serializers.IntegerField(min_value=0)
    por_classificacao = serializers.DictField(child=serializers.IntegerField(min_value=0))


class ReferralsRow(serializers.Serializer[Any]):
    """Encaminhamentos."""

    total = serializers.IntegerField(min_value=0)
    por_orgao = serializers.DictField(child=serializers.IntegerField(min_value=0))


class RankedRow(serializers.Serializer[Any]):
    """One of the most complained against."""

    radical = serializers.CharField(allow_blank=True)
    nome = serializers.CharField()
    total = serializers.IntegerField(min_value=1)


class StatisticsAnswer(serializers.Serializer[Any]):
    """The balance of a year or of a month."""

    periodo = PeriodRow()
    atendimentos = CasesRow()
    aps = PreliminaryRow()
    cips = LettersRow()
    audiencias = HearingsRow()
    reclamacoes = ComplaintsRow()
    encaminhamentos = ReferralsRow()
    fornecedores = RankedRow(many=True)
    texto = serializers.CharField(help_text="o parágrafo para a imprensa")


class StatisticsView(APIView):
    """The office's totals of a local year, or of one month of it; no personal data."""

    required_scopes = {"GET": SCOPE}

    @extend_schema(
        operation_id="ler_estatisticas",
        summary="Balanço de um ano ou de um mês",
        parameters=[
            OpenApiParameter("ano", str, OpenApiParameter.PATH, description="o ano, como em 2023"),
            OpenApiParameter("mes", int, description="um mês do ano, de 1 a 12; sem ele, o ano inteiro"),
        ],
        responses={
            200: StatisticsAnswer,
            **problems(400, 401, 403, 404, 406, 429),
        },
        tags=["Estatisticas"],
    )
    def get(self, request: Request, ano: str) -> Response:
        """The balance as `manage.py balanco ANO --formato json` gives it; 404 for a year that has not begun."""
        refuse_unknown(request.query_params, "mes")
        try:
            periodo = read_period(ano, request.query_params.get("mes"), today=timezone.localdate())
        except ContentRefused as refusal:
            if "ano" in refusal.errors:
                raise NotFound(refusal.message) from None
            raise Malformed(refusal.message, errors=refusal.errors) from None
        return Response(balance(periodo).as_json())
