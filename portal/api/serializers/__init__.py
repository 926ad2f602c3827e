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
from portal.api.serializers.papers import (
    AttachmentAnswer,
    AttachmentQuery,
    AttachmentRequest,
    DocumentAnswer,
    ManifestationAnswer,
    ManifestationRequest,
    ReplyAnswer,
)
from portal.api.serializers.queries import (
    CaseListQuery,
    PageQuery,
    ProblemsQuery,
    SearchQuery,
    body_of,
    query_of,
)
from portal.api.serializers.requests import ContactRequest, FollowingRequest, RegisterRequest

__all__ = [
    "AndamentoAnswer",
    "AssuntoAnswer",
    "AttachmentAnswer",
    "AttachmentQuery",
    "AttachmentRequest",
    "CaseAnswer",
    "CaseListAnswer",
    "CaseListQuery",
    "ContactRequest",
    "DocumentAnswer",
    "FollowingAnswer",
    "FollowingRequest",
    "ManifestationAnswer",
    "ManifestationRequest",
    "PageQuery",
    "ProblemAnswer",
    "ProblemaAnswer",
    "ProblemsQuery",
    "RegisterRequest",
    "RegisteredAnswer",
    "ReplyAnswer",
    "SearchQuery",
    "SupplierAnswer",
    "TotalAnswer",
    "UnidadeAnswer",
    "body_of",
    "query_of",
]
