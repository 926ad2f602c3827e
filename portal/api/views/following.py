"""Following a case with its protocol and its key, without a token."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import representation
from portal.api.examples import FOLLOW
from portal.api.permissions import PUBLIC
from portal.api.problems import Problem
from portal.api.queries import told_events
from portal.api.schema import problems
from portal.api.serializers import FollowingAnswer, FollowingRequest
from portal.api.throttling import FollowingThrottle
from portal.api.words import SENTENCES
from portal.services import case_by_key

NEWEST = 50


class FollowingView(APIView):
    """How a case stands, for whoever holds its key."""

    required_scopes = {"POST": PUBLIC}
    throttle_classes = [FollowingThrottle]

    @extend_schema(
        operation_id="acompanhar",
        summary="O status de um atendimento, com protocolo e chave",
        description="Chave errada e protocolo que não existe têm a mesma resposta. Poucos pedidos por minuto.",
        request=FollowingRequest,
        examples=FOLLOW,
        responses={200: FollowingAnswer, **problems(400, 404, 413, 415)},
        auth=[],
        tags=["Acompanhamento"],
    )
    def post(self, request: Request) -> Response:
        """The case's status; a wrong key and an unknown protocol are one 404, after the same work."""
        sent = FollowingRequest(data=request.data)
        sent.is_valid(raise_exception=True)
        case = case_by_key(**sent.validated_data)
        if case is None:
            raise Problem(404, "Não há atendimento com este protocolo e esta chave. Confira os dois, como foram dados.")
        newest = list(told_events(case, SENTENCES).order_by("-sequencia")[:NEWEST])
        return Response(representation.followed(case, newest[::-1]))
