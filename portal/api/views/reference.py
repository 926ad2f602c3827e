"""Reference data: what a client needs to fill a form."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from parties.models import Fornecedor
from portal.api import representation
from portal.api.authentication import caller
from portal.api.pagination import Order, page
from portal.api.permissions import ANYBODY_KNOWN
from portal.api.queries import assuntos, problems_of, unidades_of
from portal.api.schema import pages, problems
from portal.api.serializers import (
    AssuntoAnswer,
    PageQuery,
    ProblemaAnswer,
    ProblemsQuery,
    SearchQuery,
    SupplierAnswer,
    UnidadeAnswer,
    query_of,
)


class AssuntoListView(APIView):
    """What was bought or contracted."""

    required_scopes = {"GET": ANYBODY_KNOWN}

    @extend_schema(
        operation_id="listar_assuntos",
        summary="Assuntos em uso",
        parameters=[SearchQuery],
        responses={200: pages("Assuntos", AssuntoAnswer), **problems(400, 401)},
        tags=["Referencias"],
    )
    def get(self, request: Request) -> Response:
        """A page of assuntos by code."""
        wanted = query_of(SearchQuery, request)
        rows, cursor = assuntos(wanted.get("q", "")), wanted.get("cursor", "")
        return Response(
            page(request, rows, Order(("codigo",)), representation.assuntos, limit=wanted["limite"], cursor=cursor)
        )


class ProblemaListView(APIView):
    """What went wrong, under one assunto."""

    required_scopes = {"GET": ANYBODY_KNOWN}

    @extend_schema(
        operation_id="listar_problemas",
        summary="Problemas que cabem em um assunto",
        parameters=[ProblemsQuery],
        responses={200: pages("Problemas", ProblemaAnswer), **problems(400, 401)},
        tags=["Referencias"],
    )
    def get(self, request: Request) -> Response:
        """A page of problems."""
        wanted = query_of(ProblemsQuery, request)
        rows, cursor = problems_of(wanted["assunto"], wanted.get("q", "")), wanted.get("cursor", "")
        return Response(
            page(request, rows, Order(("id",)), representation.problems, limit=wanted["limite"], cursor=cursor)
        )


class FornecedorListView(APIView):
    """Suppliers, by name, spelling or CNPJ."""

    required_scopes = {"GET": ANYBODY_KNOWN}

    @extend_schema(
        operation_id="buscar_fornecedores",
        summary="Busca fornecedores por nome, grafia ou CNPJ",
        description="Sem `q` a lista vem vazia: a busca serve para reconhecer um fornecedor.",
        parameters=[SearchQuery],
        responses={200: pages("Fornecedores", SupplierAnswer), **problems(400, 401)},
        tags=["Referencias"],
    )
    def get(self, request: Request) -> Response:
        """A page of suppliers that match; natural persons are not listed."""
        wanted = query_of(SearchQuery, request)
        rows = Fornecedor.objects.search(wanted.get("q", "")).filter(cpf__isnull=True)
        order, cursor = Order(("razao_social", "id")), wanted.get("cursor", "")
        return Response(page(request, rows, order, representation.suppliers, limit=wanted["limite"], cursor=cursor))


class UnidadeListView(APIView):
    """Service posts."""

    required_scopes = {"GET": ANYBODY_KNOWN}

    @extend_schema(
        operation_id="listar_unidades",
        summary="Unidades em que esta integração registra",
        parameters=[PageQuery],
        responses={200: pages("Unidades", UnidadeAnswer), **problems(400, 401)},
        tags=["Referencias"],
    )
    def get(self, request: Request) -> Response:
        """A page of unidades by code."""
        wanted = query_of(PageQuery, request)
        rows, cursor = unidades_of(caller(request)), wanted.get("cursor", "")
        return Response(
            page(request, rows, Order(("codigo",)), representation.unidades, limit=wanted["limite"], cursor=cursor)
        )
