"""Shapes: what is accepted, read strictly, and what is answered. They check form; the services check law."""

from portal.api.serializers.answers import (
    AndamentoAnswer,
    AssuntoAnswer,
    CaseAnswer,
    CaseListAnswer,
    FollowingAnswer,
    ProblemaAnswer,
    ProblemAnswer,
    RegisteredAnswer,
    SupplierAnswer,
    TotalAnswer,
    UnidadeAnswer,
)
from portal.api.serializers.queries import (
    CaseListQuery,
    PageQuery,
    ProblemsQuery,
    SearchQuery,
    query_of,
)
from portal.api.serializers.requests import ContactRequest, FollowingRequest, RegisterRequest

__all__ = [
    "AndamentoAnswer",
    "AssuntoAnswer",
    "CaseAnswer",
    "CaseListAnswer",
    "CaseListQuery",
    "ContactRequest",
    "FollowingAnswer",
    "FollowingRequest",
    "PageQuery",
    "ProblemAnswer",
    "ProblemaAnswer",
    "ProblemsQuery",
    "RegisterRequest",
    "RegisteredAnswer",
    "SearchQuery",
    "SupplierAnswer",
    "TotalAnswer",
    "UnidadeAnswer",
    "query_of",
]
