"""The published register for other programs, without a token: GET /api/v1/cadastro/{ano}/."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from listing.pages import Page, keyset_page
from reports.api import Malformed, problems, refuse_unknown
from reports.register.exports import head, public_rows
from reports.register.services import published
from reports.register.services.published import read_year

DEFAULT, LARGEST = 50, 200


class ProblemRow(serializers.Serializer[Any]):
    """What was complained of."""

    area = serializers.CharField()
    assunto = serializers.CharField()
    problema = serializers.CharField(allow_blank=True)
    total = serializers.IntegerField(min_value=1)


class SupplierRow(serializers.Serializer[Any]):
    """A supplier in the register."""

    razao_social = serializers.CharField(help_text="PESSOA FÍSICA onde o fornecedor não é nomeado")
    cnpj = serializers.CharField(allow_null=True, help_text="14 posições sem máscara; nulo onde não é divulgado")
    pessoa_fisica = serializers.BooleanField()
    nome_fantasia = serializers.CharField(allow_blank=True)
    atendidas = serializers.IntegerField(min_value=0)
    nao_atendidas = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(min_value=1)
    problemas = ProblemRow(many=True)


class GazetteRow(serializers.Serializer[Any]):
    """The official gazette."""

    numero = serializers.CharField()
    data = serializers.DateField()  # type: ignore[assignment]  # the base class has a property of this name
    pagina = serializers.CharField()


class ReplacedRow(serializers.Serializer[Any]):
    """The version that this one replaces."""

    versao = serializers.IntegerField(min_value=1)
    diario = GazetteRow()


class TotalsRow(serializers.Serializer[Any]):
    """Of the whole register, whatever the page."""

    fornecedores = serializers.IntegerField(min_value=0)
    atendidas = serializers.IntegerField(min_value=0)
    nao_atendidas = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(min_value=0)


class RegisterAnswer(serializers.Serializer[Any]):
    """A page of the register."""

    ano = serializers.IntegerField()
    situacao = serializers.ChoiceField(choices=[("publicado", "publicado")])
    versao = serializers.IntegerField(min_value=1)
    diario = GazetteRow()
    publicado_em = serializers.DateTimeField()
    substitui = ReplacedRow(allow_null=True)
    motivo = serializers.CharField(allow_blank=True, help_text="por que foi republicado")
    sha256 = serializers.CharField(help_text="resumo da versão como foi publicada")
    totais = TotalsRow()
    next = serializers.URLField(allow_null=True, help_text="endereço da página vizinha; nulo onde não há")
    previous = serializers.URLField(allow_null=True, help_text="endereço da página vizinha; nulo onde não há")
    results = SupplierRow(many=True)


class RegisterView(APIView):
    """The year's register, in pages by name."""

    required_scopes = {"GET": ""}

    @extend_schema(
        operation_id="ler_cadastro",
        summary="Cadastro de Reclamações Fundamentadas de um ano, como foi publicado",
        parameters=[
            OpenApiParameter("ano", str, OpenApiParameter.PATH, description="o ano, como em 2023"),
            OpenApiParameter("limite", int, description=f"linhas por página, de 1 a {LARGEST}; {DEFAULT} se omitido"),
            OpenApiParameter("depois", str, description="cursor, como veio em «next»"),
            OpenApiParameter("antes", str, description="cursor, como veio em «previous»"),
        ],
        responses={
            200: RegisterAnswer,
            **problems(400, 404, 406, 429),
        },
        auth=[],
        tags=["Cadastro"],
    )
    def get(self, request: Request, ano: str) -> Response:
        """One page; 404 where the year was not published or is no longer public."""
        today = timezone.localdate()
        version = published.public(read_year(ano, today=today), today=today)
        limit = _limit(request.query_params)
        lines = published.shown_lines(version, today=today)
        page = keyset_page(lines, ("ordem",), request.query_params, size=limit)
        return Response(
            {
                **head(version.ano, version),
                "totais": published.totals(version, today=today),
                "next": _link(request, page, "depois"),
                "previous": _link(request, page, "antes"),
                "results": [row.as_json() for row in public_rows(page.rows, today=today)],
            }
        )


def _limit(query: Any) -> int:
    refuse_unknown(query, "limite", "depois", "antes")
    text = query.get("limite", str(DEFAULT))
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LARGEST:
        return int(text)
    sentence = f"Escreva um número de 1 a {LARGEST}."
    raise Malformed(sentence, errors={"limite": sentence})


def _link(request: Request, page: Page, side: str) -> str | None:
    cursor = page.next if side == "depois" else page.previous
    if cursor is None:
        return None
    query = {name: value for name, value in request.query_params.items() if name not in ("depois", "antes")}
    return request.build_absolute_uri(f"{request.path}?{urlencode({**query, side: cursor})}")
