"""The suppliers' answers, and the consumer's word on them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import representation
from portal.api.authentication import caller
from portal.api.etags import etag_of, require_match
from portal.api.examples import MANIFEST
from portal.api.idempotency import Answer, once
from portal.api.pagination import Order, page
from portal.api.queries import answers_of, cases_of, one_of, return_term, whole, with_parties
from portal.api.schema import IDEMPOTENCY_KEY, IF_MATCH_OR_NOT, pages, problems
from portal.api.serializers import ManifestationAnswer, ManifestationRequest, PageQuery, ReplyAnswer, query_of
from portal.api.services import manifest_from_portal
from portal.scopes import ATENDIMENTOS_ESCREVER, ATENDIMENTOS_LER
from workflow.services import log_reading


class ReplyListView(APIView):
    """What the suppliers answered."""

    required_scopes = {"GET": ATENDIMENTOS_LER}

    @extend_schema(
        operation_id="listar_respostas",
        summary="O que os fornecedores responderam, e o que cabe ao consumidor",
        description=(
            "Uma por carta (CIP) respondida. Onde `aguarda_consumidor` é verdadeiro, transmita a palavra dele por "
            "`/manifestacoes/`, com o `id` daqui."
        ),
        parameters=[PageQuery],
        responses={200: pages("Respostas", ReplyAnswer), **problems(400, 401, 403, 404)},
        tags=["Respostas"],
    )
    def get(self, request: Request, protocolo: str) -> Response:
        """A page of answers, oldest letter first."""
        wanted: dict[str, Any] = query_of(PageQuery, request)
        case = one_of(cases_of(caller(request)), protocolo)
        log_reading(by=caller(request), pagina="api_respostas", objeto=case, historico_id=case.historico_id)
        shown = page(
            request,
            answers_of(case),
            Order(("id",)),
            representation.replies(return_term(case)),
            limit=wanted["limite"],
            cursor=wanted.get("cursor", ""),
        )
        return Response(shown)


class ManifestationView(APIView):
    """The consumer's word."""

    required_scopes = {"POST": ATENDIMENTOS_ESCREVER}

    @extend_schema(
        operation_id="manifestar",
        summary="O consumidor aceita ou não a resposta de um fornecedor",
        description=(
            "Uma vez por resposta. Aceita, a carta (CIP) é baixada e, com a última, o caso é encerrado; não aceita, o "
            "caso segue para audiência ou reclamação. De dois pedidos ao mesmo tempo vale o primeiro, e o outro recebe "
            "409. Com `If-Match`, o pedido só vale se o atendimento ainda for o que foi lido. Mande `resposta` sempre "
            "que puder: ela diz sobre o que o consumidor falou."
        ),
        parameters=[IDEMPOTENCY_KEY, IF_MATCH_OR_NOT],
        request=ManifestationRequest,
        responses={201: ManifestationAnswer, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
        examples=MANIFEST,
        tags=["Respostas"],
    )
    def post(self, request: Request, protocolo: str) -> Response:
        """Record the word, and answer how the case stands now."""
        at = timezone.now()  # noqa: TID251  the edge reads the clock
        by = caller(request)
        one_of(cases_of(by), protocolo)
        sent = ManifestationRequest(data=request.data)
        sent.is_valid(raise_exception=True)

        def check() -> None:
            if "If-Match" in request.headers:
                require_match(request, etag_of(representation.whole_case(whole(by, protocolo))))

        def act() -> Answer:
            cip = manifest_from_portal(protocolo=protocolo, by=by, at=at, content=sent.validated_data, check=check)
            case = one_of(with_parties(by), protocolo)
            [reply] = representation.replies(return_term(case))(list(answers_of(case).filter(pk=cip.pk)))
            return Answer(201, {"resposta": reply, "atendimento": representation.situation(case)}, {})

        return once(request, act, at=at).response()
